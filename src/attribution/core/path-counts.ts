import type { Credit } from './credit.ts';
import { type CountedPath, markovCredits } from './markov.ts';
import { MILLION, type Tally } from './tally.ts';

/** Credit is measured in such parts of one before it is shared out as integers. */
const PARTS = 2 ** 50;

interface Sum {
  currency: string | null;
  period: string | null;
  millionths: number;
  cents: number;
}

/** Collects the paths of a period for a model that looks at all of them at once, and shares out what they came to. */
export class PathCounts {
  readonly #order: 1 | 2;
  readonly #paths = new Map<string, { path: readonly string[]; conversions: number; nulls: number }>();
  readonly #sums = new Map<string, Sum>();

  constructor(order: 1 | 2) {
    this.#order = order;
  }

  /** @param of null: a path that led to no conversion */
  add(path: readonly string[], of: { currency: string | null; period: string | null; cents: number } | null): void {
    const key = path.join('\u0001');
    const counted = this.#paths.get(key) ?? { path, conversions: 0, nulls: 0 };
    this.#paths.set(key, counted);
    if (of === null) {
      counted.nulls += 1;
      return;
    }
    counted.conversions += 1;
    const { currency, period, cents } = of;
    const sum = this.#sums.get(`${currency ?? ''} ${period ?? ''}`) ?? { currency, period, millionths: 0, cents: 0 };
    this.#sums.set(`${currency ?? ''} ${period ?? ''}`, sum);
    sum.millionths += MILLION;
    sum.cents += cents;
  }

  /** @param groupOf the key of a group, of a step of the path in a period */
  shareInto(tally: Tally, groupOf: (step: string, period: string | null) => string): void {
    if (this.#sums.size === 0) return;
    const paths: CountedPath[] = [...this.#paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counted]) => counted);
    const credits = markovCredits(paths, this.#order)
      .filter(({ credit }) => credit > 0)
      .sort((a, b) => b.credit - a.credit || (a.channel < b.channel ? -1 : 1));
    const total = credits.reduce((sum, { credit }) => sum + credit, 0);
    const parts = credits.map(({ credit }) => BigInt(Math.round((credit / total) * PARTS)));
    const shares: Credit = { parts, whole: parts.reduce((sum, part) => sum + part, 0n) };
    for (const sum of this.#sums.values()) {
      const groups = credits.map(({ channel }) => groupOf(channel, sum.period));
      tally.share(sum, groups, shares);
    }
  }
}
