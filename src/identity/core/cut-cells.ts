/** What a run of lines came to. */
export type Cut = 'row' | 'blank' | 'odd';

const [TAB, CR, SPACE, QUOTE, DELETE] = [0x09, 0x0d, 0x20, 0x22, 0x7f] as const;

/**
 * Cuts one line of a CSV file, given as bytes, into cells without making texts of them.
 * @param bounds takes where each cell starts and ends, blanks around it left out; its length is twice the number of columns
 * @param end of the line, before its line feed
 * @returns `odd` for a line that takes a closer look: with quotes, other than ASCII characters, or more cells than there are columns
 */
export function cutCells(bytes: Uint8Array, start: number, end: number, delimiter: number, bounds: Int32Array): Cut {
  const last = end > start && bytes[end - 1] === CR ? end - 1 : end;
  let cell = 0;
  let isBlank = true;
  let from = start;
  // a blank that ends a cell is not of it
  let filled = start;
  for (let i = start; i < last; i += 1) {
    const byte = bytes[i] as number;
    if (byte === delimiter) {
      if (cell < bounds.length) {
        bounds[cell] = from;
        bounds[cell + 1] = filled;
      } else if (filled > from) return 'odd';
      cell += 2;
      from = i + 1;
      filled = from;
    } else if (byte > SPACE && byte < DELETE && byte !== QUOTE) {
      filled = i + 1;
      isBlank = false;
    } else if (byte === SPACE || byte === TAB) {
      if (from === i) {
        from = i + 1;
        filled = from;
      }
    } else return 'odd';
  }
  if (cell < bounds.length) {
    bounds[cell] = from;
    bounds[cell + 1] = filled;
  } else if (filled > from) return 'odd';
  for (cell += 2; cell < bounds.length; cell += 1) bounds[cell] = last;
  return isBlank ? 'blank' : 'row';
}
