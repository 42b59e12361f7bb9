import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { unlessWritten } from '../../src/db/unless-written.ts';
import { databaseOver } from '../../src/db/wire/raw-database.ts';
import type { Database } from '../../src/kernel/database.ts';
import { testContext } from '../support/context.ts';
import { insert, notes, SLOW, useThreads } from '../support/thread-databases.ts';

const threads = useThreads();

describe('the database in a thread', () => {
  it('commits, rolls back, and keeps transactions apart and in their order', async () => {
    const db = databaseOver(await threads.open());
    const first = insert(db, 1);
    const failing = db.transaction('write', async (tx) => {
      await tx.query('insert into note values (2)');
      throw new Error('changed my mind');
    });
    const last = insert(db, 3);
    await first;
    await expect(failing).rejects.toThrow('changed my mind');
    await last;
    expect(await notes(db)).toEqual([1, 3]);
    await expect(db.transaction('read', (tx) => tx.query('insert into note values (4)'))).rejects.toMatchObject({ code: '25006' });
  });

  it('tells an error of the driver by its code, and goes on', async () => {
    const db = databaseOver(await threads.open());
    await insert(db, 1);
    await expect(insert(db, 1)).rejects.toMatchObject({ code: '23505', constraint: 'note_pkey' });
    await insert(db, 2);
    expect(await notes(db)).toEqual([1, 2]);
  });

  it('answers a question again without looking, until something was written', async () => {
    const db = databaseOver(await threads.open());
    const ctx = testContext(db);
    let looks = 0;
    const ask = (question: string, asking = ctx) =>
      unlessWritten(asking, [question], async (tx) => {
        looks += 1;
        return (await tx.query('select id from note order by id')).map(({ id }) => id);
      });
    expect([await ask('a'), await ask('a'), await ask('b')]).toEqual([[], [], []]);
    expect(looks).toBe(2);
    await insert(db, 1);
    expect([await ask('a'), await ask('a')]).toEqual([[1], [1]]);
    expect(looks).toBe(3);
    // what was being read while another wrote is not kept for later
    const overtaken: Database = {
      ...db,
      async transaction(mode, run) {
        const before = await db.transaction(mode, run);
        await insert(db, 2);
        return before;
      },
    };
    expect(await ask('c', { ...ctx, db: overtaken })).toEqual([1]);
    expect(await ask('c')).toEqual([1, 2]);
  });

  it('leaves this thread free while a query runs', async () => {
    const db = databaseOver(await threads.open());
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 5);
    await db.transaction('read', (tx) => tx.query('select count(*) from generate_series(1, 3000000)'));
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
  });

  it('ends a statement that takes too long, keeps nothing of it, and serves those that wait', async () => {
    const thread = await threads.open({ statementMs: 3_000 });
    const db = databaseOver(thread);
    await insert(db, 1);
    const slow = db.transaction('write', async (tx) => {
      await tx.query('insert into note values (2)');
      await tx.query(SLOW);
    });
    const waiting = insert(db, 3);
    await expect(slow).rejects.toMatchObject({ code: 'timed_out', next: expect.stringContaining('Ask for less') });
    await waiting;
    expect(await notes(db)).toEqual([1, 3]);
  });

  it('ends a statement that goes on after its caller has cancelled', async () => {
    const db = databaseOver(await threads.open({ cancelMs: 1_500 }));
    const cancel = new AbortController();
    const slow = db.transaction('read', (tx) => tx.query(SLOW), { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 300);
    await expect(slow).rejects.toMatchObject({ code: 'cancelled' });
    await insert(db, 1);
    // one that was cancelled before, and does not take long, is let finish
    await db.transaction('write', (tx) => tx.query('insert into note values (2)'), { signal: cancel.signal });
    expect(await notes(db)).toEqual([1, 2]);
  });

  it('rolls back a transaction in which nothing is asked for', async () => {
    const db = databaseOver(await threads.open({ silenceMs: 200 }));
    const silent = db.transaction('write', async (tx) => {
      await tx.query('insert into note values (1)');
      await sleep(60_000, undefined, { ref: false });
    });
    const waiting = insert(db, 2);
    await expect(silent).rejects.toMatchObject({ code: 'timed_out' });
    await waiting;
    expect(await notes(db)).toEqual([2]);
  });

  it('says that it does not open, each time it is asked', async () => {
    const thread = await threads.open();
    const db = databaseOver(thread);
    await rm(join(threads.directory, 'global', 'pg_control'));
    await expect(insert(db, 1)).rejects.toThrow('it does not open');
    await cp(join(threads.template, 'global', 'pg_control'), join(threads.directory, 'global', 'pg_control'));
    await insert(db, 1);
    expect(await notes(db)).toEqual([1]);
  });
});
