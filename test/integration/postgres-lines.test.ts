import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openPostgres } from '../../src/db/postgres.ts';
import { readBeside, readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import type { Database, SqlRow, Tx } from '../../src/kernel/database.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';

const WHERE = `select pg_backend_pid() as pid, current_setting('app.workspace_id', true) as workspace,
  current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as read_only`;

describe.skipIf(inject('postgres') === undefined)('the connections to PostgreSQL', () => {
  let created: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let db: Database;
  beforeAll(async () => {
    created = await createPostgresDatabase('migrated');
    db = await openPostgres(created.url);
  });
  afterAll(async () => {
    await db.close();
    await created.drop();
  });
  const modes = ['read', 'write'] as const;

  test('one read after the other has the same connection, and each its own workspace and snapshot', async () => {
    const ask = (workspaceId: string) => readWorkspace(testContext(db, { workspaceId }), (tx) => tx.query(WHERE));
    const seen = [...(await ask('a')), ...(await ask('b')), ...(await db.transaction('read', (tx) => tx.query(WHERE)))];
    const same = { pid: seen[0]?.pid, isolation: 'repeatable read', read_only: 'on' };
    expect(seen).toEqual(['a', 'b', ''].map((workspace) => ({ ...same, workspace })));
    expect(await db.transaction('write', (tx) => tx.query(WHERE))).toEqual([
      { ...same, workspace: '', isolation: 'read committed', read_only: 'off' },
    ]);
  });

  test('a read beside another sees the same snapshot over a connection of its own, and its own workspace alone', async () => {
    const ctx = testContext(db, { workspaceId: 'beside' });
    const known = (tx: Tx) => tx.query('select known_at from workspace where workspace_id = $1', ['beside']);
    await recordInWorkspace(ctx, async () => {});
    const [first, beside, mine, its] = await readWorkspace(ctx, async (tx) => {
      const before = await known(tx);
      await recordInWorkspace(ctx, async () => {});
      const [seen, where] = await readBeside(ctx, tx, async (own) => [await known(own), await own.query(WHERE)]);
      return [before, seen, (await tx.query(WHERE))[0], where[0]];
    });
    expect(beside).toEqual(first);
    expect(await readWorkspace(ctx, known)).not.toEqual(first);
    expect(its).toEqual({ ...mine, pid: expect.any(Number) });
    expect(its?.pid).not.toBe(mine?.pid);
  });

  test('reads beside others wait for nobody, however many there are', async () => {
    const ctx = testContext(db, { workspaceId: 'beside' });
    let begun = 0;
    const one = () =>
      readWorkspace(ctx, async (tx) => {
        await tx.query('select 1');
        begun += 1;
        // all connections are held by those that want another
        while (begun < 4) await new Promise((resolve) => setImmediate(resolve));
        return readBeside(ctx, tx, (own) => own.query(WHERE));
      });
    for (const rows of await Promise.all([one(), one(), one(), one()])) expect(rows).toMatchObject([{ workspace: 'beside' }]);
  });

  test.each(modes)('what is left of a %s that has ended asks nothing of the next one', async (mode) => {
    let goOn = () => {};
    let late: Promise<SqlRow[]> = Promise.resolve([]);
    const failed = db.transaction(mode, async (tx) => {
      late = new Promise<void>((resolve) => {
        goOn = resolve;
      }).then(() => tx.query('select 1'));
      throw new Error('of its own');
    });
    await expect(failed).rejects.toThrow('of its own');
    await db.transaction(mode, async () => {
      goOn();
      await expect(late).rejects.toThrow('the transaction has ended');
    });
  });

  test.each(modes)('a %s tells which of its statements failed, whoever hears of it first', async (mode) => {
    const failed = db.transaction(mode, async (tx) => {
      const first = tx.query('select no_such_column');
      first.catch(() => {});
      await tx.query('select 1');
    });
    await expect(failed).rejects.toMatchObject({ code: '42703' });
    expect(await db.transaction(mode, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });

  test('a read that fails before anything is asked leaves its connection to the next', async () => {
    const refuse = () =>
      db.transaction('read', async () => {
        throw new Error('of its own');
      });
    await Promise.all(Array.from({ length: 9 }, () => expect(refuse()).rejects.toThrow('of its own')));
    expect(await db.transaction('read', (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });

  test('more transactions than connections take their turns, and closing waits for those under way', async () => {
    const busy = await openPostgres(created.url);
    const asked = Array.from({ length: 12 }, (_, i) =>
      busy.transaction(i % 3 === 0 ? 'write' : 'read', (tx) => tx.query('select pg_backend_pid() as pid, pg_sleep(0.01)')),
    );
    await Promise.race(asked);
    const closed = busy.close();
    const pids = (await Promise.all(asked)).map(([row]) => row?.pid);
    await closed;
    expect(new Set(pids).size).toBe(4);
    await expect(busy.transaction('read', (tx) => tx.query('select 1'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
