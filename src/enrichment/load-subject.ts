import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { believedNow } from '../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../records/core/golden-sql.ts';
import { findAccounts } from '../records/find-accounts.ts';
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

/** @throws SamepageError `not_found`, or `ambiguous` with the candidates. */
export async function loadSubjects(
  tx: Tx,
  ctx: Context,
  kind: Subject,
  names: readonly string[],
  policy: MergePolicy,
): Promise<LoadedSubject[]> {
  const found = kind === 'account' ? await findAccounts(tx, ctx, names) : await findPeople(tx, ctx, names);
  const own = await knownOf(tx, ctx, { kind, ids: found.map(({ id }) => id), policy });
  const places =
    kind === 'account'
      ? new Map<string, string>()
      : new Map([...own].flatMap(([id, { account }]) => (account === null ? [] : [[id, account]])));
  const theirs = await knownOf(tx, ctx, { kind: 'account', ids: [...places.values()], policy });
  return found.map(({ id, name }) => {
    const known = new Map<string, unknown>();
    const take = (entity: Subject, fields: Readonly<Record<string, unknown>> = {}) => {
      for (const [field, value] of Object.entries(fields)) known.set(`${entity}.${field}`, value);
    };
    take(kind, own.get(id)?.fields);
    take('account', theirs.get(places.get(id) ?? '')?.fields);
    const inputs: Record<string, string> = {};
    for (const [field, value] of known) if (typeof value === 'string' || typeof value === 'number') inputs[field] = String(value);
    return { kind, id, name, known, inputs, segment: inputs[`${kind}.country`] ?? inputs['account.country'] ?? '' };
  });
}

async function findPeople(tx: Tx, ctx: Context, names: readonly string[]): Promise<{ id: string; name: string | null }[]> {
  const found = [];
  for (const name of names) found.push(await findPerson(tx, ctx, name));
  return found;
}

const fields = z.record(z.string(), z.unknown());
const projectedRows = z.array(z.object({ id: z.string(), fields, stale: z.boolean(), account: z.string().nullable() }));
const goldenRow = z.array(z.object({ fields })).max(1);

interface Known {
  fields: Readonly<Record<string, unknown>>;
  /** Of a person: where it belongs. */
  account: string | null;
}

/** The values that hold today: those of the projection, unless one of them has expired since it was derived. */
async function knownOf(
  tx: Tx,
  ctx: Context,
  { kind, ids, policy }: { kind: Subject; ids: readonly string[]; policy: MergePolicy },
): Promise<Map<string, Known>> {
  if (ids.length === 0) return new Map();
  const params = new SqlParams();
  const text = lookedUpSql({
    select: `t.id::text, t.fields, coalesce(t.stale_day <= ${params.add(dayOf(ctx.now()))}::int, false) as stale, ${kind === 'person' ? 't.account_id::text' : 'null'} as account`,
    table: kind,
    where: `t.workspace_id = ${params.add(ctx.workspaceId)}`,
    column: 'id',
    keys: params.uuids([...new Set(ids)]),
  });
  const known = new Map<string, Known>();
  for (const { id, fields, stale, account } of projectedRows.parse(await tx.query(text, params.values, { prepare: true })))
    known.set(id, { fields: stale ? await golden(tx, ctx, kind, id, policy) : fields, account });
  return known;
}

async function golden(tx: Tx, ctx: Context, kind: Subject, id: string, policy: MergePolicy): Promise<Record<string, unknown>> {
  const nodes = (await groupsAround(tx, ctx, kind, [id])).get(id) ?? [id];
  const params = new SqlParams();
  const text = goldenFieldsSql({
    params,
    workspaceId: ctx.workspaceId,
    entity: kind,
    entities: `o.entity_id = any(${params.uuids(nodes)})`,
    policy,
    asOfDay: `${params.add(dayOf(ctx.now()))}::int`,
    ...(nodes.length > 1 ? { grouped: { kind, believed: believedNow } } : {}),
  });
  const [row] = goldenRow.parse(await tx.query(text, params.values));
  return row?.fields ?? {};
}
