import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Rubric } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type Standpoint, standpointsSql } from '../scoring/core/standpoints-sql.ts';

export interface ScoredThen {
  score: number;
  tier: 'A' | 'B' | 'C' | 'disqualified';
  /** Of each criterion, in the rubric's order. */
  points: number[];
}

/** So few in a statement that nobody waits long for the embedded database, and so many that planning it costs little beside them. */
const PART = 250;

const scoredRows = z.array(
  z.object({ place: z.number(), score: z.number(), tier: z.enum(['A', 'B', 'C', 'disqualified']), points: z.array(z.number()) }),
);

/**
 * Accounts as the rubric scores them from the logs, each from its own standpoint: the statement behind receipts. In the order given;
 * undefined for an account that was not there. What is read is of the past and stays as it is, so between two parts nothing is held.
 */
export async function scoreThen(
  ctx: Context,
  rubric: Rubric,
  policy: MergePolicy,
  asked: readonly Standpoint[],
): Promise<(ScoredThen | undefined)[]> {
  const found = new Map<string, ScoredThen>();
  const keyOf = ({ entity, knownAt, day }: Standpoint) => `${knownAt} ${day} ${entity}`;
  const once = [...new Map(asked.map((one) => [keyOf(one), one])).values()];
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < once.length) {
      ctx.signal.throwIfAborted();
      const part = once.slice(next, next + PART);
      next += PART;
      for (const { place, ...scored } of await scorePart(ctx, rubric, policy, part)) {
        const one = part[place];
        if (one !== undefined) found.set(keyOf(one), scored);
      }
      done += part.length;
      ctx.progress.report(done, once.length, 'accounts scored as of the cut-off');
    }
  };
  await Promise.all(Array.from({ length: ctx.db.parallel }, work));
  return asked.map((one) => found.get(keyOf(one)));
}

async function scorePart(ctx: Context, rubric: Rubric, policy: MergePolicy, part: readonly Standpoint[]) {
  const params = new SqlParams();
  const text = standpointsSql(params, ctx.workspaceId, { rubric, policy }, part);
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(`select s.place, s.score, s.tier, to_jsonb(s.points) as points from (${text}) s order by s.place`, params.values),
  );
  return scoredRows.parse(rows);
}
