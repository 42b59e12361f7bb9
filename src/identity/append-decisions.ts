import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { shown } from '../kernel/errors.ts';
import { derivedId } from '../kernel/ids.ts';
import type { Decider, DecisionKind, DecisionVerb } from './decision.ts';
import { endReviews } from './end-reviews.ts';

export interface NewDecision {
  verb: DecisionVerb;
  decider: Decider;
  /** Nodes on the first side, and on the second. */
  sides: readonly [readonly string[], readonly string[]];
  undoes?: string;
  identifier?: { kind: string; value: string };
}

const nextRow = z.tuple([z.object({ next: z.number() })]);

/** Appends decisions to the log, in their order, and ends the reviews that they answer. @returns their ids */
export async function appendDecisions(
  tx: Tx,
  ctx: Context,
  kind: DecisionKind,
  decisions: readonly NewDecision[],
  recordedAt: Date,
): Promise<string[]> {
  if (decisions.length === 0) return [];
  const at = recordedAt.toISOString();
  const [{ next }] = nextRow.parse(
    await tx.query(
      'select coalesce(max(ordinal) + 1, 0) as next from identity_decision where workspace_id = $1 and kind = $2 and recorded_at = $3::timestamptz',
      [ctx.workspaceId, kind, at],
    ),
  );
  const rows = decisions.map((decision, i) => ({
    id: derivedId('decision', kind, at, String(next + i)),
    ordinal: next + i,
    verb: decision.verb,
    undoes: decision.undoes ?? null,
    identifier_kind: decision.identifier?.kind ?? null,
    identifier: decision.identifier?.value ?? null,
    decided_by: decision.decider.by,
    model: decision.decider.model ?? null,
    evidence: decision.decider.evidence ?? null,
  }));
  await tx.query(
    `insert into identity_decision (workspace_id, id, recorded_at, ordinal, kind, verb, undoes, identifier_kind, identifier, decided_by, actor, model, evidence)
     select $1, r.id, $3::timestamptz, r.ordinal, $2, r.verb, r.undoes, r.identifier_kind, r.identifier, r.decided_by, $4, r.model, r.evidence
     from jsonb_to_recordset($5::text::jsonb) as r(id uuid, ordinal int, verb text, undoes uuid, identifier_kind text, identifier text, decided_by text,
       model text, evidence jsonb)`,
    [ctx.workspaceId, kind, at, shown(ctx.actor.id), JSON.stringify(rows)],
  );
  const sides = decisions.flatMap((decision, i) =>
    decision.sides.flatMap((nodes, side) => [...new Set(nodes)].map((node_id) => ({ decision_id: rows[i]?.id, node_id, side }))),
  );
  await tx.query(
    `insert into identity_side (workspace_id, node_id, decision_id, side)
     select $1, r.node_id, r.decision_id, r.side from jsonb_to_recordset($2::text::jsonb) as r(node_id uuid, decision_id uuid, side smallint)`,
    [ctx.workspaceId, JSON.stringify(sides)],
  );
  await endReviews(
    tx,
    ctx,
    kind,
    decisions.map(({ verb, sides }, i) => ({ id: rows[i]?.id ?? '', verb, sides })),
  );
  return rows.map((row) => row.id);
}
