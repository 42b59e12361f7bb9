/** Pieces of Markdown that also reads well as plain text. */

export type Cell = string | number | boolean | null | undefined;

/** One line, without what would break a table cell. */
function cell(value: Cell): string {
  if (value === null || value === undefined || value === '') return '–';
  return String(value).replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
}

/** A Markdown table. An empty one says so. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '(none)';
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export function bullets(items: readonly string[]): string {
  return items.length === 0 ? '(none)' : items.map((item) => `- ${item}`).join('\n');
}

/** Paragraphs with a blank line between; empty ones are left out. */
export function paragraphs(...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n');
}

/** `3 accounts`, `1 account`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? singular : plural}`;
}
