import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { GroupDecision } from './core/identity-groups.ts';
import type { MergedKind } from './load-aliases.ts';

/** One with who made it, and when. */
export interface MadeDecision extends GroupDecision {
  decidedBy: 'person' | 'model';
  recordedAt: Date;
}

const rows = z.array(
  z
    .object({
      id: z.string(),
      verb: z.enum(['merged', 'unmerged']),
      undoes: z.string().nullable(),
      decided_by: z.enum(['person', 'model']),
      recorded_at: z.coerce.date(),
      sides: z.array(z.tuple([z.string(), z.number()])),
    })
    .transform(({ sides, decided_by, recorded_at, ...rest }): MadeDecision => {
      const side = (n: number) => sides.flatMap(([node, on]) => (on === n ? [node] : []));
      return { ...rest, decidedBy: decided_by, recordedAt: recorded_at, sides: [side(0), side(1)] };
    }),
);

/** The decisions about any of the nodes that make groups or end them, in the order in which they were made. */
export function groupDecisions(tx: Tx, ctx: Context, kind: MergedKind, nodes: readonly string[]): Promise<MadeDecision[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const about = `(select distinct s.decision_id as id from identity_side s where s.workspace_id = ${ws} and s.node_id = any(${params.uuids(nodes)})) about
    join identity_decision d on d.workspace_id = ${ws} and d.id = about.id`;
  return read(tx, kind, params, ws, about);
}

/** All decisions of people that make groups or end them, in the order in which they were made. */
export function peoplesGroupDecisions(tx: Tx, ctx: Context, kind: MergedKind): Promise<MadeDecision[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  return read(tx, kind, params, ws, `(select * from identity_decision p where p.workspace_id = ${ws} and p.decided_by = 'person') d`);
}

async function read(tx: Tx, kind: MergedKind, params: SqlParams, ws: string, from: string): Promise<MadeDecision[]> {
  return rows.parse(
    await tx.query(
      `select d.id::text, d.verb, d.undoes::text, d.decided_by, d.recorded_at,
         (select jsonb_agg(jsonb_build_array(s.node_id, s.side)) from identity_side s where s.workspace_id = ${ws} and s.decision_id = d.id) as sides
       from ${from} where d.kind = ${params.add(kind)} and d.verb in ('merged', 'unmerged') order by d.recorded_at, d.ordinal`,
      params.values,
    ),
  );
}
