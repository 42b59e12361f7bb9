const END = 0x0a;

/**
 * Cuts a stream into lines, without their ends. Pieces are joined once, when their line is whole.
 * @param onTooLong called in place of a line of more than `maxBytes`; nothing is read after that.
 */
export function lineReader(onLine: (line: string) => void, maxBytes: number, onTooLong: () => void): (data: Buffer) => void {
  let pieces: Buffer[] = [];
  let size = 0;
  let stopped = false;
  return (data) => {
    let rest = data;
    while (!stopped) {
      const end = rest.indexOf(END);
      if (end < 0) break;
      const last = rest.subarray(0, end);
      const line = pieces.length === 0 ? last.toString('utf8') : Buffer.concat([...pieces, last]).toString('utf8');
      pieces = [];
      size = 0;
      rest = rest.subarray(end + 1);
      onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
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
