import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { IdentityKind } from './decision.ts';

const rows = z.array(z.object({ identifier_kind: z.string(), identifier: z.string() }));

/** The identifiers that tell nobody apart, by the latest decision about each. */
export async function suppressedIdentifiers(tx: Tx, ctx: Context, kind: IdentityKind): Promise<{ kind: string; value: string }[]> {
  const params = new SqlParams();
  const text = `select identifier_kind, identifier from (
      select distinct on (identifier_kind, identifier) identifier_kind, identifier, verb from identity_decision
      where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)} and identifier is not null
      order by identifier_kind, identifier, recorded_at desc, ordinal desc) latest
    where verb = 'suppressed' order by 1, 2`;
  return rows.parse(await tx.query(text, params.values)).map((row) => ({ kind: row.identifier_kind, value: row.identifier }));
}
