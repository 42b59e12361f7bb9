import { isUtf8 } from 'node:buffer';
import { detectEncoding, type Encoding } from '../records/core/file-format.ts';
import type { DataFile } from '../records/open-file.ts';

/** What the reader of a report should know of a file that was read so. */
export const NOT_UTF8 = 'The file is not UTF-8; it was read as windows-1252, which older spreadsheets write. --encoding says another.';

/**
 * The encoding of a file of which none was given: what its first bytes show; where they show nothing, UTF-8 if all of it is, else
 * windows-1252. Reads the file once.
 */
export async function fileEncoding(file: DataFile): Promise<Encoding> {
  let rest: Uint8Array | undefined;
  for await (const piece of file.bytes()) {
    if (rest === undefined) {
      const shown = detectEncoding(piece);
      if (shown !== 'utf-8') return shown;
    }
    const bytes: Uint8Array = rest === undefined || rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = lastCharacter(bytes);
    if (!isUtf8(bytes.subarray(0, end))) return 'windows-1252';
    rest = bytes.slice(end);
  }
  return rest === undefined || isUtf8(rest) ? 'utf-8' : 'windows-1252';
}

/** Where a last character of several bytes starts, which may go on in the next piece; else the end. */
function lastCharacter(bytes: Uint8Array): number {
  for (let i = bytes.length - 1; i >= Math.max(0, bytes.length - 4); i -= 1) {
    const byte = bytes[i] as number;
    if (byte >= 0xc0) return i;
    if (byte < 0x80) break;
  }
  return bytes.length;
}
