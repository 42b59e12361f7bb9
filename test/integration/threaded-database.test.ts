import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bigint, boolean, date, integer, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ThreadLimits } from '../../src/db/limited-transaction.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { ThreadedDatabase } from '../../src/db/threaded-database.ts';
import { socketChannel } from '../../src/db/wire/channels.ts';
import type { Reply, Request } from '../../src/db/wire/messages.ts';
import { databaseOver } from '../../src/db/wire/raw-database.ts';
import { remoteDatabase } from '../../src/db/wire/remote-database.ts';
import { serveDatabase } from '../../src/db/wire/serve-database.ts';
import { WireClient } from '../../src/db/wire/wire-client.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';

const SLOW = 'select count(*) from generate_series(1, 400000000)';

let folder: string;
let count = 0;
const opened: ThreadedDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samepage-thread-'));
  const db = await openPglite(join(folder, 'template'));
  await db.transaction('write', (tx) => tx.query('create table note (id int primary key, body text)'));
  await db.close();
});
afterEach(async () => {
  for (const db of opened.splice(0)) await db.abandon();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function openThread(limits: Partial<ThreadLimits> = {}, nodeArgs: readonly string[] = []): Promise<ThreadedDatabase> {
  count += 1;
  const dir = join(folder, `copy-${count}`);
  await cp(join(folder, 'template', 'database'), dir, { recursive: true });
  const db = new ThreadedDatabase(dir, { limits, nodeArgs, unopenable: () => new Error('it does not open') });
  opened.push(db);
  return db;
}

const insert = (db: Database, id: number, body = '') =>
  db.transaction('write', (tx) => tx.query('insert into note values ($1, $2)', [id, body]));
const notes = async (db: Database) =>
  (await db.transaction('read', (tx) => tx.query('select id from note order by id'))).map(({ id }) => id);

/** The same database over a socket, as a command has it. */
async function overSocket(db: ThreadedDatabase): Promise<{ remote: Database; socket: Socket; close(): Promise<void> }> {
  const server = createServer((socket) => serveDatabase(socketChannel<Request, Reply>(socket), db));
  const path = join(folder, `s${count}.sock`);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = createConnection(path);
  const client = new WireClient(socketChannel<Reply, Request>(socket), () => new Error('the owner has gone'));
  return {
    remote: databaseOver({ ...remoteDatabase(client), close: async () => {} }),
    socket,
    close: () =>
      new Promise((resolve) => {
        socket.destroy();
        server.close(() => resolve());
      }),
  };
}

describe('the database in a thread', () => {
  it('commits, rolls back, and keeps transactions apart and in their order', async () => {
    const db = databaseOver(await openThread());
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
    const db = databaseOver(await openThread());
    await insert(db, 1);
    await expect(insert(db, 1)).rejects.toMatchObject({ code: '23505', constraint: 'note_pkey' });
    await insert(db, 2);
    expect(await notes(db)).toEqual([1, 2]);
  });

  it('leaves this thread free while a query runs', async () => {
    const db = databaseOver(await openThread());
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 5);
    await db.transaction('read', (tx) => tx.query('select count(*) from generate_series(1, 3000000)'));
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
  });

  it('ends a statement that takes too long, keeps nothing of it, and serves those that wait', async () => {
    const thread = await openThread({ statementMs: 700 });
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
    const db = databaseOver(await openThread({ cancelMs: 100 }));
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
    const db = databaseOver(await openThread({ silenceMs: 200 }));
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
    const thread = await openThread();
    const db = databaseOver(thread);
    await rm(join(folder, `copy-${count}`, 'global', 'pg_control'));
    await expect(insert(db, 1)).rejects.toThrow('it does not open');
    await cp(join(folder, 'template', 'database', 'global', 'pg_control'), join(folder, `copy-${count}`, 'global', 'pg_control'));
    await insert(db, 1);
    expect(await notes(db)).toEqual([1]);
  });

  /** Arguments for a thread in which Node's own file functions are changed before anything uses them. */
  const withFiles = (change: string): string[] => {
    const script = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; ${change}; syncBuiltinESMExports();`;
    return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  };

  it('calls fsync for every commit, before it is answered', async () => {
    const tally = JSON.stringify(join(folder, 'fsyncs'));
    const counting = `
      const { fsync, fsyncSync } = fs;
      const count = () => fs.appendFileSync(${tally}, '.');
      fs.fsync = (fd, done) => fsync(fd, (error) => setTimeout(() => { count(); done(error); }, 20));
      fs.fsyncSync = (fd) => { fsyncSync(fd); count(); };`;
    const db = databaseOver(await openThread({}, withFiles(counting)));
    const sofar = async () => (await readFile(JSON.parse(tally), 'utf8').catch(() => '')).length;
    await insert(db, 0);
    const before = await sofar();
    for (let id = 1; id <= 20; id += 1) {
      const last = await sofar();
      await insert(db, id);
      expect(await sofar()).toBeGreaterThan(last);
    }
    expect((await sofar()) - before).toBeGreaterThanOrEqual(20);
  });

  it('lets others go on while a commit is on its way to the disk, and answers nobody who saw it', async () => {
    const hanging = `fs.fsync = () => {};`;
    const db = databaseOver(await openThread({}, withFiles(hanging)));
    const answered: string[] = [];
    const wrote = insert(db, 1).then(() => answered.push('wrote'));
    let seen: unknown;
    const read = db
      .transaction('read', async (tx) => {
        seen = await tx.query('select id from note');
      })
      .then(() => answered.push('read'));
    while (seen === undefined) await sleep(5);
    expect(seen).toEqual([{ id: 1 }]);
    await sleep(50);
    expect(answered).toEqual([]);
    // pages are written: the log that explains them goes first
    await db.transaction('write', (tx) => tx.query('checkpoint'));
    await Promise.all([wrote, read]);
  });

  it('ends when the disk refuses, having answered nobody, and is opened again', async () => {
    const failing = `
      const { fsync } = fs;
      let left = 3;
      fs.fsync = (fd, done) => (left-- > 0 ? fsync(fd, done) : done(Object.assign(new Error('EIO'), { code: 'EIO' })));`;
    const db = databaseOver(await openThread({}, withFiles(failing)));
    const kept: number[] = [];
    for (let id = 1; kept.length === id - 1 && id < 10; id += 1)
      await insert(db, id).then(
        () => kept.push(id),
        () => {},
      );
    expect(kept).toEqual([1, 2, 3]);
    expect((await notes(db)).slice(0, 3)).toEqual(kept);
  });
});

describe('the database over a socket', () => {
  it('is the same, for long texts and many at once', async () => {
    const { remote, close } = await overSocket(await openThread());
    const body = '"\\\u0001é漢😀\n'.repeat(200_000);
    await Promise.all(Array.from({ length: 5 }, (_, id) => insert(remote, id, body)));
    const rows = await remote.transaction('read', (tx) => tx.query('select body from note'));
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row.body === body).toBe(true);
    await expect(remote.transaction('write', (tx) => tx.query('nonsense'))).rejects.toMatchObject({ code: '42601' });
    await close();
  });

  it('rolls back what a client that goes leaves open', async () => {
    const thread = await openThread();
    const { remote, socket, close } = await overSocket(thread);
    const cut = remote.transaction('write', async (tx) => {
      await tx.query('insert into note values (1)');
      socket.destroy();
      await tx.query('insert into note values (2)');
    });
    await expect(cut).rejects.toThrow('the owner has gone');
    const db = databaseOver(thread);
    await insert(db, 3);
    expect(await notes(db)).toEqual([3]);
    await close();
  });

  it('ends a statement that goes on after its client has gone', async () => {
    const thread = await openThread({ cancelMs: 100 });
    const { remote, socket, close } = await overSocket(thread);
    const slow = remote.transaction('read', (tx) => tx.query(SLOW));
    setTimeout(() => socket.destroy(), 300);
    await expect(slow).rejects.toThrow('the owner has gone');
    const db = databaseOver(thread);
    await insert(db, 1);
    expect(await notes(db)).toEqual([1]);
    await close();
  });

  it('passes on a cancellation', async () => {
    const { remote, close } = await overSocket(await openThread({ cancelMs: 100 }));
    const cancel = new AbortController();
    const slow = remote.transaction('read', (tx) => tx.query(SLOW), { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 300);
    const error = await slow.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SamepageError);
    expect(error).toMatchObject({ code: 'cancelled' });
    await close();
  });
});

describe('every way to the embedded database', () => {
  const kinds = pgTable('kinds', {
    id: uuid().primaryKey(),
    n: integer(),
    big: bigint({ mode: 'number' }),
    exact: numeric(),
    yes: boolean(),
    at: timestamp({ withTimezone: true }),
    local: timestamp(),
    day: date(),
    doc: jsonb(),
    words: text().array(),
  });
  const row = {
    id: '00000000-0000-4000-8000-000000000001',
    n: -5,
    big: 9_007_199_254_740_991,
    exact: '12345678901234567890.123',
    yes: true,
    at: new Date('2026-03-02T08:30:00.123Z'),
    local: new Date('2026-03-02T08:30:00.000Z'),
    day: '2026-03-02',
    doc: { a: [1, 'zwei', null, { b: 'ü' }] },
    words: ['x', 'y "z"'],
  };

  async function seenThrough(db: Database): Promise<unknown> {
    await db.transaction('write', async (tx) => {
      await tx.query(
        'create table kinds (id uuid primary key, n int, big bigint, exact numeric, yes boolean, at timestamptz, local timestamp, day date, doc jsonb, words text[])',
      );
      await tx.orm.insert(kinds).values([row, { id: '00000000-0000-4000-8000-000000000002' }]);
    });
    return db.transaction('read', async (tx) => ({
      built: await tx.orm.select().from(kinds).orderBy(kinds.id),
      raw: await tx.query(
        'select id::text, n, big, exact::text, yes, at::text, day, doc, count(*) over () as total from kinds order by id',
      ),
    }));
  }

  it('gives the same rows, from the query builder and raw', async () => {
    const memory = await openPglite('memory');
    const inProcess = await seenThrough(memory);
    await memory.close();
    const inThread = await seenThrough(databaseOver(await openThread()));
    const { remote, close } = await overSocket(await openThread());
    const throughSocket = await seenThrough(remote);
    await close();
    expect(inThread).toEqual(inProcess);
    expect(throughSocket).toEqual(inProcess);
    expect(inProcess).toMatchObject({ built: [row, { n: null, doc: null }], raw: [{ big: row.big, total: 2 }, {}] });
  });
});
