import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { shown } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { RuleMove, RuleState } from './core/segment-rule-moves.ts';
import type { SegmentRule } from './segment-rule.ts';
import { writeOutbox } from './write-outbox.ts';

/** A rule after a move. */
export interface MovedRule extends Omit<SegmentRule, 'changed_at' | 'changed_by' | 'state' | 'why'> {
  move: RuleMove;
  state: RuleState;
  /** The reason that was given. */
  why: string | null;
}

/** Writes rules as they stand after a move, the moves, and what receivers are told of them. Whoever calls it holds the workspace's row. */
export async function writeSegmentRules(
  tx: Tx,
  ctx: Context,
  rules: readonly MovedRule[],
  { by, recordedAt }: { by: 'person' | 'job'; recordedAt: Date },
): Promise<void> {
  const params = new SqlParams();
  const [ws, at] = [params.add(ctx.workspaceId), `${params.add(recordedAt.toISOString())}::timestamptz`];
  const of = (value: (one: MovedRule) => string | null) => rules.map(value);
  const given = params.rows('r', {
    id: ['uuid', of(({ id }) => id)],
    code: ['text', of(({ code }) => code)],
    side: ['text', of(({ side }) => side)],
    segment: ['text', of(({ segment }) => segment)],
    label: ['text', of(({ label }) => label)],
    action: ['text', of(({ action }) => action)],
    condition: ['jsonb', of(({ condition }) => JSON.stringify(condition))],
    state: ['text', of(({ state }) => state)],
    ordinal: ['int', of(({ ordinal }) => String(ordinal))],
    evidence: ['jsonb', of(({ evidence }) => JSON.stringify(evidence))],
    move: ['text', of(({ move }) => move)],
    detail: ['jsonb', of(({ why, evidence, move }) => JSON.stringify({ why, ...(isProposal(move) && { evidence }) }))],
  });
  await tx.query(
    `with given as (select * from ${given}),
     logged as (
       insert into segment_rule_event (workspace_id, rule_id, ordinal, recorded_at, actor, kind, detail)
       select ${ws}, id, ordinal, ${at}, ${params.add(shown(ctx.actor.id))}, move, detail from given)
     insert into segment_rule (workspace_id, id, code, side, segment, label, action, condition, state, changed_at, changed_by, ordinal, evidence)
     select ${ws}, id, code, side, segment, label, action, condition, state, ${at}, ${params.add(by)}, ordinal, evidence from given
     on conflict (workspace_id, id) do update set label = excluded.label, action = excluded.action, condition = excluded.condition,
       state = excluded.state, changed_at = excluded.changed_at, changed_by = excluded.changed_by, ordinal = excluded.ordinal, evidence = excluded.evidence`,
    params.values,
  );
  const told = rules.map(({ id, label, code, action, condition, state, why }) => ({
    type: `segment_rule.${state}` as const,
    subject: id,
    data: { rule: id, segment: label, code, action, when: condition, state, why },
  }));
  await writeOutbox(tx, ctx, told, recordedAt);
}

const isProposal = (move: RuleMove) => move === 'propose' || move === 'apply';
