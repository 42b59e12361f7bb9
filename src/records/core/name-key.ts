const PLAIN = /^[\0-\x7f]*$/;

/**
 * The form of a name that search compares: NFKD without marks, lower case, letters and digits with single spaces.
 * `Müller & Söhne GmbH` → `muller sohne gmbh`.
 */
export function nameKey(name: string): string {
  // of plain letters there is nothing to decompose
  if (PLAIN.test(name))
    return name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
