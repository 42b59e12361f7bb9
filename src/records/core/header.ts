import { SamepageError } from '../../kernel/errors.ts';

/** What Excel can hold. */
export const MOST_COLUMNS = 16_384;

export interface Header {
  /** One for each cell of the header line: NFC, trimmed; one without a name is `column 7`, a repeated one `Phone (2)`. */
  names: string[];
  /** How many there are up to the last that the file names: an export may end each line with delimiters. */
  named: number;
}

/** Names of the columns up to the last that the header line names. @throws SamepageError `file_rejected` */
export function columnNames(cells: readonly string[]): string[] {
  const { names, named } = readHeader(cells);
  return names.slice(0, named);
}

/** Column names from the cells of a header line. @throws SamepageError `file_rejected` for a header that cannot be one. */
export function readHeader(cells: readonly string[]): Header {
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
  return { names, named: Math.max(1, cells.findLastIndex((cell) => cell.trim() !== '') + 1) };
}
