import { derivedId } from '../../kernel/ids.ts';
import { isFreeMail } from './free-mail.ts';
import { isOtherName } from './other-name.ts';
import { byAddress, ownAddress } from './role-address.ts';
import type { Values } from './row-reader.ts';
import type { Entity } from './targets.ts';

/** `person_email`: an address that a known person took on later, under no source. */
export type RefKind = Entity | 'person_email';

export interface Ref {
  entityId: string;
  /** Digest of the latest content; empty for a record that was only named by another. */
  digest: string;
}

/** What the database holds of everything that a chunk of rows names. */
export interface Known {
  refs: Record<RefKind, Map<string, Ref>>;
  /** Registrable domain → the account that claims it. */
  claims: Map<string, string>;
  /** Of the rows' addresses those that tell nobody apart, as a person said. */
  sharedMail: ReadonlySet<string>;
  /** Domains that say of nobody where they work, as a person said. */
  sharedDomains: ReadonlySet<string>;
  /** Person → names under which the source told of them before; of those alone who may be taken for another. */
  names: Map<string, string[]>;
  /** Ids of the entities that are there, of those that may be made. */
  entities: Set<string>;
  /** Event id → the source record that its current row came from. */
  events: Map<string, string>;
  /** Source records that are there already, of those that may be written. */
  records: Set<string>;
}

export interface ObservationWrite {
  entityId: string;
  kind: Entity;
  recordId: string;
  values: Values;
  /** Milliseconds since 1970. */
  observedAt: number;
  ordinal: number;
}

export interface EventWrite {
  id: string;
  externalId: string;
  type: string;
  occurredAt: number;
  personId: string | null;
  /** The cookie's or device's id at the source. */
  anonymousId: string | null;
  namedAccountId: string | null;
  domain: string | null;
  recordId: string;
  attributes: Values | null;
  /** The event was there before, with other content. */
  corrects: boolean;
}

/** A row's own source record, with all that goes with it. */
export interface RecordWrite {
  id: string;
  kind: string;
  externalId: string;
  payload: string;
  line: number;
  /** What the record is about; null for an event's. */
  entityId: string | null;
  /** Digest for the record's name at its source; null when a later row of the chunk has it. */
  digest: string | null;
  /** Facts of the entity, as values and as JSON; null when there are none. */
  values: Values | null;
  valuesText: string;
  /** Milliseconds since 1970. */
  observedAt: number;
  ordinal: number;
  /** Nothing was known by its name at the source. */
  isNew: boolean;
  /** It makes the entity that it is about. */
  creates: boolean;
}

/** What a chunk of rows comes to: everything the database is to be told. */
export interface Writes {
  records: RecordWrite[];
  /** Names at the source that another record brought up. */
  refs: Map<string, { kind: RefKind; source: string; externalId: string; ref: Ref }>;
  /** Facts of entities other than the record's own. */
  observations: ObservationWrite[];
  created: Record<Entity, Set<string>>;
  claims: Map<string, string>;
  /** Person → the account that its record names. */
  members: Map<string, string>;
  /** Opportunity → its account. */
  opportunityAccounts: Map<string, string>;
  events: Map<string, EventWrite>;
  /** E-mail → its registrable domain, null for a free-mail one. */
  mailDomains: Map<string, string | null>;
}

/** Of one row: what it made of its record. */
export type Outcome = 'created' | 'updated' | 'unchanged';

export interface ChunkOptions {
  source: string;
  /** When unstamped rows are taken to have been true. */
  observedAt: number;
  /** The knowledge clock's tick: nothing is observed or happens after it. */
  recordedAt: number;
  /** Order of the first fact within the transaction. */
  firstOrdinal: number;
}

/**
 * Resolves rows to entities one after the other and collects what is to be written. As each row sees what those before it made,
 * the result does not depend on where a file is cut into chunks.
 */
export class Chunk {
  readonly known: Known;
  readonly options: ChunkOptions;
  readonly writes: Writes = {
    records: [],
    refs: new Map(),
    observations: [],
    created: { account: new Set(), person: new Set(), opportunity: new Set() },
    claims: new Map(),
    members: new Map(),
    opportunityAccounts: new Map(),
    events: new Map(),
    mailDomains: new Map(),
  };
  /** The last row of each name. */
  readonly #latest = new Map<string, RecordWrite>();
  #ordinal: number;

  constructor(known: Known, options: ChunkOptions) {
    this.known = known;
    this.options = options;
    this.#ordinal = options.firstOrdinal;
  }

  get nextOrdinal(): number {
    return this.#ordinal;
  }

  /** The place of the next fact in the order of its transaction. */
  takeOrdinal(): number {
    this.#ordinal += 1;
    return this.#ordinal - 1;
  }

  /** Nothing is observed after the tick. */
  observedBy(at: number): number {
    return Math.min(at, this.options.recordedAt);
  }

  ref(kind: RefKind, externalId: string): Ref | undefined {
    return this.known.refs[kind].get(externalId);
  }

  /** Takes a row's own record, and what it says of its entity. */
  record(kind: Entity, write: RecordWrite & { entityId: string; digest: string }): void {
    const { externalId, entityId, digest } = write;
    const before = this.#latest.get(externalId);
    if (before !== undefined) before.digest = null;
    this.#latest.set(externalId, write);
    this.known.refs[kind].set(externalId, { entityId, digest });
    this.writes.refs.delete(refKey(kind, externalId));
    this.writes.records.push(write);
  }

  setRef(kind: RefKind, externalId: string, ref: Ref): void {
    this.known.refs[kind].set(externalId, ref);
    const source = kind === 'person_email' ? '' : this.options.source;
    this.writes.refs.set(refKey(kind, externalId), { kind, source, externalId, ref });
  }

  /** Adds facts of an entity; none when there are no values. */
  observe(kind: Entity, entityId: string, recordId: string, values: Values, at: number): void {
    if (Object.keys(values).length === 0) return;
    this.writes.observations.push({ entityId, kind, recordId, values, observedAt: this.observedBy(at), ordinal: this.takeOrdinal() });
  }

  create(kind: Entity, id: string): string {
    if (!this.known.entities.has(id)) {
      this.known.entities.add(id);
      this.writes.created[kind].add(id);
    }
    return id;
  }

  /**
   * The account that a source's id, a domain, or both name, made when there is none: by the id at the source, else by who claims
   * the domain, else a new one. A domain that nobody claims becomes the account's.
   * @param onlyDomain the domain is the account's own name, so that even a mail provider's (163.com) tells it
   */
  account(externalId: string | undefined, domain: string | undefined, onlyDomain: boolean): string {
    const claimable = domain !== undefined && isClaimable(domain, onlyDomain);
    const found =
      (externalId === undefined ? undefined : this.ref('account', externalId)?.entityId) ??
      (claimable ? this.known.claims.get(domain) : undefined);
    const id = found ?? this.create('account', accountId(this.options.source, externalId, domain, onlyDomain));
    if (claimable && !this.known.claims.has(domain)) {
      this.known.claims.set(domain, id);
      this.writes.claims.set(domain, id);
    }
    if (externalId !== undefined && this.ref('account', externalId) === undefined)
      this.setRef('account', externalId, { entityId: id, digest: '' });
    return id;
  }

  /**
   * The person that a source's id, an e-mail address, or both name, made when there is none.
   * @param name under which the source tells of the person
   */
  person(externalId: string | undefined, address: string | undefined, name?: string): string {
    const own = ownAddress(externalId, address, this.known.sharedMail);
    const email = this.#isAnothers(externalId, own, name) ? undefined : own;
    const byEmail = email === undefined ? undefined : derivedId('person', 'email', email);
    const found =
      (externalId === undefined ? undefined : this.ref('person', externalId)?.entityId) ??
      (email === undefined ? undefined : this.ref('person_email', email)?.entityId);
    const id = found ?? this.create('person', byEmail ?? derivedId('person', this.options.source, externalId ?? ''));
    if (
      email !== undefined &&
      byEmail !== undefined &&
      id !== byEmail &&
      !this.known.entities.has(byEmail) &&
      this.ref('person_email', email) === undefined
    ) {
      this.setRef('person_email', email, { entityId: id, digest: '' });
    }
    if (externalId !== undefined && this.ref('person', externalId) === undefined)
      this.setRef('person', externalId, { entityId: id, digest: '' });
    return id;
  }

  /**
   * True for the address of a record that is new at its source, where that source told of whose it is under quite another name: a slip, or
   * an assistant's. Taken for one they could never be told apart again; whether they are one is for a matcher, whose merge can be taken back.
   */
  #isAnothers(externalId: string | undefined, address: string | undefined, name: string | undefined): boolean {
    if (externalId === undefined || address === undefined || name === undefined) return false;
    if (externalId === byAddress(address) || this.ref('person', externalId) !== undefined) return false;
    const person = this.ref('person_email', address)?.entityId ?? derivedId('person', 'email', address);
    return isOtherName(name, this.known.names.get(person) ?? []);
  }

  /** The source tells of a person under a name. */
  noteName(person: string, name: string): void {
    const before = this.known.names.get(person);
    if (before === undefined) this.known.names.set(person, [name]);
    else if (!before.includes(name)) before.push(name);
  }
}

function refKey(kind: RefKind, externalId: string): string {
  return `${kind}\n${externalId}`;
}

/** Whether an account may claim a domain: not a mail provider's, unless it is the account's own name. */
export function isClaimable(domain: string, onlyDomain: boolean): boolean {
  return onlyDomain || !isFreeMail(domain);
}

/** The id of an account that is not there yet. */
export function accountId(source: string, externalId: string | undefined, domain: string | undefined, onlyDomain: boolean): string {
  if (domain !== undefined && (externalId === undefined || isClaimable(domain, onlyDomain))) return derivedId('account', 'domain', domain);
  return derivedId('account', source, externalId ?? '');
}

/** The id of a source record: what it said, when. */
export function recordId(source: string, kind: string, externalId: string, digest: string, at: number): string {
  return derivedId('record', source, kind, externalId, digest, new Date(at).toISOString());
}
