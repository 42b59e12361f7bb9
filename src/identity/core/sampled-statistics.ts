import type { AccountRecord, AccountStatistics } from './account-evidence.ts';
import { TableBuilder } from './build-table.ts';
import type { ColumnKind } from './column-kinds.ts';
import { listStatistics } from './company-statistics.ts';
import type { Statistics } from './score-pair.ts';
import type { Column } from './table.ts';

/**
 * How many rows there are, from the first of them by id: ids spread evenly, so that the place of the last tells how many follow.
 * @param ids the least ids, in their order
 * @param asked how many were asked for: fewer are all
 */
export function estimatedSize(ids: readonly string[], asked: number): number {
  const last = ids.at(-1);
  if (last === undefined || ids.length < asked) return ids.length;
  const share = (Number.parseInt(last.slice(0, 8), 16) + 1) / 2 ** 32;
  return Math.max(ids.length, Math.round(ids.length / share));
}

/**
 * What is known of all accounts, by a sample of them.
 * @param shared how many accounts have a domain or number, of those that the candidates have
 */
export function accountStatistics(
  sample: readonly AccountRecord[],
  accounts: number,
  sharedDomains: ReadonlySet<string>,
  candidates: readonly AccountRecord[],
): AccountStatistics {
  const scale = sample.length === 0 ? 1 : accounts / sample.length;
  const scaled = (values: readonly (string | null)[]) =>
    new Map([...countOf(values)].map(([value, count]) => [value, Math.max(1, Math.round(count * scale))]));
  return {
    accounts,
    names: listStatistics(
      sample.flatMap(({ company, domain }) => (company === null ? [] : [{ company, domain: domain?.registrable ?? null }])),
    ),
    domains: countOf(candidates.map(({ domain }) => domain?.registrable ?? null)),
    phones: countOf(candidates.map(({ phone }) => phone)),
    cities: scaled(sample.map(({ city }) => city)),
    countries: scaled(sample.map(({ country }) => country)),
    postcodes: scaled(sample.map(({ postcode }) => postcode)),
    sharedDomains,
  };
}

function countOf(values: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** What is known of all people, by a sample of them. @param kinds what the cells hold */
export function peopleStatistics(kinds: readonly ColumnKind[], sample: readonly (readonly string[])[], people: number): Statistics {
  const builder = new TableBuilder(kinds, kinds);
  for (const cells of sample) builder.add(cells);
  const table = builder.finish(Uint32Array.from(sample, (_, i) => i));
  const columns: Readonly<Record<string, Column | undefined>> = {
    first_name: table.given,
    last_name: table.family,
    domain: table.domain,
    company: table.company,
    phone: table.phone,
    city: table.city,
    postcode: table.postcode,
    country: table.country,
  };
  const counts = new Map<string, ReadonlyMap<string, number>>();
  for (const [kind, column] of Object.entries(columns))
    if (column !== undefined) counts.set(kind, new Map(Array.from(column.values, (value, code) => [value, column.counts[code] ?? 0])));
  return {
    // one of all, or nobody yet
    prior: -Math.log2(Math.max(1, people)) - 1,
    filled: (kind) => columns[kind]?.filled ?? 0,
    count: (kind, value) => counts.get(kind)?.get(value) ?? 0,
  };
}
