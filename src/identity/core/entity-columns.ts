import type { ColumnKind } from './column-kinds.ts';
import { identifierValue } from './identifier-value.ts';
import { isoCountry, phoneKeyOf } from './phone-key.ts';
import { profileOf } from './read-values.ts';

/** Which fields of an entity say who it is, and how each is compared. Of several of one kind the first that is filled counts. */
export const ENTITY_COLUMNS = {
  person: [
    ['first_name', 'first_name'],
    ['last_name', 'last_name'],
    ['name', 'full_name'],
    ['email', 'email'],
    ['phone', 'phone'],
    ['mobile_phone', 'phone'],
    ['company', 'company'],
    ['company_domain', 'domain'],
    ['city', 'city'],
    ['postal_code', 'postcode'],
    ['country', 'country'],
    ['linkedin_url', 'identifier'],
  ],
  account: [
    ['name', 'company'],
    ['domain', 'domain'],
    ['phone', 'phone'],
    ['street', 'address'],
    ['city', 'city'],
    ['postal_code', 'postcode'],
    ['country', 'country'],
  ],
} as const satisfies Record<string, readonly (readonly [field: string, kind: ColumnKind])[]>;

export interface EntityColumn {
  readonly field: string;
  readonly kind: ColumnKind;
}

/** The columns of which some entity has a value. */
export function columnsFor(kind: 'account' | 'person', fields: ReadonlySet<string>): EntityColumn[] {
  return ENTITY_COLUMNS[kind].flatMap(([field, of]) => (fields.has(field) ? [{ field, kind: of }] : []));
}

/** Identifiers that tell nobody apart, by kind, in the form in which they are compared. */
export type Suppressed = ReadonlyMap<string, ReadonlySet<string>>;

export function suppressedByKind(identifiers: readonly { kind: string; value: string }[]): Suppressed {
  const kinds = new Map<string, Set<string>>();
  for (const { kind, value } of identifiers) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(value));
  return kinds;
}

/**
 * The values of an entity as cells, empty where it says nothing or what it says tells nobody apart.
 * @param home whence its telephone number is where neither the number nor the entity names a country
 */
export function cellsOf(
  columns: readonly EntityColumn[],
  fields: Readonly<Record<string, unknown>>,
  suppressed: Suppressed,
  home: string | null,
): string[] {
  const named = typeof fields.country === 'string' ? (isoCountry(fields.country) ?? null) : null;
  return columns.map(({ field, kind }) => {
    const value = fields[field];
    if (typeof value !== 'string' || value === '') return '';
    if (kind === 'identifier') return profileOf(value);
    if (kind !== 'email' && kind !== 'phone' && kind !== 'domain') return value;
    const known = suppressed.get(kind);
    const isKnown = (country: string | null) => known?.has(identifierValue(kind, value, country) ?? '') === true;
    // what was suppressed before it was said whence numbers are, or without a country, holds for a number that is written so
    if (isKnown(named ?? home) || isKnown(null)) return '';
    return kind === 'phone' && named === null && home !== null ? (phoneKeyOf(value, home) ?? value) : value;
  });
}
