import { close, fsync, open } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Those that are under way together share a flush of the disk. */
const AT_ONCE = 16;
const onWindows = process.platform === 'win32';

/**
 * Brings every file below a folder to the disk, and the names in every folder.
 * @returns the paths that are there now; on Windows, where a folder cannot be opened, those of the files
 */
export async function syncTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() || (entry.isDirectory() && !onWindows))
    .map((entry) => join(entry.parentPath, entry.name));
  if (!onWindows) paths.push(folder);
  const left = [...paths];
  await Promise.all(Array.from({ length: AT_ONCE }, () => syncEach(left)));
  return paths;
}

/** By callbacks: promises for a thousand small files take longer than the disk. */
function syncEach(left: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const path = left.pop();
      if (path === undefined) return resolve();
      // Windows flushes only what is open for writing
      open(path, onWindows ? 'r+' : 'r', (unopened, fd) => {
        if (unopened !== null) return reject(unopened);
        fsync(fd, (unsynced) => close(fd, (unclosed) => ((unsynced ?? unclosed) ? reject(unsynced ?? unclosed) : next())));
      });
    };
    next();
  });
}
