import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../../config.ts';
import { startThread } from '../../db/database-thread.ts';
import { databaseIn, shownNames, withAddress } from '../../db/folder-address.ts';
import { ask } from '../../db/folder-owner.ts';
import type { StartReport } from '../../db/start-owner.ts';
import { SamepageError } from '../../kernel/errors.ts';
import { reportOnce } from '../stdio.ts';

/**
 * `samepage-mcp owner [FOLDER]`, which proxies and commands start and no person needs to: takes the embedded folder and
 * serves it to all until nobody has used it for a while. Says on stdout, in one line, how taking it went.
 */
export async function runOwner(config: Config, args: readonly string[]): Promise<void> {
  const dataDir = resolve(args[0] ?? config.dataDir);
  // before anything is loaded: of many that are started at once, all but one find that they are not needed
  if (await isOwned(dataDir)) return report({ outcome: 'lost' });
  const database = databaseIn(dataDir);
  // the thread loads its part beside this one, which loads the rest; a new folder has none yet that could be mounted
  const early = existsSync(database) ? startThread(database) : undefined;
  const { claimFolder } = await import('../../db/folder.ts');
  try {
    const folder = await claimFolder(dataDir, { shares: true });
    // whoever started this process may connect already: it waits at the socket
    report({ outcome: 'ready' });
    // from here on the folder is this process's
    early?.open();
    const { serveFolder } = await import('./serve-folder.ts');
    await serveFolder(folder, dataDir, config, early);
  } catch (error) {
    await early?.worker.terminate();
    if (!(error instanceof SamepageError)) throw error;
    const { code, message, next } = error;
    report(code === 'folder_in_use' ? { outcome: 'lost' } : { outcome: 'refused', code, message, next });
  }
}

const report = (outcome: StartReport) => reportOnce(JSON.stringify(outcome));

async function isOwned(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  for (const name of await shownNames(folder)) if ((await withAddress(folder, name, ask)) !== 'dead') return true;
  return false;
}
