import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import { SCORED_TIERS, type ScoredTier } from '../definitions/core/common.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Rubric } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type Kept, keptSql, type Standpoint, standpointsSql } from '../scoring/core/standpoints-sql.ts';
import { inParts } from './in-parts.ts';

export interface ScoredThen {
  score: number;
  tier: ScoredTier;
  /** Of each criterion, in the rubric's order. */
  points: number[];
  /** What was read of the account. */
  kept: Kept;
}

const PART = { size: 500, serverSize: 3_000 };
/** Nothing is looked up for these. */
const KEPT_PART = { size: 1_000, serverSize: 5_000 };

/** Rows of thousands of standpoints are joined, whatever the planner takes them for. */
const IN_SETS = { planning: 'sets' } as const;

const SCORED = 'accounts scored as of the cut-off';

const keptRow = z.object({ place: z.number(), tier: z.enum(SCORED_TIERS) });
const scoredRow = keptRow.extend({ score: z.number(), points: z.array(z.number()), fields: z.string(), events: z.string() });

interface Scoring {
  rubric: Rubric;
  policy: MergePolicy;
  /** Fields of accounts that are kept beside those that the rubric reads. */
  keep?: readonly string[];
}

/**
 * Accounts as the rubric scores them from the logs, each from its own standpoint: the statement behind receipts. In the order given;
 * undefined for an account that was not there. What is read is of the past and stays as it is, so between two parts nothing is held.
 */
export async function scoreThen(ctx: Context, { rubric, policy, keep = [] }: Scoring, asked: readonly Standpoint[]) {
  const found = new Map<string, ScoredThen>();
  const keyOf = ({ entity, knownAt, day }: Standpoint) => `${knownAt} ${day} ${entity}`;
  const once = [...new Map(asked.map((one) => [keyOf(one), one])).values()];
  await inParts(ctx, { all: once, ...PART, what: SCORED }, async (part) => {
    const params = new SqlParams();
    const text = standpointsSql(params, ctx.workspaceId, { rubric, policy, keep }, part);
    const wanted =
      's.id as place, s.score, s.tier, to_jsonb(s.points) as points, s.kept_fields::text as fields, s.kept_events::text as events';
    const rows = await readWorkspace(ctx, (tx) => tx.query(`select ${wanted} from (${text}) s`, params.values), IN_SETS);
    for (const { place, fields, events, ...scored } of z.array(scoredRow).parse(rows)) {
      const one = part[place];
      if (one !== undefined) found.set(keyOf(one), { ...scored, kept: { fields, events } });
    }
  });
  return asked.map((one) => found.get(keyOf(one)));
}

/** The tier of each by a rubric that reads no more than was kept; an account that was not there has none. */
export async function tiersOfKept(
  ctx: Context,
  rubric: Rubric,
  asked: readonly { standpoint: Standpoint; kept: Kept | undefined }[],
): Promise<(ScoredTier | undefined)[]> {
  const tiers = new Array<ScoredTier | undefined>(asked.length).fill(undefined);
  const there = asked.flatMap(({ standpoint, kept }, at) => (kept === undefined ? [] : [{ standpoint, kept, at }]));
  await inParts(ctx, { all: there, ...KEPT_PART, what: SCORED }, async (part) => {
    const params = new SqlParams();
    const text = keptSql(params, ctx.workspaceId, rubric, part);
    const rows = await readWorkspace(ctx, (tx) => tx.query(`select s.id as place, s.tier from (${text}) s`, params.values), IN_SETS);
    for (const { place, tier } of z.array(keptRow).parse(rows)) {
      const one = part[place];
      if (one !== undefined) tiers[one.at] = tier;
    }
  });
  return tiers;
}
