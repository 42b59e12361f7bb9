import { SamepageError, shown } from '../kernel/errors.ts';
import type { Greeting } from './owner-protocol.ts';

export const ELSEWHERE = 'point SAMEPAGE_DATA_DIR to another folder';

/** The refusal of a folder that another process has; of one that is too busy to answer only the number is known. */
export function folderInUse(folder: string, holder: Greeting | { pid: number }): SamepageError {
  const who = 'command' in holder ? ` (${shown(holder.command)}, running since ${shown(holder.startedAt)})` : ' (busy just now)';
  return new SamepageError(
    'folder_in_use',
    `The data folder ${shown(folder)} is in use by process ${holder.pid}${who}.`,
    `Stop that process, or ${ELSEWHERE}, or share a PostgreSQL through DATABASE_URL.`,
  );
}

/** What to do of a process that has a folder and does not answer for long. */
export const endOf = (pid: number) =>
  `If it stays so, end it (\`${process.platform === 'win32' ? 'taskkill /F /PID' : 'kill -9'} ${pid}\`)`;
