import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { GroupDecision } from './core/identity-groups.ts';
import type { MergedKind } from './load-aliases.ts';

const rows = z.array(
  z
    .object({
      id: z.string(),
      verb: z.enum(['merged', 'unmerged']),
      undoes: z.string().nullable(),
      sides: z.array(z.tuple([z.string(), z.number()])),
    })
    .transform(({ sides, ...rest }): GroupDecision => {
      const side = (n: number) => sides.flatMap(([node, on]) => (on === n ? [node] : []));
      return { ...rest, sides: [side(0), side(1)] };
    }),
);

/** The decisions about any of the nodes that make groups or end them, in the order in which they were made. */
export async function groupDecisions(tx: Tx, ctx: Context, kind: MergedKind, nodes: readonly string[]): Promise<GroupDecision[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  return rows.parse(
    await tx.query(
      `with about as materialized (
         select distinct s.decision_id as id from identity_side s where s.workspace_id = ${ws} and s.node_id = any(${params.uuids(nodes)}))
       select d.id::text, d.verb, d.undoes::text,
         (select jsonb_agg(jsonb_build_array(s.node_id, s.side)) from identity_side s where s.workspace_id = ${ws} and s.decision_id = d.id) as sides
       from about join identity_decision d on d.workspace_id = ${ws} and d.id = about.id
       where d.kind = ${params.add(kind)} and d.verb in ('merged', 'unmerged') order by d.recorded_at, d.ordinal`,
      params.values,
    ),
  );
}
