import { z } from 'zod';
import type { AccountRecord, AccountStatistics } from './account-evidence.ts';
import { type CompanyFamilies, scaledFamilies } from './company-families.ts';
import { listStatistics } from './company-statistics.ts';
import { countOf } from './count-of.ts';

const valueCounts = z.array(z.tuple([z.string(), z.number()]));
const together = z.object({ known: z.number(), same: z.number() });

/** How often words and places occur among accounts, as it is kept. */
export const accountCounts = z.object({
  accounts: z.number(),
  /** Accounts that were counted: all, or a sample. */
  counted: z.number(),
  /** Different names among them. */
  names: z.number(),
  /** By the number of words, as CompanyStatistics has it. */
  wholeNames: z.array(z.number()),
  words: valueCounts,
  acronyms: valueCounts,
  cities: valueCounts,
  countries: valueCounts,
  postcodes: valueCounts,
  /** As CompanyFamilies has it; counts that were kept before have none. */
  families: z
    .object({ having: valueCounts, apart: valueCounts, cities: together, countries: together, several: z.number(), longer: z.number() })
    .optional(),
});
export type AccountCounts = z.infer<typeof accountCounts>;

/** Counts a sample of accounts. @param accounts how many there are */
export function countAccounts(sample: readonly AccountRecord[], accounts: number): AccountCounts {
  const names = listStatistics(
    sample.flatMap(({ company, domain, city, country }) =>
      company === null ? [] : [{ company, domain: domain?.registrable ?? null, city, country }],
    ),
  );
  const { families } = names;
  // of a sample, what was seen once says little about how often it is there
  const least = sample.length < accounts ? 2 : 1;
  const listed = (counts: ReadonlyMap<string, number>, fewest: number) => [...counts].filter(([, count]) => count >= fewest);
  return {
    accounts,
    counted: sample.length,
    names: names.names,
    wholeNames: [...(names.wholeNames ?? [])],
    words: listed(names.words, 2),
    acronyms: listed(names.acronyms, 2),
    cities: listed(countOf(sample.map(({ city }) => city)), least),
    countries: listed(countOf(sample.map(({ country }) => country)), least),
    postcodes: listed(countOf(sample.map(({ postcode }) => postcode)), least),
    ...(families !== undefined && { families: { ...families, having: listed(families.having, 2), apart: [...families.apart] } }),
  };
}

/** The counts as what they come to among all accounts: made once, asked often. */
export class AccountNumbers {
  /** How many accounts there were when they were counted. */
  readonly size: number;
  readonly #counts: AccountCounts;
  readonly #words: ReadonlyMap<string, number>;
  readonly #common: Pick<AccountStatistics, 'accounts' | 'cities' | 'countries' | 'postcodes'>;
  readonly #acronyms: ReadonlyMap<string, number>;
  readonly #families: CompanyFamilies | undefined;

  constructor(counts: AccountCounts, size: number) {
    this.size = size;
    const scale = counts.counted === 0 ? 1 : counts.accounts / counts.counted;
    const scaled = (listed: readonly (readonly [string, number])[]) =>
      new Map(listed.map(([value, count]) => [value, Math.max(1, Math.round(count * scale))]));
    this.#counts = counts;
    this.#words = scaled(counts.words);
    this.#acronyms = scaled(counts.acronyms);
    const { families } = counts;
    this.#families =
      families === undefined
        ? undefined
        : scaledFamilies({ ...families, having: new Map(families.having), apart: new Map(families.apart) }, scale);
    this.#common = {
      accounts: counts.accounts,
      cities: scaled(counts.cities),
      countries: scaled(counts.countries),
      postcodes: scaled(counts.postcodes),
    };
  }

  /**
   * What is known of all accounts, for one lead and its candidates.
   * @param having how many accounts have a word, of those words for which it was looked up
   */
  statistics(
    sharedDomains: ReadonlySet<string>,
    candidates: readonly AccountRecord[],
    having: ReadonlyMap<string, number>,
  ): AccountStatistics {
    const { accounts, counted, names, wholeNames } = this.#counts;
    const words = new Map<string, number>(having);
    for (const { company } of candidates)
      for (const word of company?.baseWords ?? []) if (!words.has(word)) words.set(word, this.#words.get(word) ?? 0);
    return {
      names: {
        names: Math.round((names * accounts) / Math.max(1, counted)),
        words,
        acronyms: this.#acronyms,
        wholeNames,
        ...(this.#families !== undefined && { families: this.#families }),
      },
      domains: countOf(candidates.map(({ domain }) => domain?.registrable ?? null)),
      phones: countOf(candidates.map(({ phone }) => phone)),
      sharedDomains,
      ...this.#common,
    };
  }

  /** How many accounts have a word, by the sample. */
  having(word: string): number {
    return this.#words.get(word) ?? 0;
  }
}
