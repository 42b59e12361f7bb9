import { expect, it } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { ScoredKind } from '../../src/review/core/performance.ts';
import { performanceMarkdown } from '../../src/review/core/performance-markdown.ts';
import { freezeReview } from '../../src/review/freeze-review.ts';
import { reviewPerformance } from '../../src/review/review-performance.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { reviewPerformanceTool } from '../../src/tools/review-performance.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { changeRubric, step } from '../support/evolving-world.ts';

const scoreRow = z.object({ kind: z.string(), subject_id: z.string(), tier: z.string(), rubric_version: z.number() });
type Standing = Map<string, z.output<typeof scoreRow>>;

/** The scores as they stand now: at the end of a month, what a later review has to find. */
async function standing(ctx: TestContext): Promise<Standing> {
  const text = 'select kind, subject_id, tier, rubric_version from score where workspace_id = $1';
  const rows = z.array(scoreRow).parse(await readWorkspace(ctx, (tx) => tx.query(text, [ctx.workspaceId])));
  return new Map(rows.map((row) => [`${row.kind} ${row.subject_id}`, row]));
}

/** One subject after the other, from one month's end to the other's. */
function plainMoves(before: Standing, now: Standing, kind: string) {
  const moves = new Map<string, number>();
  let [moved, byRubric] = [0, 0];
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (!key.startsWith(`${kind} `)) continue;
    const [from, to] = [before.get(key), now.get(key)];
    const move = `${from?.tier ?? 'none'} ${to?.tier ?? 'gone'}`;
    moves.set(move, (moves.get(move) ?? 0) + 1);
    if (from === undefined || to === undefined || from.tier === to.tier) continue;
    moved += 1;
    if (from.rubric_version !== to.rubric_version) byRubric += 1;
  }
  return { moves, moved, byRubric };
}

function foundMoves({ matrix, moved, moved_by_rubric }: ScoredKind) {
  const cells = matrix.flatMap(({ from, ...to }) =>
    Object.entries(to).flatMap(([tier, n]): [string, number][] => (n === 0 ? [] : [[`${from ?? 'none'} ${tier}`, n]])),
  );
  return { moves: new Map(cells), moved, byRubric: moved_by_rubric };
}

describeDatabases('tiers of all that was scored', (open) => {
  it('are those that stood when the months ended, whatever was scored, merged or signed in between and since', async () => {
    const ctx = await newWorkspace(await open());
    const chance = chanceFrom(12);
    let steps = 0;
    const live = async (at: string, times: number) => {
      ctx.setNow(at);
      for (let n = 0; n < times; n += 1) await step(ctx, chance, steps++);
    };
    await live('2026-04-05T09:00:00Z', 5);
    await rescoreRecords(ctx, {});
    // a run that begins before midnight and ends after it
    await live('2026-04-30T20:00:00Z', 2);
    let night = '2026-04-30T23:59:00Z';
    const report = () => {
      night = '2026-05-01T00:01:00Z';
    };
    await rescoreRecords({ ...ctx, now: () => new Date(night), progress: { report } }, { scope: 'all' });
    const april = await standing(ctx);
    const first = await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'rubric'));
    await live('2026-05-03T09:00:00Z', 1);
    await rescoreRecords(ctx, {});
    await decideMatch(ctx, { kind: 'account', verdict: 'match', records: ['Company 3', 'Company 5'] });
    await live('2026-05-20T09:00:00Z', 2);
    await changeRubric(ctx);
    await rescoreRecords(ctx, {});
    await live('2026-05-31T23:00:00Z', 1);
    await rescoreRecords(ctx, {});
    const may = await standing(ctx);
    const second = await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'rubric'));
    await live('2026-06-04T09:00:00Z', 3);
    await rescoreRecords(ctx, {});

    const review = await reviewPerformance(ctx, { period: '2026-05' });
    expect(review.scored.kinds.map(({ kind }) => kind)).toEqual(['account', 'lead']);
    for (const one of review.scored.kinds) expect(foundMoves(one)).toEqual(plainMoves(april, may, one.kind));
    const [accounts] = review.scored.kinds;
    expect(accounts?.matrix.reduce((sum, { gone }) => sum + gone, 0)).toBe(1);
    expect(accounts?.moved_by_rubric).toBeGreaterThan(0);
    expect([review.scored.before.rubric?.hash, review.scored.this.rubric?.hash]).toEqual([first.hash, second.hash]);
    expect(review.statements.join('\n')).toContain(
      `The rubric changed: v1 (${first.hash}) stood at the end of 2026-04, v2 (${second.hash}) at the end of 2026-05.`,
    );
    expect(review.statements.join('\n')).toContain('a drift by definition is no drift of the market');

    // the month that runs goes up to today
    const running = await reviewPerformance(ctx, { period: '2026-06' });
    const today = await standing(ctx);
    for (const one of running.scored.kinds) expect(foundMoves(one)).toEqual(plainMoves(may, today, one.kind));
    expect([running.scored.before.day, running.scored.this.day]).toEqual(['2026-05-31', '2026-06-04']);
    expect(running.scored.before.rubric?.hash).toBe(running.scored.this.rubric?.hash);

    // what is scored later does not change a month that is over
    ctx.setNow('2026-06-10T09:00:00Z');
    await freezeReview(ctx, { kind: 'monthly', period: '2026-05' });
    await live('2026-06-20T09:00:00Z', 2);
    await rescoreRecords(ctx, { scope: 'all' });
    const tool = await reviewPerformanceTool.run(ctx, { period: '2026-05', response_format: 'concise' });
    expect(tool.frozen?.changed.filter(({ key }) => key.startsWith('scored.'))).toEqual([]);
    const page = performanceMarkdown(review);
    expect(page).toContain('Tiers of all that was scored, at the end of 2026-04-30 and of 2026-05-31');
    expect(page).toContain('| not scored before |');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
});
