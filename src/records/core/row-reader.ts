import { keywordKey } from '../../definitions/core/keyword.ts';
import type { EventType, Taxonomy, TaxonomyField } from '../../definitions/core/taxonomy.ts';
import { type Json, sha256 } from '../../kernel/canonical-json.ts';
import { shown } from '../../kernel/errors.ts';
import { isFreeMail } from './free-mail.ts';
import type { ColumnMapping } from './guess-mapping.ts';
import { type CellReader, fieldReader, type ReadingOptions } from './normalise.ts';
import { readDomain, registrableDomain } from './normalise-address.ts';
import { readInstant } from './normalise-date.ts';
import { type Reading, readText } from './reading.ts';
import { nearest } from './resolve-mapping.ts';
import { type Entity, entityOf, type RecordKind, squash } from './targets.ts';

/** Field key (without its entity) → value by the declared type. */
export type Values = Readonly<Record<string, Json>>;

/** A row as it came. */
export interface RawRow {
  line: number;
  /** The whole row, JSON text. */
  payload: string;
  /** A cell for each column: text from CSV, any JSON value from JSONL. */
  cells: readonly unknown[];
}

/** A row as it was understood. */
export interface ReadRow {
  line: number;
  payload: string;
  /** The record's name at its source: its id there, else its natural key. */
  externalId: string;
  /** sha256 of what it said and of what was understood. */
  digest: string;
  /** When the source last changed it, in milliseconds, where the source says. */
  stamp: number | undefined;
  /** Facts of the record's own entity. */
  values: Values;
  /** Facts of the account that the row names. */
  accountValues: Values;
  accountExternalId: string | undefined;
  personExternalId: string | undefined;
  /** Accounts: the domain that names it; opportunities and events: the account's. */
  domain: string | undefined;
  /** The domain is all there is to tell the account by. */
  onlyDomain: boolean;
  email: string | undefined;
  emailDomain: string | undefined;
  event: { type: string; isSignal: boolean; occurredAt: number; attributes: Values | null } | undefined;
}

export interface BadCell {
  line: number;
  /** Column name; null when the whole line is meant. */
  column: string | null;
  value: string;
  reason: string;
}

export interface RowReaderOptions {
  kind: RecordKind;
  mapping: readonly ColumnMapping[];
  taxonomy: Taxonomy;
  reading: ReadingOptions;
  /** Instants later than this are refused (a day of clock skew is allowed for by the caller). */
  latest: number;
}

interface FieldColumn {
  index: number;
  column: string;
  entity: Entity;
  key: string;
  read: CellReader;
}

/** Reads rows of one file: every cell by what its column means. A cell that cannot be read refuses its row, as nothing is guessed. */
export function rowReader(options: RowReaderOptions): (row: RawRow) => ReadRow | BadCell[] {
  const { kind, mapping, taxonomy } = options;
  const declared = new Map(taxonomy.fields.map((field) => [field.name, field]));
  const fields = mapping.flatMap((m, index): FieldColumn[] => {
    const field = m.target === null ? undefined : declared.get(m.target);
    if (field === undefined) return [];
    return [{ index, column: m.column, ...split(field), read: fieldReader(field, options.reading) }];
  });
  const special = (target: string) => {
    const index = mapping.findIndex((m) => m.target === target);
    return index < 0 ? undefined : { index, column: mapping[index]?.column ?? '' };
  };
  const attributes = mapping.flatMap((m, index) =>
    m.target === 'attribute' ? [{ index, column: m.column, key: keywordKey(m.column) || 'attribute' }] : [],
  );
  const columns = {
    id: special('external_id') ?? special('event_id'),
    stamp: special('observed_at'),
    account: special('account_external_id'),
    person: special('person_external_id'),
    type: special('event_type'),
    occurred: special('occurred_at'),
  };
  const own: Entity =
    kind === 'people' || kind === 'events' || kind === 'signals' ? 'person' : kind === 'accounts' ? 'account' : 'opportunity';
  const types = eventTypes(taxonomy);
  const hasDomainField = declared.has('account.domain');

  return (row) => {
    const bad: BadCell[] = [];
    const refuse = (column: string | null, value: unknown, reason: string) =>
      bad.push({ line: row.line, column, value: shown(value ?? ''), reason });
    const cell = <T>(at: { index: number; column: string } | undefined, read: (raw: unknown) => Reading<T>): T | undefined => {
      if (at === undefined) return undefined;
      const raw = row.cells[at.index];
      if (raw === undefined || raw === null || raw === '') return undefined;
      const reading = read(raw);
      if (reading === undefined) return undefined;
      if ('value' in reading) return reading.value;
      refuse(at.column, raw, reading.reason);
      return undefined;
    };
    const values: Record<Entity, Record<string, Json>> = { account: {}, person: {}, opportunity: {} };
    for (const field of fields) {
      if (Object.hasOwn(values[field.entity], field.key)) continue;
      const value = cell(field, field.read);
      if (value !== undefined) values[field.entity][field.key] = value;
    }
    const externalId = cell(columns.id, readId);
    const stamp = cell(columns.stamp, (raw) => readPast(raw, options));
    const accountExternalId = cell(columns.account, readId);
    const personExternalId = cell(columns.person, readId);

    if (kind === 'accounts' && hasDomainField && values.account.domain === undefined && typeof values.account.website === 'string') {
      const domain = readDomain(values.account.website);
      if (domain !== undefined && 'value' in domain) values.account.domain = domain.value;
    }
    if (kind === 'people' && values.person.name === undefined) {
      const name = [values.person.first_name, values.person.last_name].filter((part) => typeof part === 'string').join(' ');
      if (name !== '' && declared.get('person.name') !== undefined) values.person.name = name;
    }
    const domain = textOf(values.account.domain);
    const email = textOf(values.person.email);
    const mailDomain = email === undefined ? undefined : registrableDomain(email.slice(email.lastIndexOf('@') + 1));

    let event: ReadRow['event'];
    if (kind === 'events' || kind === 'signals') {
      const type = cell(columns.type, (raw) => readType(raw, types));
      const occurredAt = cell(columns.occurred, (raw) => readPast(raw, options));
      if (bad.length === 0 && type === undefined) refuse(columns.type?.column ?? null, '', 'names no event type');
      if (bad.length === 0 && occurredAt === undefined) refuse(columns.occurred?.column ?? null, '', 'does not say when it happened');
      if (
        bad.length === 0 &&
        email === undefined &&
        domain === undefined &&
        personExternalId === undefined &&
        accountExternalId === undefined
      ) {
        refuse(null, '', 'names neither a person (e-mail or id) nor an account (id or domain)');
      }
      if (type !== undefined && occurredAt !== undefined) {
        const details: Record<string, Json> = {};
        for (const at of attributes) {
          const value = cell(at, (raw) => readAttribute(raw));
          if (value !== undefined) details[at.key] = value;
        }
        event = {
          type: type.id,
          isSignal: type.class === 'signal',
          occurredAt,
          attributes: Object.keys(details).length === 0 ? null : details,
        };
      }
    }
    if (bad.length > 0) return bad;

    const name = textOf(values[own].name);
    const natural = event !== undefined ? `row:${sha256(row.payload)}` : naturalKey(own, domain, email, name);
    const id = externalId ?? natural;
    if (id === undefined) {
      refuse(null, '', `has nothing to tell it by: ${NEEDS[kind]}`);
      return bad;
    }
    const ownValues = event === undefined ? values[own] : {};
    const accountValues = own === 'account' ? {} : values.account;
    const understood = JSON.stringify([
      ownValues,
      accountExternalId,
      accountExternalId === undefined ? null : accountValues,
      personExternalId,
      email,
      domain,
      event,
    ]);
    return {
      line: row.line,
      payload: row.payload,
      externalId: id,
      digest: sha256(`${row.payload}\n${understood}`),
      stamp,
      values: ownValues,
      accountValues,
      accountExternalId,
      personExternalId,
      domain,
      onlyDomain: externalId === undefined,
      email,
      emailDomain: mailDomain === undefined || isFreeMail(mailDomain) ? undefined : mailDomain,
      event,
    };
  };
}

const NEEDS: Readonly<Record<RecordKind, string>> = {
  accounts: 'an account needs an id, a domain or a name',
  people: 'a person needs an id or an e-mail address',
  opportunities: 'an opportunity needs an id or a name',
  events: 'an event needs a type and a time',
  signals: 'a signal needs a type and a time',
};

function split(field: TaxonomyField): { entity: Entity; key: string } {
  return { entity: entityOf(field.name), key: field.name.slice(field.name.indexOf('.') + 1) };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function naturalKey(own: Entity, domain: string | undefined, email: string | undefined, name: string | undefined): string | undefined {
  if (own === 'account' && domain !== undefined) return `domain:${domain}`;
  if (own === 'person') return email === undefined ? undefined : `email:${email}`;
  return name === undefined ? undefined : `name:${keywordKey(name)}`;
}

/** An id is compared by its bytes: as it came, without blanks around it; a whole number as its digits. */
function readId(raw: unknown): Reading<string> {
  if (typeof raw === 'number' || typeof raw === 'bigint') return { value: String(raw) };
  if (Array.isArray(raw)) return raw.length === 0 ? undefined : readId(raw[0]);
  if (typeof raw !== 'string') return { reason: 'is not an id' };
  const reading = readText(raw);
  if (reading === undefined || 'reason' in reading) return reading;
  return reading.value.length > 500 ? { reason: 'is longer than 500 characters' } : reading;
}

function readPast(raw: unknown, options: RowReaderOptions): Reading<number> {
  if (typeof raw !== 'string' && typeof raw !== 'number') return { reason: 'is not a date' };
  const reading = readInstant(raw, options.reading.dateOrder);
  if (reading === undefined || 'reason' in reading) return reading;
  if (reading.value > options.latest) return { reason: 'is more than a day in the future' };
  return reading.value < -2_208_988_800_000 ? { reason: 'is before 1900' } : reading;
}

function readAttribute(raw: unknown): Reading {
  if (typeof raw === 'string') return readText(raw);
  return typeof raw === 'number' || typeof raw === 'boolean' ? { value: raw } : undefined;
}

interface Types {
  byName: ReadonlyMap<string, EventType>;
  ids: readonly string[];
}

function eventTypes(taxonomy: Taxonomy): Types {
  const byName = new Map<string, EventType>();
  for (const type of taxonomy.event_types)
    for (const name of [type.id, type.label, ...(type.aliases ?? [])]) byName.set(squash(name), type);
  for (const type of taxonomy.event_types) byName.set(squash(type.id), type);
  return { byName, ids: taxonomy.event_types.map((type) => type.id) };
}

function readType(raw: unknown, types: Types): { value: EventType } | { reason: string } | undefined {
  if (typeof raw !== 'string' && typeof raw !== 'number') return { reason: 'is not an event type' };
  const key = squash(String(raw));
  if (key === '') return undefined;
  const type = types.byName.get(key);
  if (type !== undefined) return { value: type };
  return { reason: `is not an event type of the taxonomy; near ones are ${nearest(String(raw), types.ids)}. Add it as an alias there` };
}
