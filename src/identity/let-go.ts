import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From so many records on it pays. */
const MANY = 200_000;

/**
 * Gives back what reading a large file took and needs no longer. Left to itself the engine keeps it until the next shortage, on top of
 * what comparing takes: 150 MB at a million records.
 */
export function letGo(records: number): void {
  if (records < MANY) return;
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
