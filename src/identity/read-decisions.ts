import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { DECISION_VERBS, type DecisionKind, type DecisionVerb, decisionKind } from './decision.ts';

/** A decision as the log has it. */
export interface LoggedDecision {
  id: string;
  kind: DecisionKind;
  verb: DecisionVerb;
  recordedAt: Date;
  undoes: string | null;
  /** The decision that took this one back; null while it is in force. */
  undoneBy: string | null;
  decidedBy: 'person' | 'model';
  actor: string;
  model: string | null;
  evidence: unknown;
  sides: [string[], string[]];
}

const rows = z.array(
  z
    .object({
      id: z.string(),
      kind: decisionKind,
      verb: z.enum(DECISION_VERBS),
      recorded_at: z.coerce.date(),
      undoes: z.string().nullable(),
      undone_by: z.string().nullable(),
      decided_by: z.enum(['person', 'model']),
      actor: z.string(),
      model: z.string().nullable(),
      evidence: z.unknown(),
      sides: z.array(z.tuple([z.string(), z.number()])),
    })
    .transform(({ recorded_at, undone_by, decided_by, sides, ...rest }): LoggedDecision => {
      const side = (n: number) => sides.flatMap(([node, on]) => (on === n ? [node] : []));
      return { ...rest, recordedAt: recorded_at, undoneBy: undone_by, decidedBy: decided_by, sides: [side(0), side(1)] };
    }),
);

/**
 * The decisions about any of the nodes, with all their nodes, in the order in which they were made.
 * @param verbs those wanted
 */
export function decisionsAbout(
  tx: Tx,
  ctx: Context,
  kind: DecisionKind | readonly DecisionKind[],
  nodes: readonly string[],
  verbs: readonly DecisionVerb[] = DECISION_VERBS,
): Promise<LoggedDecision[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  // node by node: the log is long, and what concerns a few nodes is found by them
  const about = `select distinct s.decision_id as id from (${lookedUpSql({
    select: 't.decision_id',
    table: 'identity_side',
    where: `t.workspace_id = ${ws}`,
    column: 'node_id',
    keys: params.uuids(nodes),
  })}) s`;
  const kinds = typeof kind === 'string' ? [kind] : kind;
  const conditions = `d.kind = any(${params.texts(kinds)}) and d.verb = any(${params.texts(verbs)})`;
  return read(tx, params, ws, { about, where: conditions });
}

/** All decisions of some verbs that are in force, in the order in which they were made. */
export async function decisionsInForce(
  tx: Tx,
  ctx: Context,
  kind: DecisionKind,
  verbs: readonly DecisionVerb[],
): Promise<LoggedDecision[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const found = await read(tx, params, ws, { where: `d.kind = ${params.add(kind)} and d.verb = any(${params.texts(verbs)})` });
  return found.filter((decision) => decision.undoneBy === null);
}

/** Decisions by their ids, in the order in which they were made. */
export function decisionsByIds(tx: Tx, ctx: Context, ids: readonly string[]): Promise<LoggedDecision[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  return read(tx, params, ws, { about: `select id from unnest(${params.uuids(ids)}) k(id)`, where: 'true' });
}

/** @param which.about SQL of the ids of those to look up; all of the workspace when left out */
async function read(tx: Tx, params: SqlParams, ws: string, which: { about?: string; where: string }): Promise<LoggedDecision[]> {
  const from =
    which.about === undefined
      ? `identity_decision d where d.workspace_id = ${ws} and ${which.where}`
      : `(${which.about}) about cross join lateral (
           select d.* from identity_decision d where d.workspace_id = ${ws} and d.id = about.id and ${which.where} offset 0) d`;
  return rows.parse(
    await tx.query(
      `select d.id::text, d.kind, d.verb, d.recorded_at, d.undoes::text, d.decided_by, d.actor, d.model, d.evidence,
         (select u.id::text from identity_decision u where u.workspace_id = ${ws} and u.undoes = d.id order by u.recorded_at, u.ordinal limit 1) as undone_by,
         (select coalesce(jsonb_agg(jsonb_build_array(s.node_id, s.side) order by s.side, s.node_id), '[]')
          from identity_side s where s.workspace_id = ${ws} and s.decision_id = d.id) as sides
       from ${from} order by d.recorded_at, d.ordinal`,
      params.values,
    ),
  );
}
