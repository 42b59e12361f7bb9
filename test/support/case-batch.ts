import { derivedId } from '../../src/kernel/ids.ts';
import type { CaseBatch, CaseEvent, CasePerson } from './arbitraries.ts';
import type { OracleSubject } from './oracle.ts';

export interface CaseRows {
  accounts: { id: string; fields: Record<string, unknown> }[];
  people: { id: string; accountId: string | null; fields: Record<string, unknown> }[];
  events: { type: string; day: number; accountId: string | null; personId: string | null }[];
}

/** What each row is by itself, and which count as one. */
export interface CaseNodes extends CaseRows {
  /** Node → the entity that it counts as, of those that count as another. */
  entityOf: Map<string, string>;
  /** Node → what it counted as until now. */
  ended: Map<string, string>;
}

/** The rows of a batch as sources and events have them. Ids follow the places in the batch. */
export function nodesOf(batch: CaseBatch): CaseNodes {
  const rows: CaseNodes = { accounts: [], people: [], events: [], entityOf: new Map(), ended: new Map() };
  const add = (events: readonly CaseEvent[], accountId: string | null, personId: string | null) => {
    for (const { type, day } of events) rows.events.push({ type, day, accountId, personId });
  };
  const addPerson = (id: string, person: CasePerson, accountId: string | null, eventsOf: string | null) => {
    rows.people.push({ id, accountId, fields: person.fields });
    add(person.events, eventsOf, id);
  };
  batch.accounts.forEach((account, i) => {
    const id = accountIdAt(i);
    rows.accounts.push({ id, fields: account.fields });
    account.people.forEach((person, j) => {
      addPerson(derivedId('person', 'case', `${i}`, `${j}`), person, id, id);
    });
    add(account.anonymousEvents, id, null);
    add(account.signals, id, null);
  });
  batch.strangers.forEach((person, i) => {
    addPerson(derivedId('person', 'case', 'stranger', `${i}`), person, null, person.visits === null ? null : accountIdAt(person.visits));
  });
  const ids = { accounts: rows.accounts.map((row) => row.id), people: rows.people.map((row) => row.id) };
  for (const kind of ['accounts', 'people'] as const) {
    join(ids[kind], batch.merges[kind], rows.entityOf);
    join(ids[kind], batch.ended[kind], rows.ended);
  }
  return rows;
}

/** Groups that share no node. All are known since the same instant, so the least id stands for a group. */
function join(ids: readonly string[], groups: readonly (readonly number[])[], into: Map<string, string>): void {
  if (ids.length === 0) return;
  const taken = new Set<string>();
  for (const group of groups) {
    const nodes = [...new Set(group.map((place) => ids[place % ids.length] as string))].filter((id) => !taken.has(id)).sort();
    for (const node of nodes) taken.add(node);
    for (const node of nodes.slice(1)) into.set(node, nodes[0] as string);
  }
}

/**
 * The rows as the projections hold them: entities alone. All was said at once by one source, so of a field most nodes have it, of as many
 * the row said last; all memberships have the same evidence and age, so the least id among the nodes that have one decides.
 */
export function rowsOf(nodes: CaseNodes): CaseRows {
  const entity = <T extends string | null>(id: T): T => (id === null ? id : ((nodes.entityOf.get(id) ?? id) as T));
  const said = groupedBy([...nodes.accounts, ...nodes.people], ({ id }) => entity(id));
  const golden = (id: string) => mostSaid((said.get(id) ?? []).map(({ fields }) => fields));
  const accounts = new Map(nodes.accounts.map(({ id }) => [entity(id), { id: entity(id), fields: golden(entity(id)) }]));
  const people = new Map<string, CaseRows['people'][number] & { by: string | null }>();
  for (const { id, accountId } of nodes.people) {
    const before = people.get(entity(id));
    const decides = accountId !== null && (before === undefined || before.by === null || id < before.by);
    people.set(entity(id), {
      id: entity(id),
      fields: golden(entity(id)),
      accountId: decides ? entity(accountId) : (before?.accountId ?? null),
      by: decides ? id : (before?.by ?? null),
    });
  }
  const events = nodes.events.map(({ type, day, accountId, personId }) => {
    const person = entity(personId);
    const placed = person === null ? null : (people.get(person)?.accountId ?? null);
    return { type, day, personId: person, accountId: placed ?? entity(accountId) };
  });
  return { accounts: [...accounts.values()], people: [...people.values()].map(({ by: _, ...row }) => row), events };
}

function mostSaid(all: readonly Record<string, unknown>[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of new Set(all.flatMap((one) => Object.keys(one)))) {
    const values = all.flatMap((one) => (Object.hasOwn(one, key) ? [JSON.stringify(one[key])] : []));
    const votes = (value: string) => values.filter((one) => one === value).length;
    const most = Math.max(...values.map(votes));
    fields[key] = JSON.parse(values.findLast((value) => votes(value) === most) ?? 'null');
  }
  return fields;
}

/** The same rows as the oracle's subjects: every account and every person. */
export function subjectsOf(rows: CaseRows): { id: string; subject: OracleSubject }[] {
  const fieldsOfAccount = new Map(rows.accounts.map((account) => [account.id, account.fields]));
  const ofAccount = groupedBy(rows.events, (event) => event.accountId);
  const ofPerson = groupedBy(rows.events, (event) => event.personId);
  const accounts = rows.accounts.map(({ id, fields }) => ({
    id,
    subject: { kind: 'account' as const, accountFields: fields, personFields: {}, events: ofAccount.get(id) ?? [] },
  }));
  const people = rows.people.map(({ id, accountId, fields }) => {
    const events = ofPerson.get(id) ?? [];
    const colleagues = accountId === null ? [] : (ofAccount.get(accountId) ?? []).filter((event) => event.personId !== id);
    return {
      id,
      subject: {
        kind: 'lead' as const,
        accountFields: (accountId === null ? undefined : fieldsOfAccount.get(accountId)) ?? {},
        personFields: fields,
        events,
        signalEvents: [...events, ...colleagues],
      },
    };
  });
  return [...accounts, ...people];
}

function accountIdAt(place: number): string {
  return derivedId('account', 'case', `${place}`);
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
