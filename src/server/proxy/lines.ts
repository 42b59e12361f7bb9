const END = 0x0a;

/**
 * Cuts a stream into lines, each with its end, as the bytes they came as: a long one may pass on unread. Pieces are joined once, when
 * their line is whole.
 * @param onTooLong called in place of a line of more than `maxBytes`; nothing is read after that.
 */
export function lineReader(onLine: (line: Buffer) => void, maxBytes: number, onTooLong: () => void): (data: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let stopped = false;
  return (data) => {
    let rest = data;
    while (!stopped) {
      const end = rest.indexOf(END) + 1;
      if (end === 0) break;
      const last = rest.subarray(0, end);
      const line = pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
      pieces = [];
      size = 0;
      rest = rest.subarray(end);
      onLine(line);
    }
    if (stopped || rest.length === 0) return;
    pieces.push(rest);
    size += rest.length;
    if (size <= maxBytes) return;
    stopped = true;
    pieces = [];
    onTooLong();
  };
}

/** The text of a line, without its end. */
export function lineText(line: Buffer): string {
  return line.toString('utf8').replace(/\r?\n$/, '');
}
