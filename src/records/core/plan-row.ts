import { derivedId } from '../../kernel/ids.ts';
import { type Chunk, type Outcome, recordId } from './chunk.ts';
import { isFreeMail } from './free-mail.ts';
import type { ReadRow } from './row-reader.ts';
import type { RecordKind } from './targets.ts';

const RECORD_NAMES = { accounts: 'account', people: 'person', opportunities: 'opportunity' } as const;

/** The `kind` of a row's source record. */
export function recordKind(kind: RecordKind, row: ReadRow): string {
  if (kind === 'events' || kind === 'signals') return row.event?.isSignal === true ? 'signal' : 'event';
  return RECORD_NAMES[kind];
}

/** When a row's content was true at its source, in milliseconds: its stamp, when its event happened, else when the import says. */
export function trueAt(row: ReadRow, observedAt: number): number {
  return row.stamp ?? row.event?.occurredAt ?? observedAt;
}

/** The id of the source record that a row makes. */
export function rowRecordId(source: string, kind: RecordKind, row: ReadRow, observedAt: number): string {
  return recordId(source, recordKind(kind, row), row.externalId, row.digest, trueAt(row, observedAt));
}

/**
 * Adds what one row means to the chunk.
 * @param id the row's `rowRecordId`
 */
export function planRow(chunk: Chunk, kind: RecordKind, row: ReadRow, id: string): Outcome {
  if (kind === 'events' || kind === 'signals') return planEvent(chunk, kind, row, id);
  const entity = RECORD_NAMES[kind];
  const before = chunk.ref(entity, row.externalId);
  if (before?.digest === row.digest) return 'unchanged';
  // an older state of the record, read again
  if (before !== undefined && row.stamp !== undefined && chunk.known.records.has(id)) return 'unchanged';

  const made = chunk.writes.created[entity].size;
  const name = typeof row.values.name === 'string' ? row.values.name : undefined;
  const entityId =
    kind === 'accounts'
      ? chunk.account(row.externalId, row.domain, row.onlyDomain)
      : kind === 'people'
        ? chunk.person(row.externalId, row.email, name)
        : opportunity(chunk, row);
  const outcome = chunk.writes.created[entity].size > made ? 'created' : 'updated';
  chunk.record(entity, {
    id,
    kind: entity,
    externalId: row.externalId,
    payload: row.payload,
    line: row.line,
    entityId,
    digest: row.digest,
    values: row.valuesText === '{}' ? null : row.values,
    valuesText: row.valuesText,
    observedAt: chunk.observedBy(trueAt(row, chunk.options.observedAt)),
    ordinal: chunk.takeOrdinal(),
    isNew: before === undefined,
    creates: outcome === 'created',
  });
  if (kind === 'people') {
    noteMail(chunk, row);
    if (name !== undefined) chunk.noteName(entityId, name);
  }
  if (kind !== 'accounts') {
    const named = namedAccount(chunk, kind, row, id);
    if (named !== undefined && kind === 'people') chunk.writes.members.set(entityId, named);
    if (named !== undefined && kind === 'opportunities') chunk.writes.opportunityAccounts.set(entityId, named);
  }
  return outcome;
}

/** The account that a person's or opportunity's row names, with what it says of it. A person's company columns are no name. */
function namedAccount(chunk: Chunk, kind: RecordKind, row: ReadRow, id: string): string | undefined {
  const byDomain = kind === 'opportunities' && row.domain !== undefined && !isFreeMail(row.domain);
  if (row.accountExternalId === undefined && !byDomain) return undefined;
  const account = chunk.account(row.accountExternalId, row.domain, row.accountExternalId === undefined);
  chunk.observe('account', account, id, row.accountValues, trueAt(row, chunk.options.observedAt));
  return account;
}

function opportunity(chunk: Chunk, row: ReadRow): string {
  return (
    chunk.ref('opportunity', row.externalId)?.entityId ??
    chunk.create('opportunity', derivedId('opportunity', chunk.options.source, row.externalId))
  );
}

function planEvent(chunk: Chunk, kind: RecordKind, row: ReadRow, id: string): Outcome {
  const { event } = row;
  if (event === undefined) throw new Error('a row of events was read without its event');
  const { source, recordedAt } = chunk.options;
  const eventId = derivedId('event', source, row.externalId);
  const before = chunk.known.events.get(eventId);
  // content seen before is a repeated delivery, also when it was corrected since
  if (before === id || (before !== undefined && chunk.known.records.has(id))) return 'unchanged';

  const peopleMade = chunk.writes.created.person.size;
  const personId = row.email === undefined && row.personExternalId === undefined ? null : chunk.person(row.personExternalId, row.email);
  if (personId !== null && row.email !== undefined && chunk.writes.created.person.size > peopleMade) {
    chunk.observe('person', personId, id, { email: row.email }, event.occurredAt);
    noteMail(chunk, row);
  }
  const accountsMade = chunk.writes.created.account.size;
  const namedAccountId = row.accountExternalId === undefined ? null : chunk.account(row.accountExternalId, row.domain, false);
  if (namedAccountId !== null && chunk.writes.created.account.size > accountsMade) {
    chunk.observe('account', namedAccountId, id, row.accountValues, event.occurredAt);
  }
  chunk.writes.records.push({
    id,
    kind: recordKind(kind, row),
    externalId: row.externalId,
    payload: row.payload,
    line: row.line,
    entityId: null,
    digest: null,
    values: null,
    valuesText: '',
    observedAt: event.occurredAt,
    ordinal: 0,
    isNew: before === undefined,
    creates: false,
  });
  chunk.known.records.add(id);
  chunk.known.events.set(eventId, id);
  chunk.writes.events.set(eventId, {
    id: eventId,
    externalId: row.externalId,
    type: event.type,
    occurredAt: Math.min(event.occurredAt, recordedAt),
    personId,
    anonymousId: row.anonymousId ?? null,
    namedAccountId,
    domain: row.domain ?? null,
    recordId: id,
    attributes: event.attributes,
    corrects: before !== undefined,
  });
  return before === undefined ? 'created' : 'updated';
}

function noteMail(chunk: Chunk, row: ReadRow): void {
  if (row.email !== undefined) chunk.writes.mailDomains.set(row.email, row.emailDomain ?? null);
}
