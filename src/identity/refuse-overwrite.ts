import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SamepageError, shown } from '../kernel/errors.ts';

/**
 * Refuses to write over a file that is read, or the same file twice, under whatever name.
 * @param outs flag of the command → the file that it names
 */
export async function refuseOverwrite(reads: readonly string[], outs: Readonly<Record<string, string | undefined>>): Promise<void> {
  const taken = new Set(await Promise.all(reads.map(identityOf)));
  for (const [flag, path] of Object.entries(outs)) {
    if (path === undefined) continue;
    const file = await identityOf(path);
    if (taken.has(file)) {
      const reason = 'is a file that is read, or written already';
      throw new SamepageError('invalid_input', `${flag} "${shown(basename(path))}" ${reason}.`, 'Name another file.', {
        problems: [{ path: flag, value: shown(basename(path)), reason }],
      });
    }
    taken.add(file);
  }
}

/** The same for two paths of one file, through links too. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.ino !== 0 ? `${found.dev}:${found.ino}` : resolve(path);
}
