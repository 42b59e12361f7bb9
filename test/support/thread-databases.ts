import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ThreadLimits } from '../../src/db/limited-transaction.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { ThreadedDatabase } from '../../src/db/threaded-database.ts';
import type { Database } from '../../src/kernel/database.ts';
import { makePlace, placeFolder, removePlace } from './places.ts';

/** A statement that takes minutes. */
export const SLOW = 'select count(*) from generate_series(1, 400000000)';

export interface Threads {
  /** A folder of the suite. */
  readonly place: string;
  /** Where the files of the last one that was opened are. */
  readonly directory: string;
  /** Files with an empty table `note (id, body)`, which nobody has open. */
  readonly template: string;
  /** A database in a thread of its own, with an empty table `note (id, body)`. It ends with the test. */
  open(limits?: Partial<ThreadLimits>, nodeArgs?: readonly string[]): Promise<ThreadedDatabase>;
  /** The last one again, whose thread has ended. */
  reopen(nodeArgs: readonly string[]): ThreadedDatabase;
}

/** Gives the tests of a suite embedded databases in threads. */
export function useThreads(): Threads {
  let place = '';
  let count = 0;
  const opened: ThreadedDatabase[] = [];
  const template = () => join(place, 'template', 'database');
  const directory = () => join(place, `copy-${count}`);
  const opening = (limits: Partial<ThreadLimits>, nodeArgs: readonly string[]) => {
    const db = new ThreadedDatabase(directory(), { limits, nodeArgs, unopenable: () => new Error('it does not open') });
    opened.push(db);
    return db;
  };
  beforeAll(async () => {
    place = await makePlace('threads');
    const db = await openPglite(await placeFolder(join(place, 'template')));
    await db.transaction('write', (tx) => tx.query('create table note (id int primary key, body text)'));
    await db.close();
  });
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.abandon();
  });
  afterAll(() => removePlace(place));
  return {
    get place() {
      return place;
    },
    get directory() {
      return directory();
    },
    get template() {
      return template();
    },
    async open(limits = {}, nodeArgs = []) {
      count += 1;
      await cp(template(), directory(), { recursive: true });
      return opening(limits, nodeArgs);
    },
    reopen: (nodeArgs) => opening({}, nodeArgs),
  };
}

export const insert = (db: Database, id: number, body = '') =>
  db.transaction('write', (tx) => tx.query('insert into note values ($1, $2)', [id, body]));

/** The numbers of the notes that are there, in order. */
export const notes = async (db: Database) =>
  (await db.transaction('read', (tx) => tx.query('select id from note order by id'))).map(({ id }) => id);
