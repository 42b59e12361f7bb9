import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

const rows = z.array(z.object({ entity_id: z.string(), name: z.string() }));

/** By person, the names under which a source ever told of them. */
export async function loadSaidNames(tx: Tx, ctx: Context, source: string, people: readonly string[]): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  if (people.length === 0) return names;
  const params = new SqlParams();
  const found = await tx.query(
    `select distinct k.id::text as entity_id, said.name from unnest(${params.uuids(people)}) k(id) cross join lateral (
       select o."values"->>'name' as name from observation o
       where o.workspace_id = ${params.add(ctx.workspaceId)} and o.entity_id = k.id and o.source = ${params.add(source)} offset 0) said
     where said.name is not null`,
    params.values,
  );
  for (const { entity_id: id, name } of rows.parse(found)) names.set(id, [...(names.get(id) ?? []), name]);
  return names;
}
