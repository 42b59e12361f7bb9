import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { RULE_STATES, type RuleMove, type RuleState, ruleAfter } from './core/segment-rule-moves.ts';

const MOVES = ['accept', 'decline', 'withdraw', 'keep', 'propose', 'apply', 'doubt', 'lapse'] as const satisfies readonly RuleMove[];

const rows = z.array(
  z.object({
    id: z.string(),
    /** Null where there is a log of no rule. */
    state: z.enum(RULE_STATES).nullable(),
    ordinal: z.number().nullable(),
    moves: z.array(z.object({ ordinal: z.number(), kind: z.enum(MOVES) })).nullable(),
  }),
);

/** Holds segment rules against their logs. @returns ids of rules that do not stand where their moves lead, and of logs without a rule */
export async function verifySegmentRules(tx: Tx, ctx: Context): Promise<{ total: number; wrong: string[] }> {
  const found = rows.parse(
    await tx.query(
      `select coalesce(r.id, e.rule_id)::text as id, r.state, r.ordinal, e.moves
       from (select id, state, ordinal from segment_rule where workspace_id = $1) r full join (
         select rule_id, jsonb_agg(jsonb_build_object('ordinal', ordinal, 'kind', kind) order by ordinal) as moves
         from segment_rule_event where workspace_id = $1 group by rule_id) e on e.rule_id = r.id order by 1`,
      [ctx.workspaceId],
    ),
  );
  const wrong = found.filter(({ state, ordinal, moves }) => {
    const log = moves ?? [];
    const whole = log.every((move, at) => move.ordinal === at) && ordinal === log.length - 1;
    return !whole || state === null || stateAfter(log.map(({ kind }) => kind)) !== state;
  });
  return { total: found.length, wrong: wrong.map(({ id }) => id) };
}

function stateAfter(moves: readonly RuleMove[]): RuleState | undefined {
  let state: RuleState | null | undefined = null;
  for (const move of moves) {
    if (state === undefined) return undefined;
    state = ruleAfter(state, move);
  }
  return state ?? undefined;
}
