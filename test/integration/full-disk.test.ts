import { describe, expect, it } from 'vitest';
import { databaseOver } from '../../src/db/wire/raw-database.ts';
import type { Database } from '../../src/kernel/database.ts';
import { describeDatabases } from '../support/databases.ts';
import { insert, notes, useThreads } from '../support/thread-databases.ts';

/** As PostgreSQL says it, with the path that it could not extend. */
const raise = (code: string) =>
  `do $$ begin raise exception using errcode = '${code}', message = 'could not extend file "base/5/canary"'; end $$`;

async function told(db: Database, code: string, mode: 'read' | 'write' = 'write'): Promise<unknown> {
  const error: unknown = await db.transaction(mode, (tx) => tx.query(raise(code))).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: expect.not.stringContaining('canary') });
  return error;
}

const FULL = {
  code: 'unavailable',
  message: expect.stringMatching(/disk of the database is full/),
  next: expect.stringContaining('Make room'),
};

describeDatabases('a full disk', (open, dialect) => {
  it('is told as that, and not as an error of ours', async () => {
    expect(await told(await open(), '53100')).toMatchObject(FULL);
  });

  it.runIf(dialect === 'postgres')('so is a server that only reads, to whoever wants to write', async () => {
    const db = await open();
    const standby = db.transaction('write', async (tx) => {
      await tx.query('set transaction read only');
      await tx.query('create table anything (id int)');
    });
    await expect(standby).rejects.toMatchObject({ code: 'unavailable', next: expect.stringContaining('DATABASE_URL') });
    // what reads and writes all the same is our defect
    await expect(db.transaction('read', (tx) => tx.query('create table anything (id int)'))).rejects.toMatchObject({ code: '25006' });
  });
});

describe('a full disk under the thread of an embedded database', () => {
  const threads = useThreads();
  it('is told as that, and the thread goes on', async () => {
    const db = databaseOver(await threads.open());
    await insert(db, 1);
    expect(await told(db, '53100')).toMatchObject(FULL);
    await insert(db, 2);
    expect(await notes(db)).toEqual([1, 2]);
  });
});
