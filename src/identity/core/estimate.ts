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
const LEAST_MATCHES = 5;
/** It is asked after all where no other shows how matches differ, if those that it takes for matches are on average so likely to be. */
const LEAST_CERTAIN = 0.8;

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
  const isTold = (c: number, level: number) => shipped[c]?.[level - 1]?.isTold === true;
  const m = shipped.map((levels) => levels.map((level) => level.m));
  const sums: Float64Array[] = m.map((levels) => new Float64Array(levels.length));
  let trained = 0;
  const fits: Fit[] = [];
  const leftOut: Fit[] = [];
  for (const [r, rule] of rules.entries()) {
    const patterns = counted.find((part) => part.patterns.has(r))?.patterns.get(r);
    if (patterns === undefined || patterns.pairs < 30) continue;
    trained += patterns.pairs;
    const settled = settledBy(rule, comparisons);
    // what settles all shows nothing
    if (settled.every((is) => is)) continue;
    const fit = maximise(patterns, settled, m, u, isTold);
    if (fit.share < LEAST_SHARE || fit.share * patterns.pairs < LEAST_MATCHES) {
      leftOut.push(fit);
      continue;
    }
    fits.push(fit);
    for (const [c, counts] of fit.expected.entries()) for (const [l, count] of counts.entries()) add(sums[c] as Float64Array, l, count);
  }
  const isUntaught = comparisons.map((_, c) => fits.every(({ settled }) => settled[c] === true));
  const held = leftOut
    .filter(({ settled }) => isUntaught.some((is, c) => is && !settled[c]))
    .map(({ patterns, settled }) => maximise(patterns, settled, m, u, isTold, true));
  const teachers = new Set(isUntaught.flatMap((is, c) => (is ? (surestOf(held, c) ?? []) : [])));
  const all = [...fits, ...teachers];
  const isConcerned = (c: number) => isUntaught[c] === true || [...teachers].some(({ settled }) => settled[c]);
  if (teachers.size > 0)
    for (const [c, counts] of countOnce(all).entries()) if (isConcerned(c) && all.some(({ settled }) => !settled[c])) sums[c] = counts;
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
  const all = total(counts) + strength;
  return shares.map((share, l) => (share * strength + (counts[l] as number)) / all);
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

/** What one rule's blocks tell of matches. */
interface Fit {
  readonly patterns: Patterns;
  readonly settled: readonly boolean[];
  /** By pattern, the matches expected. */
  readonly matches: Float64Array;
  /** By comparison and level. */
  readonly expected: readonly Float64Array[];
  /** The share of the pairs that match. */
  readonly share: number;
  /** How likely those are matches that pass for it, on average. */
  readonly certain: number;
}

/** Of the rules left out, the one that tells most surely of a comparison. */
function surestOf(held: readonly Fit[], comparison: number): Fit | undefined {
  let best: Fit | undefined;
  for (const fit of held) {
    const isSure = fit.certain >= (best?.certain ?? LEAST_CERTAIN);
    if (isSure && total(fit.expected[comparison] as Float64Array) >= LEAST_MATCHES) best = fit;
  }
  return best;
}

/**
 * Matches by comparison and level, each counted once of all rules that find it, and what a rule settles as the same. Else slips in names
 * were looked for where the date is the same alone, and slips in dates where the names are: who has one of them has the other seldom.
 */
function countOnce(fits: readonly Fit[]): Float64Array[] {
  const sums = (fits[0] as Fit).expected.map((counts) => new Float64Array(counts.length));
  // without postcodes it is the place that is the same
  const same = sums.map(
    (counts, c) =>
      1 +
      Math.max(
        0,
        counts.findIndex((_, l) => fits.some((fit) => (fit.expected[c]?.[l] ?? 0) >= LEAST_MATCHES)),
      ),
  );
  for (const { patterns, settled, matches } of fits) {
    for (const [p, pattern] of patterns.levels.entries()) {
      const isSame = (c: number) => settled[c] === true || pattern[c] === same[c];
      const finders = fits.filter((fit) => fit.settled.every((is, c) => !is || isSame(c))).length;
      const weight = ((matches[p] as number) * patterns.every) / finders;
      for (const [c, counts] of sums.entries()) {
        const level = (settled[c] === true ? same : pattern)[c] as number;
        if (level > 0) add(counts, level - 1, weight);
      }
    }
  }
  return sums;
}

/**
 * Both kinds of pairs are fitted within the rule's blocks: others who share the key share more than others at random, as colleagues do
 * who share a switchboard.
 * @param isHeld others are as they are at random, and of matches as many differ as ships: what agrees beyond chance are matches
 */
function maximise(
  patterns: Patterns,
  settled: readonly boolean[],
  startM: readonly (readonly number[])[],
  startU: readonly (readonly number[])[],
  isTold: (comparison: number, level: number) => boolean,
  isHeld = false,
): Fit {
  let [m, u] = [startM, startU];
  let share = 0.3;
  let expected: Float64Array[] = [];
  const matches = new Float64Array(patterns.counts.length);
  for (let round = 0; round < ROUNDS; round += 1) {
    expected = m.map((levels) => new Float64Array(levels.length));
    const others = m.map((levels) => new Float64Array(levels.length));
    for (const [p, pattern] of patterns.levels.entries()) {
      let odds = share / (1 - share);
      for (let c = 0; c < pattern.length; c += 1) {
        const level = pattern[c] as number;
        if (level > 0 && !settled[c] && !isTold(c, level))
          odds *= ((m[c] as readonly number[])[level - 1] as number) / ((u[c] as readonly number[])[level - 1] as number);
      }
      const count = patterns.counts[p] as number;
      const weight = odds === Number.POSITIVE_INFINITY ? count : (count * odds) / (1 + odds);
      matches[p] = weight;
      for (let c = 0; c < pattern.length; c += 1) {
        const level = pattern[c] as number;
        if (level === 0 || settled[c]) continue;
        add(expected[c] as Float64Array, level - 1, weight);
        add(others[c] as Float64Array, level - 1, count - weight);
      }
    }
    share = Math.min(0.999, Math.max(1e-6, total(matches) / patterns.pairs));
    m = startM.map((levels, c) => {
      const shares = smoothed(levels, expected[c] as Float64Array, SHIPPED_MATCHES);
      return isHeld ? withLast(shares, levels.at(-1) as number) : shares;
    });
    if (!isHeld) u = startU.map((levels, c) => smoothed(levels, others[c] as Float64Array, SHIPPED_MATCHES));
  }
  const squares = matches.reduce((sum, weight, p) => sum + (weight * weight) / (patterns.counts[p] as number), 0);
  return { patterns, settled, matches, expected, share, certain: squares / Math.max(1e-9, total(matches)) };
}

/** The shares with the last one given. */
function withLast(shares: readonly number[], last: number): number[] {
  const rest = 1 - (shares.at(-1) as number);
  return shares.map((share, l) => (l === shares.length - 1 ? last : (share * (1 - last)) / rest));
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function add(to: Float64Array, at: number, amount: number): void {
  to[at] = (to[at] as number) + amount;
}
