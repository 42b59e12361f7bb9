import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where the public sets with their truth lie, when they are there; they are no part of the project. */
export function sharedIdentityData(): string | undefined {
  const folder = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', 'identity');
  return existsSync(folder) ? folder : undefined;
}
