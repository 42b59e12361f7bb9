import { z } from 'zod';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import { type Problem, SamepageError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { ColumnMapping } from '../records/core/guess-mapping.ts';
import { type ReadRow, rowReader } from '../records/core/row-reader.ts';
import { loadCountries } from '../records/load-countries.ts';

const SKEW_MS = 86_400_000;
/** One thing that a lead says: as long for who only looks as for who is taken in. */
export const leadText = z.string().trim().min(1).max(500).optional();

/** What is said of a person who comes in. */
export const personRecord = z.strictObject({
  external_id: leadText.describe('your id; else the e-mail address'),
  email: leadText,
  name: leadText,
  first_name: leadText,
  last_name: leadText,
  title: leadText,
  company: leadText,
  website: leadText.describe('of the company'),
  phone: leadText,
  city: leadText,
  postal_code: leadText,
  country: leadText,
  lead_source: leadText,
  fields: z
    .record(z.string().max(100), z.union([z.string().max(2000), z.number(), z.boolean()]))
    .optional()
    .describe('other fields of a person, as {"seniority":"vp"}'),
});
export type PersonRecord = z.output<typeof personRecord>;

/** Where each part goes in the reading that imported rows have too. */
const TARGETS: Readonly<Record<Exclude<keyof PersonRecord, 'fields'>, string>> = {
  external_id: 'external_id',
  email: 'person.email',
  name: 'person.name',
  first_name: 'person.first_name',
  last_name: 'person.last_name',
  title: 'person.title',
  company: 'person.company',
  website: 'person.company_domain',
  phone: 'person.phone',
  city: 'person.city',
  postal_code: 'person.postal_code',
  country: 'person.country',
  lead_source: 'person.lead_source',
};
const NAMES = Object.keys(TARGETS) as (keyof typeof TARGETS)[];

/**
 * Reads people who come in as rows of an import.
 * @param pathOf the path of one of them in the caller's input, before its field
 * @throws SamepageError `invalid_input` naming each field that cannot be read
 */
export async function readPeople(
  ctx: Context,
  records: readonly PersonRecord[],
  taxonomy: Taxonomy,
  pathOf: (place: number) => string,
): Promise<ReadRow[]> {
  const others = [...new Set(records.flatMap(({ fields }) => Object.keys(fields ?? {})))];
  const declared = taxonomy.fields.flatMap(({ name }) => (name.startsWith('person.') ? [name.slice('person.'.length)] : []));
  const problems: Problem[] = records.flatMap(({ fields }, i) =>
    Object.keys(fields ?? {}).flatMap((field) =>
      declared.includes(field) ? [] : [unknownField(`${pathOf(i)}fields.${field}`, field, declared)],
    ),
  );
  const mapping: ColumnMapping[] = [
    ...NAMES.map((column) => ({ column, target: TARGETS[column], reason: '' })),
    ...others.map((column) => ({ column: `fields.${column}`, target: `person.${column}`, reason: '' })),
  ];
  const latest = ctx.now().getTime() + SKEW_MS;
  const read = rowReader({ kind: 'people', mapping, taxonomy, reading: { countries: await loadCountries() }, latest });
  const rows = records.flatMap((record, i): ReadRow[] => {
    const cells = [...NAMES.map((name) => record[name]), ...others.map((field) => record.fields?.[field])];
    const row = read({ line: i + 1, payload: canonicalJson(record), cells });
    if (!Array.isArray(row)) return [row];
    for (const { column, value, reason } of row)
      problems.push({ path: `${pathOf(i)}${column ?? 'email'}`, ...(value === '' ? {} : { value }), reason });
    return [];
  });
  const [first] = problems;
  if (first === undefined) return rows;
  throw new SamepageError(
    'invalid_input',
    `${first.path} ${first.reason}${first.value === undefined ? '' : `; found ${first.value}`}.`,
    'Correct the fields named and call again; nothing was recorded.',
    { problems: problems.slice(0, 50) },
  );
}

function unknownField(path: string, field: string, declared: readonly string[]): Problem {
  const meant = nearest(field, declared);
  return { path, reason: `is not a field of a person in the taxonomy${meant === undefined ? '' : ` (did you mean ${meant}?)`}` };
}
