import { appendFileSync, renameSync, statSync } from 'node:fs';

const MAX_BYTES = 1_000_000;

/** Appends lines to a file that only this user reads. When it has grown large it becomes `….1`, in place of the one before. */
export function fileLines(path: string): (line: string) => void {
  let size = sizeOf(path);
  return (line) => {
    try {
      if (size > MAX_BYTES) {
        renameSync(path, `${path}.1`);
        size = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      size += line.length;
    } catch {
      // a full disk, or a folder that is gone: no reason to fail a call
    }
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
