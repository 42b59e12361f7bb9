/**
 * The form of a name that search compares: NFKD without marks, lower case, letters and digits with single spaces.
 * `Müller & Söhne GmbH` → `muller sohne gmbh`.
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
