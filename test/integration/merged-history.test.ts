import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { adoptDefinitions } from '../../src/records/adopt-definitions.ts';
import { scoreThen, tiersOfKept } from '../../src/review/score-then.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyReceipts } from '../../src/scoring/verify-receipts.ts';
import { rubric as randomRubric } from '../support/arbitraries.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { believedWorld, readLogs } from '../support/identity-oracle.ts';
import { happen, type Told, turn } from '../support/identity-story.ts';
import {
  clockOf,
  definitionsOf,
  derivedState,
  expectedScores,
  keptForm,
  keptWorld,
  scoresFrom,
  storyWorld,
} from '../support/identity-world.ts';
import { mergePolicy } from '../support/merge-policy.ts';

const story = fc.tuple(fc.nat(1_000_000), fc.array(turn, { minLength: 2, maxLength: 9 }));

describeDatabases('merged records', (open, dialect) => {
  it('count as what their logs say, today and at any instant before', async () => {
    const db = await open();
    await fc.assert(
      fc.asyncProperty(story, randomRubric, fc.option(mergePolicy), async ([seed, turns], other, decided) => {
        const ctx = await newWorkspace(db);
        if (decided !== null) await adoptDefinitions(ctx, { documents: [{ ...(await definitionsOf(ctx)).policy, ...decided }] });
        const { rubric, policy } = await definitionsOf(ctx);
        const rubrics = [rubric.document, other];
        const told: Told = { merges: [], verdicts: [], imports: 0 };
        const past: { knownAt: string; asOfDay: number; scores: Record<string, unknown>[] }[] = [];
        await happen(ctx, told, { do: 'import', seed });
        for (const now of turns) {
          await happen(ctx, told, now);
          const asOfDay = dayOf(ctx.now());
          const knownAt = await clockOf(ctx);
          const world = believedWorld(await readLogs(ctx), { knownAt: Date.parse(knownAt), asOfDay, policy });
          expect(await keptWorld(ctx)).toEqual(keptForm(world));
          const scores = rubrics.map((document) => expectedScores(world, document, asOfDay));
          for (const [i, document] of rubrics.entries())
            expect(await scoresFrom(ctx, { mode: 'today' }, asOfDay, document)).toEqual(scores[i]);
          past.push({ knownAt, asOfDay, scores });
        }
        for (const { knownAt, asOfDay, scores } of past) {
          for (const [i, document] of rubrics.entries())
            expect(await scoresFrom(ctx, { mode: 'history', knownAt, policy }, asOfDay, document)).toEqual(scores[i]);
        }
        const accounts = await readWorkspace(ctx, (tx) => tx.query('select id from account where workspace_id = $1', [ctx.workspaceId]));
        const asked = past.flatMap(({ knownAt, asOfDay: day, scores }) =>
          accounts.map(({ id }) => ({ entity: String(id), knownAt: Date.parse(knownAt), day, scores })),
        );
        for (const [i, document] of rubrics.entries()) {
          const found = await scoreThen(ctx, { rubric: document, policy }, asked);
          for (const [at, { entity, scores }] of asked.entries()) {
            const expected = scores[i]?.[`account ${entity}`];
            if (expected === undefined) expect(found[at]).toBeUndefined();
            else expect(expected).toMatchObject({ score: found[at]?.score, tier: found[at]?.tier, points: found[at]?.points });
          }
          const kept = asked.map((standpoint, at) => ({ standpoint, kept: found[at]?.kept }));
          expect(await tiersOfKept(ctx, document, kept)).toEqual(found.map((one) => one?.tier));
        }
      }),
      { numRuns: dialect === 'pglite' ? 8 : 16, seed: 20_260_302 },
    );
  }, 280_000);

  it('keep the receipts of before and after true, and an incremental rescore leaves what a full one would', async () => {
    const db = await open();
    const turns = fc.sample(turn, { numRuns: 16, seed: 8 });
    const { ctx, told } = await storyWorld(db, 99, 2);
    await rescoreRecords(ctx, { scope: 'all' });
    for (const now of turns) {
      await happen(ctx, told, now);
      await rescoreRecords(ctx, { scope: 'changed' });
    }
    const incremental = await derivedState(ctx);
    await rescoreRecords(ctx, { scope: 'all' });
    expect((await derivedState(ctx)).score).toEqual(incremental.score);
    const aliases = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select 1 from score s join person p on p.workspace_id = s.workspace_id and p.id = s.subject_id and p.merged_into is not null where s.workspace_id = $1
         union all select 1 from score s join account a on a.workspace_id = s.workspace_id and a.id = s.subject_id and a.merged_into is not null where s.workspace_id = $1`,
        [ctx.workspaceId],
      ),
    );
    expect(aliases).toEqual([]);
    expect(told.merges.length).toBeGreaterThan(2);
    expect(told.verdicts.length).toBeGreaterThan(1);
    expect(await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }))).toMatchObject({ different: 0 });
  }, 120_000);
});
