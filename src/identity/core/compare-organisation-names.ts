import { companyFamilies, differingMarks } from './company-families.ts';
import { companyStatistics, nameBits } from './company-statistics.ts';
import { PARTS_OF_GROUP } from './company-words.ts';
import { compareCompanies, type NameLevel } from './compare-companies.ts';
import { compareOrganisations, WORDS, WordWeights } from './compare-tokens.ts';
import { type Comparison, shareOf } from './comparison.ts';
import { type Company, normaliseCompany } from './normalise-company.ts';
import { PairCache } from './pair-cache.ts';
import type { Column } from './table.ts';

/** What of two names of companies is one of the levels that names of things have. */
const LEVELS: Partial<Record<NameLevel, number>> = {
  same: WORDS.exact,
  same_but_form: WORDS.near,
  alias: WORDS.near,
  typo: WORDS.near,
  acronym: WORDS.partial,
};
/** What it costs that names are the same but for where their words are cut: `steak house`, `steakhouse`. */
const JOINED = 3;
/** Names no likelier by chance than those of a level at large: its words say more. */
const LEAST_LIKELY: Partial<Record<number, number>> = { [WORDS.exact]: 1, [WORDS.near]: 0.0003 };
/** Of two who have a domain each a name says no more than that it is so rare: they may be namesakes. */
const NAMESAKE = 2 ** -10;
/** Of many things a name has to tell more: it finds one among all, most of which are there once. */
const LEAST_MOST_BITS = 16;
const TIMES_ALL = 1.6;
/** A mark tells organisations apart where of so many, and of such a share of those who have it, there is another without it. */
const FEWEST_APART = 10;
const LEAST_APART = 0.7;
/** The same where all are there twice: who is, may leave a mark out. */
const LEFT_OUT = 0.8;
/** More who have a name are branches of one, or bear a name that is common. */
const FEW = 12;

/**
 * Names of organisations. What a name tells are its words: how rarely other names of the list have them, not how often the name is there,
 * which is as often as the list has the organisation.
 */
export function organisationNames(column: Column, domain?: Column): Comparison {
  const { codes, values } = column;
  const weights = new WordWeights(values);
  const read: (Company | null)[] = Array.from(values, (value) => normaliseCompany(value));
  const statistics = companyStatistics(read.filter((company) => company !== null));
  const compare = (x: number, y: number) => {
    const [one, other] = [read[x], read[y]];
    return one == null || other == null ? undefined : compareCompanies(one, other, statistics);
  };
  const isTelling = tellingMarks(read, column);
  const levels = new PairCache(values, (_left, _right, x, y) => {
    const said = compare(x, y)?.level ?? 'different';
    if (said === 'contained' && arePartsOfGroup(read[x], read[y])) return WORDS.different;
    if (said === 'same_but_form' && isTelling(read[x], read[y])) return WORDS.different;
    return LEVELS[said] ?? Math.max(WORDS.near, compareOrganisations(weights, x, y));
  });
  const levelOf = (x: number, y: number) => (x === y ? WORDS.exact : levels.level(x, y));
  const ofWhole = new Float64Array(values.length).fill(Number.NaN);
  const wholeBits = (x: number): number => {
    if (Number.isNaN(ofWhole[x])) ofWhole[x] = nameBits(read[x]?.baseWords ?? [], statistics);
    return ofWhole[x] as number;
  };
  return {
    id: 'name',
    kind: 'name',
    group: 'name',
    mostBits: Math.max(LEAST_MOST_BITS, TIMES_ALL * Math.log2(Math.max(1, values.length))),
    level(a, b) {
      const [x, y] = [codes[a] as number, codes[b] as number];
      return x < 0 || y < 0 ? 0 : levelOf(x, y);
    },
    rarity(level, a, b) {
      const [x, y] = [codes[a] as number, codes[b] as number];
      const least = areOnTwo(domain, a, b) ? NAMESAKE : 0;
      if (level === WORDS.exact && x === y) {
        const isMany = (column.counts[x] as number) > FEW;
        return Math.max(least, 2 ** -wholeBits(x), isMany ? shareOf(column, x) : 0);
      }
      const { level: said = 'different', bits = 0 } = compare(x, y) ?? {};
      const told = LEVELS[said] === level ? Math.max(least, 2 ** ((said === 'same' ? JOINED : 0) - bits)) : 1;
      return told < (LEAST_LIKELY[level] ?? 0) ? told : 0;
    },
    shown: (record) => values.at(codes[record] as number) ?? '',
  };
}

/** Whether two names differ by a mark that tells organisations of the list apart: it has them without it oftener than copies would leave it out. */
function tellingMarks(read: readonly (Company | null)[], { counts, filled }: Column) {
  const { having, apart } = companyFamilies(read.flatMap((company) => (company === null ? [] : [{ company, domain: null }])));
  const records = new Map<string, number>();
  read.forEach((company, code) => {
    if (company !== null) records.set(company.key, (records.get(company.key) ?? 0) + (counts[code] as number));
  });
  const twice = [...records.values()].reduce((sum, count) => sum + (count > 1 ? count : 0), 0) / Math.max(1, filled);
  const isTelling = (mark: string) => {
    const [all, others] = [having.get(mark) ?? 0, apart.get(mark) ?? 0];
    return others >= FEWEST_APART && others > all * Math.max(LEAST_APART, LEFT_OUT * twice);
  };
  return (one: Company | null | undefined, other: Company | null | undefined) =>
    one != null && other != null && differingMarks(one, other).some(isTelling);
}
function areOnTwo(domain: Column | undefined, a: number, b: number): boolean {
  const [x, y] = [domain?.codes[a] ?? -1, domain?.codes[b] ?? -1];
  return x >= 0 && y >= 0 && x !== y;
}

/** True where all that one name has beyond the other tells a company of a group from another: Acme, Acme Leasing, Acme II. */
function arePartsOfGroup(one: Company | null | undefined, other: Company | null | undefined): boolean {
  const [few, many] = [one?.baseWords ?? [], other?.baseWords ?? []].sort((a, b) => a.length - b.length) as [
    readonly string[],
    readonly string[],
  ];
  const more = many.filter((word) => !few.includes(word));
  return more.length > 0 && few.every((word) => many.includes(word)) && more.every((word) => PARTS_OF_GROUP.has(word));
}
