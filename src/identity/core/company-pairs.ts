import { companyIndex } from './company-index.ts';
import { type CompanyStatistics, companyStatistics } from './company-statistics.ts';
import { compareCompanies, type NameLevel } from './compare-companies.ts';
import type { Company } from './normalise-company.ts';

/** Two names of one company by their positions, the smaller first. */
export interface CompanyPair {
  a: number;
  b: number;
  level: NameLevel;
  /** Prior and evidence. */
  bits: number;
}

/** p ≥ .8: names alone; who acts on a pair asks for more evidence. */
const SAME_COMPANY_BITS = 2;

/** log2 of how unlikely it is that a name means one given other: there are as many as names that differ. */
function namePrior(statistics: CompanyStatistics): number {
  return -Math.log2(Math.max(1, statistics.names));
}

/**
 * Pairs of names of one company, by the names alone.
 * @param isComparable leaves pairs out, as those within a list without duplicates
 */
export function* companyPairs(
  companies: readonly (Company | null)[],
  isComparable: (a: number, b: number) => boolean = () => true,
): Generator<CompanyPair> {
  const statistics = companyStatistics(companies.filter((company) => company !== null));
  const index = companyIndex(companies);
  const prior = namePrior(statistics);
  for (const [b, company] of companies.entries()) {
    if (company === null) continue;
    for (const a of index.candidates(company)) {
      const other = companies[a];
      if (a >= b || other === null || other === undefined || !isComparable(a, b)) continue;
      const { level, bits } = compareCompanies(other, company, statistics);
      if (prior + bits >= SAME_COMPANY_BITS) yield { a, b, level, bits: Math.round((prior + bits) * 100) / 100 };
    }
  }
}
