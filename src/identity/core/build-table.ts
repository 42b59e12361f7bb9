import type { ColumnKind } from './column-kinds.ts';
import { Dictionary, detached, Growing } from './dictionary.ts';
import { orderByKey } from './hash.ts';
import { isRoleAddress } from './mail-addresses.ts';
import { normaliseDomain } from './normalise-domain.ts';
import { MailReader } from './read-mail.ts';
import {
  addressKey,
  cityKey,
  companyKey,
  dateKey,
  identifierKey,
  nameKey,
  phoneKey,
  postcodeKey,
  readFullName,
  textKey,
} from './read-values.ts';
import { type Column, type MailColumns, makeColumn, type Table } from './table.ts';

/** A cell's text → the text that is compared; empty where there is nothing to compare. */
type Read = (text: string) => string;

/** Raw texts seen before, kept while there are few of them. */
const MOST_REMEMBERED = 250_000;
const LONGEST_REMEMBERED = 80;
const LONGEST_ROLE = 24;
/** By then it shows whether a column's texts come again. */
const ENOUGH_TO_TELL = 50_000;

/** One column in the making. */
class ColumnBuilder {
  readonly label: string;
  readonly codes = new Growing();
  readonly dictionary: Dictionary;
  readonly #read: Read;
  readonly #seen = new Map<string, number>();
  #hits = 0;
  #most = MOST_REMEMBERED;

  constructor(label: string, read: Read, dictionary = new Dictionary()) {
    this.label = label;
    this.#read = read;
    this.dictionary = dictionary;
  }

  /** Of a text that is normalised already. */
  plainCodeOf(text: string): number {
    return text === '' ? -1 : this.dictionary.code(text);
  }

  codeOf(text: string): number {
    if (text === '') return -1;
    const seen = this.#seen.get(text);
    if (seen !== undefined) {
      this.#hits += 1;
      return seen;
    }
    const key = this.#read(text);
    const code = key === '' ? -1 : this.dictionary.code(key);
    if (this.#seen.size === ENOUGH_TO_TELL && this.#hits < ENOUGH_TO_TELL) {
      this.#seen.clear();
      this.#most = 0;
    }
    if (this.#seen.size < this.#most && text.length < LONGEST_REMEMBERED) this.#seen.set(detached(text), code);
    return code;
  }

  finish(order: Uint32Array): Column {
    return makeColumn(this.label, this.codes.view(), this.dictionary.values, order);
  }
}

/** Cells in rows → a table of codes. The cells of a row come in the order of the kinds. */
export class TableBuilder {
  #size = 0;
  readonly #at = new Map<ColumnKind, number[]>();
  readonly #names = new Dictionary();
  readonly #given: ColumnBuilder;
  readonly #family: ColumnBuilder;
  readonly #local = new ColumnBuilder('email', (text) => text);
  readonly #mailDomain = new ColumnBuilder('email domain', (text) => text);
  readonly #domain = new ColumnBuilder('domain', (text) => text);
  readonly #free: number[] = [];
  readonly #roles: number[] = [];
  readonly #mails = new MailReader();
  readonly #single: { kind: ColumnKind; at: number[]; builder: ColumnBuilder }[] = [];
  readonly #identifiers: { at: number; builder: ColumnBuilder }[] = [];
  readonly #texts: { at: number; builder: ColumnBuilder }[] = [];

  readonly #sharedDomains: ReadonlySet<string>;

  /** @param sharedDomains registrable domains that tell nothing of an employer */
  constructor(kinds: readonly ColumnKind[], labels: readonly string[], sharedDomains: ReadonlySet<string> = new Set()) {
    this.#sharedDomains = sharedDomains;
    this.#given = new ColumnBuilder('first_name', nameKey, this.#names);
    this.#family = new ColumnBuilder('last_name', nameKey, this.#names);
    for (const [i, kind] of kinds.entries()) this.#at.set(kind, [...(this.#at.get(kind) ?? []), i]);
    const reads: [ColumnKind, Read][] = [
      ['company', companyKey],
      ['phone', phoneKey],
      ['date', dateKey],
      ['address', addressKey],
      ['city', cityKey],
      ['postcode', postcodeKey],
      ['country', textKey],
    ];
    for (const [kind, read] of reads) {
      const at = this.#at.get(kind);
      if (at !== undefined) this.#single.push({ kind, at, builder: new ColumnBuilder(kind, read) });
    }
    for (const at of this.#at.get('identifier') ?? [])
      this.#identifiers.push({ at, builder: new ColumnBuilder(labels[at] ?? '', identifierKey) });
    for (const at of this.#at.get('text') ?? []) this.#texts.push({ at, builder: new ColumnBuilder(labels[at] ?? '', textKey) });
  }

  get size(): number {
    return this.#size;
  }

  add(cells: readonly string[]): void {
    this.#size += 1;
    if (this.#has('first_name') || this.#has('last_name') || this.#has('full_name')) this.#addName(cells);
    const isMail = this.#has('email');
    const own = this.#has('domain') ? this.#employer(normaliseDomain(this.#first(cells, 'domain'))?.registrable) : '';
    const fromMail = isMail ? this.#addMail(this.#first(cells, 'email')) : -1;
    if (isMail || this.#has('domain')) this.#domain.codes.push(own === '' ? fromMail : this.#domain.plainCodeOf(own));
    for (const { kind, at, builder } of this.#single) {
      const text = kind === 'address' && at.length > 1 ? at.map((i) => (cells[i] ?? '').trim()).join(' ') : this.#first(cells, kind);
      builder.codes.push(builder.codeOf(text));
    }
    for (const { at, builder } of this.#identifiers) builder.codes.push(builder.codeOf(cells[at] ?? ''));
    for (const { at, builder } of this.#texts) builder.codes.push(builder.codeOf(cells[at] ?? ''));
  }

  /** Each record as one text of its compared values: records of the same text are the same to every comparison. */
  contents(): string[] {
    const columns = [
      ...(this.#given.codes.length > 0 ? [this.#given, this.#family] : []),
      ...(this.#local.codes.length > 0 ? [this.#local, this.#mailDomain] : []),
      ...(this.#domain.codes.length > 0 ? [this.#domain] : []),
      ...[...this.#single, ...this.#identifiers, ...this.#texts].map(({ builder }) => builder),
    ];
    const views = columns.map(({ codes, dictionary }) => ({ codes: codes.view(), values: dictionary.values }));
    return Array.from({ length: this.#size }, (_, i) => views.map(({ codes, values }) => values[codes[i] as number] ?? '').join('\n'));
  }

  /** @param order the records, as they came, in the order in which the table is to have them */
  finish(order: Uint32Array): Table {
    const single = Object.fromEntries(this.#single.map(({ kind, builder }) => [kind, builder.finish(order)]));
    const isNamed = this.#has('first_name') || this.#has('last_name') || this.#has('full_name');
    return {
      size: this.#size,
      ...(isNamed && { given: this.#given.finish(order), family: this.#family.finish(order) }),
      ...(this.#has('email') && { mail: this.#mail(order) }),
      ...((this.#has('email') || this.#has('domain')) && { domain: this.#domain.finish(order) }),
      ...single,
      identifiers: this.#identifiers.map(({ builder }) => builder.finish(order)),
      texts: this.#texts.map(({ builder }) => builder.finish(order)),
    };
  }

  #mail(order: Uint32Array): MailColumns {
    const [local, domain] = [this.#local.finish(order), this.#mailDomain.finish(order)];
    const { codes, count } = pairCodes(local.codes, domain.codes);
    const address = makeColumn('email', codes, new Array<string>(count).fill(''));
    return { local, domain, isFree: Uint8Array.from(this.#free), address };
  }

  #employer(domain = ''): string {
    return this.#sharedDomains.has(domain) ? '' : domain;
  }

  #has(kind: ColumnKind): boolean {
    return this.#at.has(kind);
  }

  #first(cells: readonly string[], kind: ColumnKind): string {
    const at = this.#at.get(kind);
    if (at === undefined) return '';
    for (const i of at) {
      const cell = (cells[i] ?? '').trim();
      if (cell !== '') return cell;
    }
    return '';
  }

  #addName(cells: readonly string[]): void {
    let given = this.#first(cells, 'first_name');
    let family = this.#first(cells, 'last_name');
    if (given === '' && family === '' && this.#has('full_name')) [given, family] = readFullName(this.#first(cells, 'full_name'));
    this.#given.codes.push(this.#given.codeOf(given));
    this.#family.codes.push(this.#family.codeOf(family));
  }

  /** @returns the code of the domain, where it tells where a person works; else −1 */
  #addMail(text: string): number {
    const mail = text === '' ? null : this.#mails.read(text);
    if (mail === null) {
      this.#local.codes.push(-1);
      this.#mailDomain.codes.push(-1);
      return -1;
    }
    const { host } = mail;
    if (host.domainCode < 0) {
      host.domainCode = this.#mailDomain.plainCodeOf(host.domain);
      host.employerCode = this.#domain.plainCodeOf(this.#employer(host.employer));
      this.#free[host.domainCode] = host.isFree ? 1 : 0;
    }
    const local = this.#local.plainCodeOf(mail.local);
    if (local === this.#roles.length) this.#roles.push(mail.local.length <= LONGEST_ROLE && isRoleAddress(mail.local) ? 1 : 0);
    // a role address is nobody's; its domain still tells the employer
    const isRole = this.#roles[local] === 1;
    this.#local.codes.push(isRole ? -1 : local);
    this.#mailDomain.codes.push(isRole ? -1 : host.domainCode);
    return host.employerCode;
  }
}

/** A number for each pair of codes that occurs; −1 where there is none. */
function pairCodes(first: Int32Array, second: Int32Array): { codes: Int32Array; count: number } {
  const unsigned = (codes: Int32Array) => Uint32Array.from(codes, (code) => code + 1);
  const order = orderByKey(unsigned(second), orderByKey(unsigned(first)));
  const codes = new Int32Array(first.length).fill(-1);
  let count = 0;
  let before = -1;
  for (const at of order) {
    if ((first[at] as number) < 0) continue;
    if (before >= 0 && (first[before] !== first[at] || second[before] !== second[at])) count += 1;
    codes[at] = count;
    before = at;
  }
  return { codes, count: before < 0 ? 0 : count + 1 };
}
