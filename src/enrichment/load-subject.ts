import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedNow } from '../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../records/core/golden-sql.ts';
import { findAccount } from '../records/find-account.ts';
import { findPerson } from '../records/find-person.ts';
import { groupsAround } from '../records/load-aliases.ts';
import type { Subject } from './core/provider.ts';

/** A record to be enriched, and what is known of it today. */
export interface LoadedSubject {
  kind: Subject;
  id: string;
  name: string | null;
  /** Values that hold today, by the taxonomy's name; of a person, its account's too. */
  known: ReadonlyMap<string, unknown>;
  /** Text values to ask with, by field. */
  inputs: Readonly<Record<string, string>>;
  /** Providers know some parts of the world better than others: the country, where it is known. */
  segment: string;
}

const goldenRow = z.array(z.object({ fields: z.record(z.string(), z.unknown()) })).max(1);
const placeRow = z.array(z.object({ account_id: z.string().nullable() }));

/** @throws SamepageError `not_found`, or `ambiguous` with the candidates. */
export async function loadSubject(tx: Tx, ctx: Context, kind: Subject, named: string, sources: readonly string[]): Promise<LoadedSubject> {
  const found = kind === 'account' ? await findAccount(tx, ctx, named) : await findPerson(tx, ctx, named);
  const known = await golden(tx, ctx, kind, found.id, sources);
  if (kind === 'person') {
    const [place] = placeRow.parse(
      await tx.query('select account_id::text from person where workspace_id = $1 and id = $2::uuid', [ctx.workspaceId, found.id], {
        prepare: true,
      }),
    );
    const accountId = place?.account_id ?? null;
    if (accountId !== null) for (const [field, value] of await golden(tx, ctx, 'account', accountId, sources)) known.set(field, value);
  }
  const inputs: Record<string, string> = {};
  for (const [field, value] of known) {
    if (typeof value === 'string' || typeof value === 'number') inputs[field] = String(value);
  }
  return { kind, id: found.id, name: found.name, known, inputs, segment: inputs[`${kind}.country`] ?? inputs['account.country'] ?? '' };
}

/** The values that hold today: an expired one may still stand in the projection until that is derived again. */
async function golden(tx: Tx, ctx: Context, kind: Subject, id: string, sources: readonly string[]): Promise<Map<string, unknown>> {
  const nodes = (await groupsAround(tx, ctx, kind, [id])).get(id) ?? [id];
  const params = new SqlParams();
  const text = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entities: `o.entity_id = any(${params.uuids(nodes)})`,
    sources,
    asOfDay: `${params.add(dayOf(ctx.now()))}::int`,
    ...(nodes.length > 1 ? { grouped: { kind, believed: believedNow } } : {}),
  });
  const [row] = goldenRow.parse(await tx.query(text, params.values));
  return new Map(Object.entries(row?.fields ?? {}).map(([field, value]) => [`${kind}.${field}`, value]));
}
