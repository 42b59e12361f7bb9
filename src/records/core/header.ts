import { SamepageError } from '../../kernel/errors.ts';

/** What Excel can hold. */
export const MOST_COLUMNS = 16_384;

/**
 * Column names from the cells of a header line: NFC, trimmed; one without a name is `column 7`, a repeated one `Phone (2)`.
 * @throws SamepageError `file_rejected` for a header that cannot be one.
 */
export function columnNames(cells: readonly string[]): string[] {
  if (cells.length > MOST_COLUMNS) {
    throw new SamepageError(
      'file_rejected',
      `The header has ${cells.length.toLocaleString('en-US')} columns; at most ${MOST_COLUMNS.toLocaleString('en-US')} are read.`,
      'Export fewer columns, or check the delimiter.',
    );
  }
  const seen = new Set<string>();
  const names: string[] = [];
  for (const [i, cell] of cells.entries()) {
    if (cell.includes('\u0000') || !cell.isWellFormed()) {
      throw new SamepageError(
        'file_rejected',
        `The header's column ${i + 1} holds a byte that is no text.`,
        'Export the file again as CSV UTF-8.',
      );
    }
    const base = cell.normalize('NFC').replace(/\s+/g, ' ').trim().slice(0, 500) || `column ${i + 1}`;
    let name = base;
    for (let n = 2; seen.has(name); n += 1) name = `${base} (${n})`;
    seen.add(name);
    names.push(name);
  }
  // an export may end each line with a delimiter
  while (names.length > 1 && cells[names.length - 1]?.trim() === '') names.pop();
  return names;
}
