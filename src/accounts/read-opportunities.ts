import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

export interface Opportunity {
  id: string;
  name: string | null;
  fields: Record<string, unknown>;
  changed_at: string;
}

export interface Opportunities {
  total: number;
  latest: Opportunity[];
}

const rowSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    fields: z.record(z.string(), z.unknown()),
    changed_at: z.coerce.date(),
    total: z.coerce.number(),
  }),
);

/** The opportunities of an account, the last changed first. */
export async function readOpportunities(tx: Tx, ctx: Context, accountId: string, limit: number): Promise<Opportunities> {
  const rows = rowSchema.parse(
    await tx.query(
      `select o.id, o.name, o.fields, o.changed_at, count(*) over () as total from opportunity o
       where o.workspace_id = $1 and o.account_id = $2::uuid order by o.changed_at desc, o.id limit ${limit}`,
      [ctx.workspaceId, accountId],
    ),
  );
  return {
    total: rows[0]?.total ?? 0,
    latest: rows.map(({ id, name, fields, changed_at }) => ({ id, name, fields, changed_at: changed_at.toISOString() })),
  };
}
