import { keywordKey } from '../../definitions/core/keyword.ts';
import type { EventType, Taxonomy } from '../../definitions/core/taxonomy.ts';
import { type Json, sha256 } from '../../kernel/canonical-json.ts';
import { shown } from '../../kernel/errors.ts';
import { isFreeMail } from './free-mail.ts';
import type { ColumnMapping } from './guess-mapping.ts';
import { readAnonymousId, readAttribute, readFirstId, readId, readPast, typeReader } from './key-cells.ts';
import { type CellReader, fieldReader, type ReadingOptions } from './normalise.ts';
import { readDomain, registrableDomain } from './normalise-address.ts';
import type { Reading } from './reading.ts';
import { byAddress, ownAddress } from './role-address.ts';
import { type Entity, entityOf, type RecordKind } from './targets.ts';

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
  /** The same as JSON. */
  valuesText: string;
  /** Facts of the account that the row names. */
  accountValues: Values;
  accountExternalId: string | undefined;
  personExternalId: string | undefined;
  /** Events: the cookie's or device's id at the source. */
  anonymousId: string | undefined;
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

type Cells = Record<string, Json>;

interface Column<T = Json> {
  index: number;
  name: string;
  read: (raw: unknown) => Reading<T>;
}
type FieldColumn = Column & { entity: Entity; key: string };

const OWN: Readonly<Record<RecordKind, Entity>> = {
  accounts: 'account',
  people: 'person',
  opportunities: 'opportunity',
  events: 'person',
  signals: 'person',
};

const NEEDS: Readonly<Record<RecordKind, string>> = {
  accounts: 'an account needs an id, a domain or a name',
  people: 'a person needs an id or an e-mail address',
  opportunities: 'an opportunity needs an id or a name',
  events: 'an event needs a type and a time',
  signals: 'a signal needs a type and a time',
};

const NOTHING: Values = {};

/** Reads rows of one file: every cell by what its column means. A cell that cannot be read refuses its row, as nothing is guessed. */
export function rowReader(options: RowReaderOptions): (row: RawRow) => ReadRow | BadCell[] {
  const reader = new RowReader(options);
  return (row) => reader.read(row);
}

class RowReader {
  readonly #kind: RecordKind;
  readonly #isEvent: boolean;
  readonly #fields: readonly FieldColumn[];
  readonly #attributes: readonly (Column & { key: string })[];
  readonly #id: Column<string> | undefined;
  readonly #account: Column<string> | undefined;
  readonly #person: Column<string> | undefined;
  readonly #anonymous: Column<string> | undefined;
  readonly #stamp: Column<number> | undefined;
  readonly #occurred: Column<number> | undefined;
  readonly #type: Column<EventType> | undefined;
  readonly #derivesDomain: boolean;
  readonly #derivesName: boolean;
  #bad: BadCell[] = [];
  #line = 0;

  constructor({ kind, mapping, taxonomy, reading, latest }: RowReaderOptions) {
    const declared = new Map(taxonomy.fields.map((field) => [field.name, field]));
    const special = <T>(target: string, read: Column<T>['read']): Column<T> | undefined => {
      const index = mapping.findIndex((m) => m.target === target);
      return index < 0 ? undefined : { index, name: mapping[index]?.column ?? '', read };
    };
    const past = (raw: unknown) => readPast(raw, latest, reading.dateOrder);
    this.#kind = kind;
    this.#isEvent = kind === 'events' || kind === 'signals';
    this.#fields = mapping.flatMap((m, index): FieldColumn[] => {
      const field = m.target === null ? undefined : declared.get(m.target);
      if (field === undefined) return [];
      const key = field.name.slice(field.name.indexOf('.') + 1);
      return [{ index, name: m.column, entity: entityOf(field.name), key, read: fieldReader(field, reading) as CellReader }];
    });
    this.#attributes = mapping.flatMap((m, index) =>
      m.target === 'attribute' ? [{ index, name: m.column, key: keywordKey(m.column) || 'attribute', read: readAttribute }] : [],
    );
    this.#id = special('external_id', readId) ?? special('event_id', readId);
    this.#account = special('account_external_id', readFirstId);
    this.#person = special('person_external_id', readFirstId);
    this.#anonymous = special('anonymous_id', readAnonymousId);
    this.#stamp = special('observed_at', past);
    this.#occurred = special('occurred_at', past);
    this.#type = special('event_type', typeReader(taxonomy));
    this.#derivesDomain = kind === 'accounts' && declared.has('account.domain');
    this.#derivesName = kind === 'people' && declared.has('person.name');
  }

  read(row: RawRow): ReadRow | BadCell[] {
    this.#bad = [];
    this.#line = row.line;
    const values: Record<Entity, Cells> = { account: {}, person: {}, opportunity: {} };
    for (const field of this.#fields) {
      const cells = values[field.entity];
      // of two columns for one field the first that is filled counts
      if (Object.hasOwn(cells, field.key)) continue;
      const value = this.#cell(field, row);
      if (value !== undefined) cells[field.key] = value;
    }
    if (this.#derivesDomain) deriveDomain(values.account);
    if (this.#derivesName) deriveName(values.person);
    const externalId = this.#cell(this.#id, row);
    const stamp = this.#cell(this.#stamp, row);
    const accountExternalId = this.#cell(this.#account, row);
    const personExternalId = this.#cell(this.#person, row);
    const anonymousId = this.#cell(this.#anonymous, row);
    const domain = textOf(values.account.domain);
    const email = textOf(values.person.email);
    const isNamed = [email, domain, personExternalId, accountExternalId, anonymousId].some((name) => name !== undefined);
    const event = this.#isEvent ? this.#event(row, isNamed) : undefined;
    if (this.#bad.length > 0) return this.#bad;

    const own = OWN[this.#kind];
    const id = externalId ?? (event === undefined ? naturalKey(own, values[own]) : `row:${sha256(row.payload)}`);
    if (id === undefined) return this.#refuse(null, '', `has nothing to tell it by: ${NEEDS[this.#kind]}`);
    const ownValues = event === undefined ? values[own] : NOTHING;
    const accountValues = own === 'account' ? NOTHING : values.account;
    const valuesText = event === undefined ? JSON.stringify(ownValues) : '';
    const named = accountExternalId === undefined ? domain : [accountExternalId, accountValues];
    const understood =
      valuesText + JSON.stringify([named, personExternalId, email, event, ...(anonymousId === undefined ? [] : [anonymousId])]);
    const mailDomain = email === undefined ? undefined : registrableDomain(email.slice(email.lastIndexOf('@') + 1));
    return {
      line: row.line,
      payload: row.payload,
      externalId: id,
      digest: sha256(`${row.payload}\n${understood}`),
      stamp,
      values: ownValues,
      valuesText,
      accountValues,
      accountExternalId,
      personExternalId,
      anonymousId,
      domain,
      onlyDomain: externalId === undefined,
      email,
      emailDomain: mailDomain === undefined || isFreeMail(mailDomain) ? undefined : mailDomain,
      event,
    };
  }

  #cell<T>(column: Column<T> | undefined, row: RawRow): T | undefined {
    if (column === undefined) return undefined;
    const raw = row.cells[column.index];
    if (raw === undefined || raw === null || raw === '') return undefined;
    const reading = column.read(raw);
    if (reading === undefined) return undefined;
    if ('value' in reading) return reading.value;
    this.#refuse(column.name, raw, reading.reason);
    return undefined;
  }

  #refuse(column: string | null, value: unknown, reason: string): BadCell[] {
    this.#bad.push({ line: this.#line, column, value: shown(value), reason });
    return this.#bad;
  }

  #event(row: RawRow, isNamed: boolean): ReadRow['event'] {
    const type = this.#cell(this.#type, row);
    const occurredAt = this.#cell(this.#occurred, row);
    if (this.#bad.length === 0) {
      if (type === undefined) this.#refuse(this.#type?.name ?? null, '', 'names no event type');
      if (occurredAt === undefined) this.#refuse(this.#occurred?.name ?? null, '', 'does not say when it happened');
      if (!isNamed) this.#refuse(null, '', 'names neither a person (e-mail, id or anonymous id) nor an account (id or domain)');
    }
    if (type === undefined || occurredAt === undefined) return undefined;
    const details: Cells = {};
    for (const column of this.#attributes) {
      const value = this.#cell(column, row);
      if (value !== undefined) details[column.key] = value;
    }
    return { type: type.id, isSignal: type.class === 'signal', occurredAt, attributes: Object.keys(details).length === 0 ? null : details };
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function deriveDomain(account: Cells): void {
  if (account.domain !== undefined || typeof account.website !== 'string') return;
  const domain = readDomain(account.website);
  if (domain !== undefined && 'value' in domain) account.domain = domain.value;
}

function deriveName(person: Cells): void {
  if (person.name !== undefined) return;
  const name = [person.first_name, person.last_name].filter((part) => typeof part === 'string').join(' ');
  if (name !== '') person.name = name;
}

/** Of people behind one role address the name tells them apart. */
function mailName(email: string, name: Json | undefined): string {
  const isShared = typeof name === 'string' && ownAddress('', email) === undefined;
  return isShared ? `${byAddress(email)} name:${keywordKey(name)}` : byAddress(email);
}

/** What tells a record that has no id at its source. */
function naturalKey(own: Entity, values: Values): string | undefined {
  const { domain, email, name } = values;
  if (own === 'account' && typeof domain === 'string') return `domain:${domain}`;
  if (own === 'person') return typeof email === 'string' ? mailName(email, name) : undefined;
  return typeof name === 'string' ? `name:${keywordKey(name)}` : undefined;
}
