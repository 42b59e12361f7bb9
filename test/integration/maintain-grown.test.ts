import { expect, it } from 'vitest';
import { z } from 'zod';
import { maintainGrown } from '../../src/db/maintain-grown.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

const counted = z.array(z.object({ rows: z.number(), columns: z.number() })).length(1);

describeDatabases('housekeeping', (open) => {
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
