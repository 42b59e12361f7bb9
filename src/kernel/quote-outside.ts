/** Outside text within a sentence of ours: in «…», which it cannot close itself. */
export function quoteOutside(text: string): string {
  return `«${text.replaceAll('«', '‹').replaceAll('»', '›')}»`;
}
