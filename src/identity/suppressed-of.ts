import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type IdentifierKind, identifierValue } from './core/identifier-value.ts';
import { isoCountry } from './core/phone-key.ts';
import type { IdentityKind } from './decision.ts';
import { phoneHome } from './phone-home.ts';

/** An identifier of a record that tells nobody apart, as somebody said. */
export interface SuppressedIdentifier {
  kind: string;
  value: string;
  decision: string;
  decidedBy: 'person' | 'model';
  recordedAt: Date;
  reason: string | null;
}

const FIELDS: readonly (readonly [field: string, kind: IdentifierKind])[] = [
  ['email', 'email'],
  ['email', 'domain'],
  ['phone', 'phone'],
  ['mobile_phone', 'phone'],
  ['domain', 'domain'],
];

const fieldRows = z.array(z.object({ fields: z.record(z.string(), z.unknown()) }));
const rows = z.array(
  z
    .object({
      identifier_kind: z.string(),
      identifier: z.string(),
      id: z.string(),
      decided_by: z.enum(['person', 'model']),
      recorded_at: z.coerce.date(),
      reason: z.string().nullable(),
    })
    .transform(
      ({ identifier_kind, identifier, id, decided_by, recorded_at, reason }): SuppressedIdentifier => ({
        kind: identifier_kind,
        value: identifier,
        decision: id,
        decidedBy: decided_by,
        recordedAt: recorded_at,
        reason,
      }),
    ),
);

/** Which identifiers of nodes tell nobody apart. Of a person also the domain of the address, which then says nothing of where they work. */
export async function suppressedOf(tx: Tx, ctx: Context, kind: IdentityKind, nodes: readonly string[]): Promise<SuppressedIdentifier[]> {
  const of = new SqlParams();
  const said = fieldRows.parse(
    await tx.query(
      `select fields from ${kind} where workspace_id = ${of.add(ctx.workspaceId)} and id = any(${of.uuids(nodes)})`,
      of.values,
    ),
  );
  const home = await phoneHome(tx, ctx);
  const found = said.flatMap(({ fields }) => FIELDS.flatMap(([field, as]) => valuesOf(fields, field, as, home)));
  if (found.length === 0) return [];
  const params = new SqlParams();
  const text = `select * from (
      select distinct on (d.kind, d.identifier_kind, d.identifier) d.identifier_kind, d.identifier, d.id::text, d.verb, d.decided_by, d.recorded_at,
        d.evidence->>'reason' as reason
      from identity_decision d where d.workspace_id = ${params.add(ctx.workspaceId)} and d.kind = any(${params.texts([...new Set([kind, 'account'])])})
        and d.identifier is not null and (d.identifier_kind, d.identifier) in (select r.kind, r.value from ${params.rows('r', {
          kind: ['text', found.map((one) => one.kind)],
          value: ['text', found.map((one) => one.value)],
        })})
      order by d.kind, d.identifier_kind, d.identifier, d.recorded_at desc, d.ordinal desc) latest
    where verb = 'suppressed' order by recorded_at, id`;
  return rows.parse(await tx.query(text, params.values));
}

/** As it is compared; a number with no country of its own may have been suppressed as it is written, too. */
function valuesOf(
  fields: Readonly<Record<string, unknown>>,
  field: string,
  kind: IdentifierKind,
  home: string | null,
): { kind: IdentifierKind; value: string }[] {
  const text = fields[field];
  if (typeof text !== 'string') return [];
  const named = typeof fields.country === 'string' ? (isoCountry(fields.country) ?? null) : null;
  const read = kind === 'domain' ? text.slice(text.lastIndexOf('@') + 1) : text;
  const values = [identifierValue(kind, read, named ?? home), identifierValue(kind, read, null)];
  return [...new Set(values)].flatMap((value) => (value === null ? [] : [{ kind, value }]));
}
