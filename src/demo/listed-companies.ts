import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

export interface ListedCompany {
  name: string;
  domain: string;
  /** How many lists hold it. */
  lists: number;
}

const rowSchema = z.array(z.object({ name: z.string().nullable(), domain: z.string(), lists: z.number() }));

/** Every account with a domain and how many sources hold it, those of most sources first. */
export async function listedCompanies(ctx: Context): Promise<ListedCompany[]> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select a.name, a.domain, count(distinct r.source)::int as lists
       from account a join external_ref r on r.workspace_id = a.workspace_id and r.kind = 'account' and r.entity_id = a.id
       where a.workspace_id = $1 and a.domain is not null
       group by a.id, a.name, a.domain order by lists desc, a.domain`,
      [ctx.workspaceId],
    ),
  );
  return rowSchema.parse(rows).map(({ name, ...row }) => ({ ...row, name: name ?? row.domain }));
}
