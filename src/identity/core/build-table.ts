import { ColumnBuilder, type Read, type ReadAscii } from './column-builder.ts';
import { type ColumnKind, DATE_PARTS, datePartOf } from './column-kinds.ts';
import { Dictionary } from './dictionary.ts';
import { hashText, orderByKey } from './hash.ts';
import { MailBuilder } from './mail-builder.ts';
import { normaliseDomain } from './normalise-domain.ts';
import { isoCountry, type PhonePlaces, phoneKeyOf } from './phone-key.ts';
import { soundOf } from './phonetic.ts';
import { inOneOrder, markedDateKey } from './read-dates.ts';
import {
  addressKey,
  cityKey,
  companyKey,
  identifierKey,
  nameKey,
  phoneKey,
  plainPhone,
  postcodeKey,
  readFullName,
  textKey,
} from './read-values.ts';
import { makeColumn, type RawColumn, received, type Table } from './table.ts';
import { asciiText, numbersOf } from './texts.ts';

/** Kinds of which a table has one column, read apart from the others. */
type SingleKind = 'company' | 'phone' | 'date' | 'address' | 'city' | 'postcode' | 'country';

export interface OwnColumns {
  readonly single: readonly { readonly kind: SingleKind; readonly column: RawColumn }[];
  readonly identifiers: readonly RawColumn[];
  readonly texts: readonly RawColumn[];
}

/** Kinds that make names, addresses and domains together: they are read in one place. */
const JOINT: ReadonlySet<ColumnKind> = new Set(['first_name', 'last_name', 'full_name', 'email', 'domain']);

/** True for a column that can be read apart from the others of its row. */
export function isOwn(kind: ColumnKind): boolean {
  return !JOINT.has(kind);
}

/** Cells in rows → a table of codes. The cells of a row come in the order of the kinds. */
export class TableBuilder {
  #size = 0;
  readonly #at = new Map<ColumnKind, number[]>();
  readonly #names = new Dictionary();
  readonly #given: ColumnBuilder;
  readonly #family: ColumnBuilder;
  readonly #domain = new ColumnBuilder('domain', (text) => this.#employer(normaliseDomain(text)?.registrable));
  readonly #mail = new MailBuilder((domain) => this.#domain.plainCodeOf(this.#employer(domain)));
  readonly #single: { kind: SingleKind; at: number[]; builder: ColumnBuilder }[] = [];
  readonly #identifiers: { at: number; builder: ColumnBuilder }[] = [];
  readonly #texts: { at: number; builder: ColumnBuilder }[] = [];

  /** True where year, month and day have a column each. */
  readonly #isDateCut: boolean;
  readonly #sharedDomains: ReadonlySet<string>;
  readonly #places: PhonePlaces | undefined;
  #adopted: OwnColumns | undefined;

  /**
   * @param sharedDomains registrable domains that tell nothing of an employer
   * @param places whence telephone numbers without a country code are
   */
  constructor(
    kinds: readonly ColumnKind[],
    labels: readonly string[],
    sharedDomains: ReadonlySet<string> = new Set(),
    places: PhonePlaces = { countryOf: isoCountry },
  ) {
    this.#sharedDomains = sharedDomains;
    this.#given = new ColumnBuilder('first_name', nameKey, this.#names);
    this.#family = new ColumnBuilder('last_name', nameKey, this.#names);
    for (const [i, kind] of kinds.entries()) this.#at.set(kind, [...(this.#at.get(kind) ?? []), i]);
    const dates = this.#at.get('date') ?? [];
    const parts = DATE_PARTS.map((part) => dates.find((i) => datePartOf(labels[i] ?? '') === part)).filter((i) => i !== undefined);
    this.#isDateCut = parts.length === DATE_PARTS.length;
    if (this.#isDateCut) this.#at.set('date', parts);
    const isPlaced = this.#at.has('country') || places.country !== undefined;
    this.#places = isPlaced ? places : undefined;
    const reads: [SingleKind, Read, ReadAscii?][] = [
      ['company', companyKey],
      isPlaced ? ['phone', placedPhoneKey] : ['phone', phoneKey, plainPhone],
      ['date', markedDateKey],
      ['address', addressKey],
      ['city', cityKey],
      ['postcode', postcodeKey],
      ['country', (text) => places.countryOf(text) ?? textKey(text)],
    ];
    for (const [kind, read, readAscii] of reads) {
      const at = this.#at.get(kind);
      if (at !== undefined) this.#single.push({ kind, at, builder: new ColumnBuilder(kind, read, new Dictionary(), readAscii) });
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
    const own = this.#has('domain') ? this.#domain.codeOf(this.#first(cells, 'domain')) : -1;
    const fromMail = isMail ? this.#mail.add(this.#first(cells, 'email')) : -1;
    if (isMail || this.#has('domain')) this.#domain.codes.push(own < 0 ? fromMail : own);
    for (const { kind, at, builder } of this.#single) {
      if (kind === 'phone' && this.#places !== undefined) {
        builder.codes.push(builder.codeOf(this.#placed(this.#first(cells, 'phone'), this.#first(cells, 'country'))));
        continue;
      }
      const between = this.#between(kind, at);
      const text = between === undefined ? this.#first(cells, kind) : at.map((i) => (cells[i] ?? '').trim()).join(between);
      builder.codes.push(builder.codeOf(text));
    }
    for (const { at, builder } of this.#identifiers) builder.codes.push(builder.codeOf(cells[at] ?? ''));
    for (const { at, builder } of this.#texts) builder.codes.push(builder.codeOf(cells[at] ?? ''));
  }

  /** A record whose cells are ASCII. Their bounds, without blanks around, are by twos in the order of the kinds. */
  addAscii(bytes: Uint8Array, bounds: Int32Array): void {
    this.#size += 1;
    if (this.#has('first_name') || this.#has('last_name') || this.#has('full_name')) this.#addNameAscii(bytes, bounds);
    const isMail = this.#has('email');
    const isSited = this.#has('domain');
    const own = !isSited ? -1 : this.#codeAt(this.#domain, this.#at.get('domain') ?? [], bytes, bounds);
    const fromMail = isMail ? this.#addMailAscii(bytes, bounds) : -1;
    if (isMail || isSited) this.#domain.codes.push(own < 0 ? fromMail : own);
    for (const { kind, at, builder } of this.#single) {
      if (kind === 'phone' && this.#places !== undefined) {
        const [phone, country] = [this.#firstAscii(bytes, bounds, 'phone'), this.#firstAscii(bytes, bounds, 'country')];
        builder.codes.push(builder.codeOf(this.#placed(phone, country)));
      } else {
        const between = this.#between(kind, at);
        if (between === undefined) builder.codes.push(this.#codeAt(builder, at, bytes, bounds));
        else builder.codes.push(builder.codeOf(at.map((i) => textAt(bytes, bounds, i)).join(between)));
      }
    }
    for (const { at, builder } of this.#identifiers)
      builder.codes.push(builder.codeOfAscii(bytes, bounds[2 * at] as number, bounds[2 * at + 1] as number));
    for (const { at, builder } of this.#texts)
      builder.codes.push(builder.codeOfAscii(bytes, bounds[2 * at] as number, bounds[2 * at + 1] as number));
  }

  /** The columns whose kinds stand for themselves, as they were read; names and addresses are not among them. */
  own(): OwnColumns {
    return {
      single: this.#single.map(({ kind, builder }) => ({ kind, column: kind === 'date' ? inOneOrder(builder.raw()) : builder.raw() })),
      identifiers: this.#identifiers.map(({ builder }) => builder.raw()),
      texts: this.#texts.map(({ builder }) => builder.raw()),
    };
  }

  /** Takes columns that were read elsewhere from the same rows, in the place of its own. */
  adopt({ single, identifiers, texts }: OwnColumns): void {
    this.#adopted = {
      single: single.map(({ kind, column }) => ({ kind, column: received(column) })),
      identifiers: identifiers.map(received),
      texts: texts.map(received),
    };
    const lengths = [...single.map(({ column }) => column), ...identifiers, ...texts].map(({ codes }) => codes.length);
    if (lengths.some((length) => length !== this.#size)) throw new Error('columns read apart are not of the same rows');
  }

  /** Each record as one text of its compared values: records of the same text are the same to every comparison. */
  contents(): string[] {
    const read = (this.#given.codes.length > 0 ? [this.#given, this.#family] : []).map((builder) => builder.raw());
    if (this.#has('email')) read.push(...this.#mail.raw());
    if (this.#domain.codes.length > 0) read.push(this.#domain.raw());
    const { single, identifiers, texts } = this.#adopted ?? this.own();
    const columns = [...read, ...single.map(({ column }) => column), ...identifiers, ...texts];
    return Array.from({ length: this.#size }, (_, i) => columns.map(({ codes, values }) => values.at(codes[i] as number) ?? '').join('\n'));
  }

  /** The records in an order in which those of like names are next to each other: compared soon after, they are still at hand. */
  near(order: Uint32Array): Uint32Array {
    if (this.#family.codes.length === 0) return order;
    const { codes, values } = this.#family.raw();
    const byCode = numbersOf(values, (name) => hashText(soundOf(name)));
    const keys = new Uint32Array(this.#size);
    for (let i = 0; i < keys.length; i += 1) keys[i] = byCode[codes[i] as number] ?? 0;
    return orderByKey(keys, order);
  }

  /** @param order the records, as they came, in the order in which the table is to have them */
  finish(order: Uint32Array): Table {
    const { single, identifiers, texts } = this.#adopted ?? this.own();
    const made = ({ label, codes, values }: RawColumn) => makeColumn(label, codes, values, order);
    const isNamed = this.#has('first_name') || this.#has('last_name') || this.#has('full_name');
    // written one by one: many a table is of one record, for which taking objects apart would be most of the work
    const table: { -readonly [Part in keyof Table]: Table[Part] } = {
      size: this.#size,
      identifiers: identifiers.map(made),
      texts: texts.map(made),
    };
    if (isNamed) {
      table.given = this.#given.finish(order);
      table.family = this.#family.finish(order);
    }
    if (this.#has('email')) table.mail = this.#mail.finish(order);
    if (this.#has('email') || this.#has('domain')) table.domain = this.#domain.finish(order);
    for (const { kind, column } of single) table[kind] = made(column);
    return table;
  }

  /** What stands between the parts of a value that several columns hold; undefined where each column holds a whole one. */
  #between(kind: ColumnKind, at: readonly number[]): string | undefined {
    if (at.length < 2) return undefined;
    return kind === 'address' ? ' ' : kind === 'date' && this.#isDateCut ? '-' : undefined;
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

  #firstAscii(bytes: Uint8Array, bounds: Int32Array, kind: ColumnKind): string {
    const at = this.#at.get(kind)?.find((i) => bounds[2 * i] !== bounds[2 * i + 1]);
    return at === undefined ? '' : textAt(bytes, bounds, at);
  }

  /** A number with whence it is, as one text. */
  #placed(phone: string, country: string): string {
    return phone === '' ? '' : `${this.#places?.countryOf(country) ?? this.#places?.country ?? ''}\t${phone}`;
  }

  #addName(cells: readonly string[]): void {
    const given = this.#first(cells, 'first_name');
    const family = this.#first(cells, 'last_name');
    this.#pushName(this.#given.codeOf(given), this.#family.codeOf(family), () => this.#first(cells, 'full_name'));
  }

  /** What first and last name leave open, as a title does that stands for one, the full name says. */
  #pushName(given: number, family: number, full: () => string): void {
    const isWhole = !this.#has('full_name') || (given >= 0 && family >= 0);
    const [first, last] = isWhole ? ['', ''] : readFullName(full());
    this.#given.codes.push(given >= 0 ? given : this.#given.codeOf(first));
    this.#family.codes.push(family >= 0 ? family : this.#family.codeOf(last));
  }

  #addNameAscii(bytes: Uint8Array, bounds: Int32Array): void {
    const given = this.#codeAt(this.#given, this.#at.get('first_name') ?? [], bytes, bounds);
    const family = this.#codeAt(this.#family, this.#at.get('last_name') ?? [], bytes, bounds);
    this.#pushName(given, family, () => this.#firstAscii(bytes, bounds, 'full_name'));
  }

  /** The code of the first cell that is not blank. */
  #codeAt(builder: ColumnBuilder, at: readonly number[], bytes: Uint8Array, bounds: Int32Array): number {
    for (const i of at) {
      const [from, to] = [bounds[2 * i] as number, bounds[2 * i + 1] as number];
      if (from !== to) return builder.codeOfAscii(bytes, from, to);
    }
    return -1;
  }

  #addMailAscii(bytes: Uint8Array, bounds: Int32Array): number {
    for (const i of this.#at.get('email') ?? []) {
      const [from, to] = [bounds[2 * i] as number, bounds[2 * i + 1] as number];
      if (from !== to) return this.#mail.addAscii(bytes, from, to);
    }
    return this.#mail.addNone();
  }
}

function textAt(bytes: Uint8Array, bounds: Int32Array, i: number): string {
  return asciiText(bytes, bounds[2 * i] as number, bounds[2 * i + 1] as number);
}

function placedPhoneKey(placed: string): string {
  const end = placed.indexOf('\t');
  return phoneKeyOf(placed.slice(end + 1), placed.slice(0, end) || null) ?? '';
}
