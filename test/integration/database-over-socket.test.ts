import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { bigint, boolean, date, integer, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { openPglite } from '../../src/db/pglite.ts';
import type { ThreadedDatabase } from '../../src/db/threaded-database.ts';
import { socketChannel } from '../../src/db/wire/channels.ts';
import type { Reply, Request } from '../../src/db/wire/messages.ts';
import { databaseOver } from '../../src/db/wire/raw-database.ts';
import { remoteDatabase } from '../../src/db/wire/remote-database.ts';
import { serveDatabase } from '../../src/db/wire/serve-database.ts';
import { WireClient } from '../../src/db/wire/wire-client.ts';
import type { Database } from '../../src/kernel/database.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { insert, notes, SLOW, useThreads } from '../support/thread-databases.ts';

const threads = useThreads();
let sockets = 0;

/** The same database over a socket, as a command has it. */
async function overSocket(db: ThreadedDatabase): Promise<{ remote: Database; socket: Socket; close(): Promise<void> }> {
  const server = createServer((socket) => serveDatabase(socketChannel<Request, Reply>(socket), db));
  sockets += 1;
  const path = join(threads.place, `s${sockets}.sock`);
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

describe('the database over a socket', () => {
  it('is the same, for long texts and many at once', async () => {
    const { remote, close } = await overSocket(await threads.open());
    const body = '"\\\u0001é漢😀\n'.repeat(200_000);
    await Promise.all(Array.from({ length: 5 }, (_, id) => insert(remote, id, body)));
    const rows = await remote.transaction('read', (tx) => tx.query('select body from note'));
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row.body === body).toBe(true);
    await expect(remote.transaction('write', (tx) => tx.query('nonsense'))).rejects.toMatchObject({ code: '42601' });
    await close();
  });

  it('rolls back what a client that goes leaves open', async () => {
    const thread = await threads.open();
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
    const thread = await threads.open({ cancelMs: 1_500 });
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
    const { remote, close } = await overSocket(await threads.open({ cancelMs: 1_500 }));
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
    const inThread = await seenThrough(databaseOver(await threads.open()));
    const { remote, close } = await overSocket(await threads.open());
    const throughSocket = await seenThrough(remote);
    await close();
    expect(inThread).toEqual(inProcess);
    expect(throughSocket).toEqual(inProcess);
    expect(inProcess).toMatchObject({ built: [row, { n: null, doc: null }], raw: [{ big: row.big, total: 2 }, {}] });
  });
});
