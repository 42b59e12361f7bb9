import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

const rows = z.array(z.object({ kind: z.string(), value: z.string() }));
type Suppressed = z.infer<typeof rows>[number];

/**
 * The identifiers of people or of accounts that tell nobody apart, by the latest decision about each.
 * @param only of one kind, as `email`
 */
export async function suppressedIdentifiers(tx: Tx, ctx: Context, of: 'account' | 'person', only?: string): Promise<Suppressed[]> {
  const params = new SqlParams();
  const text = `select identifier_kind as kind, identifier as value from (
      select distinct on (identifier_kind, identifier) identifier_kind, identifier, verb from identity_decision
      where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(of)} and identifier is not null
        ${only === undefined ? '' : `and identifier_kind = ${params.add(only)}`}
      order by identifier_kind, identifier, recorded_at desc, ordinal desc) latest
    where verb = 'suppressed' order by 1, 2`;
  return rows.parse(await tx.query(text, params.values, { prepare: true }));
}
