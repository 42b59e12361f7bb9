import { z } from 'zod';
import { predicateDocument } from '../definitions/core/predicate.ts';
import { SEGMENT_ACTIONS, type Taxonomy } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { IN_FORCE, RULE_STATES, type RuleState } from './core/segment-rule-moves.ts';
import type { ActiveRule } from './core/segments.ts';
import { ruleEffect } from './read-effect.ts';

const tally = z.strictObject({ decided: z.number(), rejected: z.number() });

/** Why a rule was proposed, and what it would have changed in the time that was looked at. */
const ruleEvidence = z.strictObject({
  /** ISO 8601. */
  from: z.string(),
  to: z.string(),
  segment: tally,
  rest: tally,
  p: z.number(),
  q: z.number(),
  /** How many comparisons the correction counted. */
  compared: z.number(),
  difference: z.strictObject({ points: z.number(), low: z.number(), high: z.number() }),
  effect: ruleEffect,
  /** Owners that gave the segment's leads the code most often. */
  not: z.array(z.string()),
});

const stored = z.object({
  id: z.string(),
  code: z.string(),
  side: z.string(),
  segment: z.string().nullable(),
  label: z.string(),
  action: z.enum(SEGMENT_ACTIONS),
  condition: predicateDocument,
  state: z.enum(RULE_STATES),
  changed_at: z.coerce.date(),
  changed_by: z.enum(['person', 'job']),
  ordinal: z.number(),
  evidence: ruleEvidence,
  /** Why it is proposed for removal, where it is; else the reason that a person gave last. */
  why: z.string().nullable(),
});
export type SegmentRule = z.infer<typeof stored>;

/** The segment rules in some states, latest change first. */
export async function readSegmentRules(tx: Tx, ctx: Context, states: readonly RuleState[] = RULE_STATES): Promise<SegmentRule[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = await tx.query(
    `select r.id::text, r.code, r.side, r.segment, r.label, r.action, r.condition, r.state, r.changed_at, r.changed_by, r.ordinal, r.evidence,
       e.detail ->> 'why' as why
     from segment_rule r left join segment_rule_event e on e.workspace_id = ${ws} and e.rule_id = r.id and e.ordinal = r.ordinal
     where r.workspace_id = ${ws} and r.state = any(${params.texts(states)}) order by r.changed_at desc, r.id`,
    params.values,
    { prepare: true },
  );
  return z.array(stored).parse(rows);
}

/** The segments that hand-offs go by: those written in the taxonomy, then the rules in force. */
export async function activeRules(tx: Tx, ctx: Context, { segments }: Pick<Taxonomy, 'segments'>): Promise<ActiveRule[]> {
  const written = (segments ?? []).map(({ since, ...one }): ActiveRule => ({ ...one, since: since ?? null, not: [] }));
  const rules = await readSegmentRules(tx, ctx, IN_FORCE);
  return [...written, ...rules.map(asActive)];
}

function asActive({ id, label, condition, action, code, changed_at, evidence }: SegmentRule): ActiveRule {
  return { id, label, when: condition, rule: action, because: code, since: changed_at.toISOString().slice(0, 10), not: evidence.not };
}
