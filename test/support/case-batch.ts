import { derivedId } from '../../src/kernel/ids.ts';
import type { CaseBatch, CaseEvent, CasePerson } from './arbitraries.ts';
import type { OracleSubject } from './oracle.ts';

export interface CaseRows {
  accounts: { id: string; fields: Record<string, unknown> }[];
  people: { id: string; accountId: string | null; fields: Record<string, unknown> }[];
  events: { type: string; day: number; accountId: string | null; personId: string | null }[];
}

/** The rows of a batch as the projections hold them. Ids follow the places in the batch. */
export function rowsOf(batch: CaseBatch): CaseRows {
  const rows: CaseRows = { accounts: [], people: [], events: [] };
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
  return rows;
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
