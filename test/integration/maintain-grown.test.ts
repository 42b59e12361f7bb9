import { expect, it } from 'vitest';
import { z } from 'zod';
import { maintainGrown } from '../../src/db/maintain-grown.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

const counted = z.array(z.object({ rows: z.number(), columns: z.number() })).length(1);

describeDatabases('housekeeping', (open) => {
  const looked = (ctx: TestContext) =>
    ctx.db.transaction('read', async (tx) =>
      z
        .array(z.object({ name: z.string(), rows: z.number() }))
        .parse(
          await tx.query(
            `select relname::text as name, reltuples::int as rows from pg_class where relname in ('account', 'provider_value', 'workspace') order by 1`,
          ),
        ),
    );

  it('has a first look at a small table, and none at one that is empty, which would count as empty while it grows', async () => {
    const ctx = testContext(await open());
    const grow = (rows: number) =>
      ctx.db.transaction('write', (tx) =>
        tx.query(
          `insert into account (workspace_id, id, name, fields, created_at, changed_at)
           select $1, gen_random_uuid(), 'Company ' || i, '{}', now(), now() from generate_series(1, $2::int) i`,
          [ctx.workspaceId, rows],
        ),
      );
    await grow(20);
    await maintainGrown(ctx);
    expect((await looked(ctx)).map(({ rows }) => rows)).toEqual([-1, -1, -1]);
    await grow(280);
    await maintainGrown(ctx);
    expect(await looked(ctx)).toEqual([
      { name: 'account', rows: 300 },
      { name: 'provider_value', rows: -1 },
      { name: 'workspace', rows: -1 },
    ]);
  });

  it('counts the rows of a table that has grown, and what each of its columns holds', async () => {
    const ctx = testContext(await open());
    await ctx.db.transaction('write', (tx) =>
      tx.query(
        `insert into account (workspace_id, id, name, fields, created_at, changed_at)
         select $1, md5(i::text)::uuid, 'Company ' || i, '{}', now(), now() from generate_series(1, 20000) i`,
        [ctx.workspaceId],
      ),
    );
    const known = () =>
      ctx.db.transaction('read', async (tx) =>
        counted.parse(
          await tx.query(
            `select reltuples::int as rows, (select count(*)::int from pg_stats where tablename = 'account' and attname in ('workspace_id', 'id', 'name', 'fields')) as columns
             from pg_class where relname = 'account'`,
          ),
        ),
      );
    expect((await known())[0]?.columns).toBe(0);
    await maintainGrown(ctx);
    const [now] = await known();
    expect(now?.columns).toBe(4);
    expect(Math.abs((now?.rows ?? 0) - 20_000)).toBeLessThan(1_000);
  });
});
