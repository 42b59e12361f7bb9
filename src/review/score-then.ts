import { z } from 'zod';
import { readBeside, readWorkspace } from '../db/workspace.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Rubric } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { scoreSql } from '../scoring/core/score-sql.ts';

/** An account to be scored as of a day, with what was known at an instant (milliseconds since 1970). */
export interface ToScore {
  entity: string;
  knownAt: number;
  day: number;
}

export interface ScoredThen {
  score: number;
  tier: 'A' | 'B' | 'C' | 'disqualified';
  /** Of each criterion, in the rubric's order. */
  points: number[];
}

/** So few accounts in a statement that the planner goes to the events of each by an index, however many there are in all. */
const SLICE = 100;

const scoredRows = z.array(
  z.object({ id: z.string(), score: z.number(), tier: z.enum(['A', 'B', 'C', 'disqualified']), points: z.array(z.number()) }),
);

/**
 * Accounts as the rubric scores them from the logs, each as of its own day: the statement behind receipts, once for each day and state of
 * knowledge. In the order given; undefined for an account that was not there.
 */
export async function scoreThen(
  ctx: Context,
  rubric: Rubric,
  policy: MergePolicy,
  asked: readonly ToScore[],
): Promise<(ScoredThen | undefined)[]> {
  const found = new Map<string, ScoredThen>();
  const keyOf = ({ entity, knownAt, day }: ToScore) => `${knownAt} ${day} ${entity}`;
  const slices = slicesOf([...new Map(asked.map((one) => [keyOf(one), one])).values()]);
  const total = slices.reduce((sum, { entities }) => sum + entities.length, 0);
  let next = 0;
  let done = 0;
  const work = async (tx: Tx) => {
    for (let slice = slices[next++]; slice !== undefined; slice = slices[next++]) {
      ctx.signal.throwIfAborted();
      const { knownAt, day, entities } = slice;
      for (const { id, ...scored } of await scoreSlice(tx, ctx, rubric, policy, slice))
        found.set(keyOf({ entity: id, knownAt, day }), scored);
      done += entities.length;
      ctx.progress.report(done, total, 'accounts scored as of the cut-off');
    }
  };
  await readWorkspace(ctx, (tx) => Promise.all([readBeside(ctx, tx, work), work(tx)]));
  return asked.map((one) => found.get(keyOf(one)));
}

interface Slice {
  knownAt: number;
  day: number;
  entities: string[];
}

function slicesOf(asked: readonly ToScore[]): Slice[] {
  const slices = new Map<string, Slice[]>();
  for (const { entity, knownAt, day } of asked) {
    const key = `${knownAt} ${day}`;
    const of = slices.get(key) ?? [];
    slices.set(key, of);
    const last = of.at(-1);
    if (last === undefined || last.entities.length >= SLICE) of.push({ knownAt, day, entities: [entity] });
    else last.entities.push(entity);
  }
  return [...slices.values()].flat();
}

async function scoreSlice(tx: Tx, ctx: Context, rubric: Rubric, policy: MergePolicy, { knownAt, day, entities }: Slice) {
  const params = new SqlParams();
  const text = scoreSql({
    params,
    workspaceId: ctx.workspaceId,
    rubric,
    kind: 'account',
    selection: { ids: entities },
    source: { mode: 'history', knownAt: new Date(knownAt).toISOString(), policy },
    asOfDay: day,
  });
  const rows = await tx.query(`select s.id, s.score, s.tier, to_jsonb(s.points) as points from (${text}) s order by s.id`, params.values);
  return scoredRows.parse(rows);
}
