import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { SamepageError, shown } from '../kernel/errors.ts';
import { kindByName } from './core/guess-mapping.ts';
import { RECORD_KINDS } from './core/targets.ts';
import { DATA_EXTENSIONS } from './open-file.ts';

/**
 * The files that paths mean: each file itself, and the data files in each folder, those that others refer to first (accounts,
 * then people, opportunities, events), then by name.
 * @throws SamepageError `file_rejected` for a path that is not there or a folder without data files
 */
export async function listDataFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const whole = resolve(path);
    const found = await stat(whole).catch((cause: unknown) => {
      throw new SamepageError('file_rejected', `There is no "${shown(path)}".`, 'Check the path.', { cause });
    });
    files.push(...(found.isDirectory() ? await dataFilesIn(whole) : [whole]));
  }
  return files;
}

async function dataFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && DATA_EXTENSIONS.some((ext) => ext === extname(entry.name).toLowerCase()))
    .map((entry) => entry.name)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw new SamepageError(
    'file_rejected',
    `There is no data file in "${shown(basename(folder))}".`,
    `Data files end in ${DATA_EXTENSIONS.join(', ')}.`,
  );
}

function rank(name: string): number {
  return RECORD_KINDS.indexOf(kindByName(name) ?? 'accounts');
}
