import type { RuleName } from './block-keys.ts';
import type { Comparison } from './comparison.ts';
import { type Counted, type Patterns, settledBy } from './count-levels.ts';
import type { ComparisonKind, LevelWeight, Model } from './model.ts';

/** What a comparison's levels weigh in the data at hand. */
export interface Fitted {
  /** By comparison, by level (1 on): m and u. */
  readonly weights: readonly (readonly LevelWeight[])[];
  readonly pairsTrained: number;
}

/** Shipped shares count as much as this many pairs. */
const SHIPPED_MATCHES = 60;
const SHIPPED_OTHERS = 20;
const ROUNDS = 30;
/** How many times: a date may be wrong more often than shipped, an employer or the name of an organisation hardly. */
const MOST_DIFFERENT: Partial<Record<ComparisonKind, number>> = { name: 1.5, employer: 1.2, date: 9, text: 8 };
const MOST_DIFFERENT_ELSE = 3;
/** A rule in whose blocks fewer pairs match says little about matches. */
const LEAST_SHARE = 0.2;

/**
 * Fits the shipped weights to the data, without labels. How often others agree (u) comes from random pairs; how often matches do (m)
 * from expectation maximisation over the patterns of each blocking rule, where what the rule itself settles is left out.
 */
export function fitModel(
  comparisons: readonly Comparison[],
  rules: readonly RuleName[],
  counted: readonly Counted[],
  model: Model,
): Fitted {
  const shipped = comparisons.map(({ kind }) => model.weights[kind]);
  const random = counted.find((part) => part.random !== undefined)?.random ?? [];
  // among random pairs of one domain too few are left to count
  const u = shipped.map((levels, c) => {
    const shares = levels.map((level) => level.u);
    return comparisons[c]?.kind === 'mailbox' ? shares : smoothed(shares, random[c] as Float64Array, SHIPPED_OTHERS);
  });
  const m = shipped.map((levels) => levels.map((level) => level.m));
  const sums = m.map((levels) => new Float64Array(levels.length));
  let trained = 0;
  for (const [r, rule] of rules.entries()) {
    const patterns = counted.find((part) => part.patterns.has(r))?.patterns.get(r);
    if (patterns === undefined || patterns.pairs < 30) continue;
    trained += patterns.pairs;
    const settled = settledBy(rule, comparisons);
    const fitted = maximise(patterns, settled, m, u, (c, level) => shipped[c]?.[level - 1]?.isTold === true);
    if (fitted === undefined) continue;
    for (const [c, counts] of fitted.entries()) for (const [l, count] of counts.entries()) add(sums[c] as Float64Array, l, count);
  }
  const weights = shipped.map((levels, c) => {
    const fittedM = bounded(
      (comparisons[c] as Comparison).kind,
      levels,
      smoothed(
        levels.map((level) => level.m),
        sums[c] as Float64Array,
        SHIPPED_MATCHES,
      ),
    );
    return levels.map((level, l) => ({ ...level, m: fittedM[l] as number, u: (u[c] as number[])[l] as number }));
  });
  return { weights, pairsTrained: trained };
}

function smoothed(shares: readonly number[], counts: Float64Array, strength: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0) + strength;
  return shares.map((share, l) => (share * strength + (counts[l] as number)) / total);
}

/** Matches that differ are held to a few times what ships: what passes for more are others that share much, as colleagues do. */
function bounded(kind: ComparisonKind, levels: readonly LevelWeight[], shares: number[]): number[] {
  const last = levels.length - 1;
  const at = levels[last]?.isTold === true ? last - 1 : last;
  const most = (levels[at]?.m ?? 1) * (MOST_DIFFERENT[kind] ?? MOST_DIFFERENT_ELSE);
  const found = shares[at] ?? 0;
  if (found <= most) return shares;
  return shares.map((share, l) => (l === at ? most : (share * (1 - most)) / (1 - found)));
}

/**
 * Both kinds of pairs are fitted within the rule's blocks: others who share the key share more than others at random, as colleagues do
 * who share a switchboard.
 * @returns by comparison and level, the matches expected; undefined when the rule does not tell matches from others
 */
function maximise(
  patterns: Patterns,
  settled: readonly boolean[],
  startM: readonly (readonly number[])[],
  startU: readonly (readonly number[])[],
  isTold: (comparison: number, level: number) => boolean,
): Float64Array[] | undefined {
  let [m, u] = [startM, startU];
  let share = 0.3;
  let expected: Float64Array[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    expected = m.map((levels) => new Float64Array(levels.length));
    const others = m.map((levels) => new Float64Array(levels.length));
    let matches = 0;
    for (const [p, pattern] of patterns.levels.entries()) {
      let odds = share / (1 - share);
      for (let c = 0; c < pattern.length; c += 1) {
        const level = pattern[c] as number;
        if (level > 0 && !settled[c] && !isTold(c, level))
          odds *= ((m[c] as readonly number[])[level - 1] as number) / ((u[c] as readonly number[])[level - 1] as number);
      }
      const count = patterns.counts[p] as number;
      const weight = odds === Number.POSITIVE_INFINITY ? count : (count * odds) / (1 + odds);
      matches += weight;
      for (let c = 0; c < pattern.length; c += 1) {
        const level = pattern[c] as number;
        if (level === 0 || settled[c]) continue;
        add(expected[c] as Float64Array, level - 1, weight);
        add(others[c] as Float64Array, level - 1, count - weight);
      }
    }
    share = Math.min(0.999, Math.max(1e-6, matches / patterns.pairs));
    m = startM.map((levels, c) => smoothed(levels, expected[c] as Float64Array, SHIPPED_MATCHES));
    u = startU.map((levels, c) => smoothed(levels, others[c] as Float64Array, SHIPPED_MATCHES));
  }
  return share < LEAST_SHARE || share * patterns.pairs < 5 ? undefined : expected;
}

function add(to: Float64Array, at: number, amount: number): void {
  to[at] = (to[at] as number) + amount;
}
