import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Writes } from './core/chunk.ts';
import { nameKey } from './core/name-key.ts';
import type { Newcomer } from './core/new-entities.ts';
import type { Values } from './core/row-reader.ts';
import type { Entity } from './core/targets.ts';
import type { NewEntity, Placement } from './insert-records.ts';
import { entitiesOf, type Merged } from './load-aliases.ts';

const COLUMNS: Readonly<Record<Entity, string>> = {
  account: 'domain, name, name_key',
  person: 'email, domain, account_id, name, name_key',
  opportunity: 'name, name_key',
};

/**
 * Where new people belong: to the account that their record names, else to the one that claims the domain of their e-mail.
 * @param known who claims which domain, as far as the people's go, which domains say nothing of where people work, and whether any account
 * was merged
 */
export async function placements(
  tx: Tx,
  ctx: Context,
  people: readonly Newcomer[],
  writes: Writes,
  known: { claims: ReadonlyMap<string, string>; shared: ReadonlySet<string>; merged: Merged },
): Promise<Map<string, Placement>> {
  const whole = people.filter((person) => person.values !== null);
  if (whole.length === 0) return new Map();
  const domains = new Map(whole.map((person) => [person.id, mailDomain(person.values, writes)]));
  const placed = new Map<string, Placement>();
  for (const [personId, domain] of domains) {
    const byRecord = writes.members.get(personId);
    const accountId = byRecord ?? (domain === null || known.shared.has(domain) ? undefined : known.claims.get(domain));
    if (accountId === undefined) continue;
    placed.set(personId, { personId, accountId, entityId: accountId, evidence: byRecord === undefined ? 'domain' : 'record' });
  }
  if (known.merged.account) {
    const entities = await entitiesOf(
      tx,
      ctx,
      'account',
      [...placed.values()].map(({ accountId }) => accountId),
    );
    for (const placement of placed.values()) placement.entityId = entities.get(placement.accountId) ?? placement.accountId;
  }
  return placed;
}

/** What a new entity has beside its fields. */
export function besideFields(entity: Entity, { id, values }: Newcomer, writes: Writes, placed: ReadonlyMap<string, Placement>): NewEntity {
  const name = values?.name;
  return {
    nameKey: typeof name === 'string' ? nameKey(name) : null,
    domain: entity === 'person' ? mailDomain(values, writes) : null,
    placement: placed.get(id),
  };
}

function mailDomain(values: Values | null, writes: Writes): string | null {
  const email = values?.email;
  return typeof email === 'string' ? (writes.mailDomains.get(email) ?? null) : null;
}

/** Makes new entities. What is said of them, when it is one thing, is their golden record. */
export async function insertEntities(
  tx: Tx,
  ctx: Context,
  entity: Entity,
  entities: readonly Newcomer[],
  options: { writes: Writes; placed: ReadonlyMap<string, Placement>; at: string },
): Promise<void> {
  if (entities.length === 0) return;
  const beside = entities.map((newcomer) => besideFields(entity, newcomer, options.writes, options.placed));
  const textOf = (key: string) => entities.map(({ values }) => (typeof values?.[key] === 'string' ? values[key] : null));
  const ownDomain = textOf('domain');
  const columns = COLUMNS[entity];
  const params = new SqlParams();
  const at = `${params.add(options.at)}::timestamptz`;
  await tx.query(
    `insert into ${entity} (workspace_id, id, fields, created_at, changed_at, ${columns})
     select ${params.add(ctx.workspaceId)}, r.id, r.fields, ${at}, ${at}, ${columns.replace(/\w+/g, 'r.$&')}
     from ${params.rows('r', {
       id: ['uuid', entities.map(({ id }) => id)],
       fields: ['jsonb', entities.map(({ values }) => JSON.stringify(values ?? {}))],
       email: ['text', textOf('email')],
       domain: ['text', beside.map(({ domain }, i) => domain ?? ownDomain[i] ?? null)],
       account_id: ['uuid', beside.map(({ placement }) => placement?.entityId ?? null)],
       name: ['text', textOf('name')],
       name_key: ['text', beside.map(({ nameKey }) => nameKey)],
     })}`,
    params.values,
  );
}
