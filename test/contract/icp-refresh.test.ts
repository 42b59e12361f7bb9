import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { peopleRegrouped, type Workspace } from '../../src/open-workspace.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeLeaders, sign } from '../support/leaders.ts';
import { earlyWorkspace, inventDeals, makeOutcomes } from '../support/outcome-world.ts';
import { connect } from './connect.ts';

const DEALS = inventDeals(3, 420, true);
const CALL = { name: 'analyze_icp_refresh', arguments: { period: '2025-Q4' } };
const drafted = z.object({ draft: z.object({ proposals: z.array(z.record(z.string(), z.unknown())) }) });
const proposed = z.object({ kind: z.enum(['icp', 'rubric']), hash: z.string() });

/** How much there is of all that a call could write. */
async function written(ctx: TestContext): Promise<unknown> {
  const tables = await readWorkspace(ctx, (tx) =>
    tx.query(`select table_name from information_schema.columns where column_name = 'workspace_id' and table_schema = 'public' order by 1`),
  );
  const names = tables.map(({ table_name }) => String(table_name));
  expect(names).toContain('definition_version');
  const counts = names.map((name) => `(select count(*) from "${name}" where workspace_id = $1) as "${name}"`);
  return readWorkspace(ctx, (tx) => tx.query(`select ${counts.join(', ')}`, [ctx.workspaceId]));
}

describeDatabases('the ICP refresh over the protocol', (openDatabase) => {
  let ctx: TestContext;
  let workspace: Workspace;

  beforeAll(async () => {
    const db = await openDatabase();
    ctx = await earlyWorkspace(db);
    await makeOutcomes(ctx, DEALS);
    await makeLeaders(ctx);
    const { workspaceId, now } = ctx;
    workspace = { context: (call) => ({ workspaceId, db, now, peopleRegrouped, ...call }), async close() {} };
  }, 120_000);

  it('stops where it is cancelled, with nothing written, and the server answers on', async () => {
    let asked = 0;
    let stopAt = Number.POSITIVE_INFINITY;
    let caller = new AbortController();
    const { client, call, samepage, close } = await connect({
      workspace: async () => ({
        ...workspace,
        context(given) {
          const made = workspace.context(given);
          const { db } = made;
          const watched: Database = {
            ...db,
            async transaction(mode, run, options) {
              asked += 1;
              if (asked === stopAt) {
                caller.abort('enough');
                await new Promise((heard) => given.signal.addEventListener('abort', heard));
              }
              return db.transaction(mode, run, options);
            },
          };
          return { ...made, db: watched };
        },
      }),
    });
    const before = await written(ctx);
    await client.callTool(CALL);
    const all = asked;
    expect(all).toBeGreaterThan(6);
    for (const share of [0.3, 0.8]) {
      asked = 0;
      stopAt = Math.ceil(all * share);
      caller = new AbortController();
      await expect(client.callTool(CALL, undefined, { signal: caller.signal })).rejects.toThrow('enough');
      await samepage.idle();
      expect(asked).toBeLessThan(all);
      stopAt = Number.POSITIVE_INFINITY;
      expect((await call('get_definition', { kind: 'rubric' })).isError).not.toBe(true);
    }
    expect(await written(ctx)).toEqual(before);
    await close();
  });

  it('drafts what is proposed as it is, signed by people, and scored under from then on', async () => {
    const { client, call, close } = await connect({ workspace: async () => workspace });
    await call('rescore_records');
    const told: { progress: number; total?: number | undefined; message?: string | undefined }[] = [];
    const answer = await client.callTool(CALL, undefined, { onprogress: (progress) => void told.push(progress) });
    // of many steps those are told that a reader can follow
    expect(told.length).toBeGreaterThan(1);
    expect(told.map(({ progress }) => progress)).toEqual(told.map(({ progress }) => progress).sort((a, b) => a - b));
    expect(told.at(-1)).toMatchObject({ progress: 100, total: 100 });

    const { draft } = drafted.parse(answer.structuredContent);
    expect(draft.proposals.map(({ kind }) => kind)).toEqual(['icp', 'rubric']);
    const hashes = new Map<string, string>();
    for (const proposal of draft.proposals) {
      const { kind, hash } = proposed.parse((await call('propose_definition', proposal)).structuredContent);
      hashes.set(kind, hash);
      for (const team of ['sales', 'marketing'] as const) await sign(ctx, { kind, team });
    }
    for (const [kind, hash] of hashes)
      expect((await call('get_definition', { kind })).structuredContent).toMatchObject({ hash, status: 'signed' });

    const rubrics = [expect.objectContaining({ kind: 'rubric', hash: hashes.get('rubric'), status: 'signed' })];
    expect((await call('rescore_records')).structuredContent).toMatchObject({ definitions: expect.arrayContaining(rubrics) });
    const retail = DEALS.find(({ industry }) => industry === 'retail')?.account;
    const score = (await call('get_score', { record: retail })).structuredContent;
    expect(JSON.stringify(score)).toContain(hashes.get('rubric'));
    expect(JSON.stringify(score)).toContain('industry_retail');
    await close();
  });
});
