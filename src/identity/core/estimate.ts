import type { RuleName } from './block-keys.ts';
import type { Blocks } from './blocks.ts';
import type { Comparison } from './comparison.ts';
import { combine } from './hash.ts';
import type { ComparisonKind, LevelWeight, Model } from './model.ts';
import type { Table } from './table.ts';

/** What a comparison's levels weigh in the data at hand. */
export interface Fitted {
  /** By comparison, by level (1 on): m and u. */
  readonly weights: readonly (readonly LevelWeight[])[];
  readonly pairsTrained: number;
}

/** Shipped shares count as much as this many pairs. */
const SHIPPED_MATCHES = 60;
const SHIPPED_OTHERS = 20;
const RANDOM_PAIRS = 150_000;
const PAIRS_PER_RULE = 60_000;
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
  table: Table,
  comparisons: readonly Comparison[],
  rules: readonly RuleName[],
  blocks: Blocks,
  model: Model,
): Fitted {
  const shipped = comparisons.map(({ kind }) => model.weights[kind]);
  const seen = countRandom(table, comparisons, shipped);
  // among random pairs of one domain too few are left to count
  const u = shipped.map((levels, c) => {
    const shares = levels.map((level) => level.u);
    return comparisons[c]?.kind === 'mailbox' ? shares : smoothed(shares, seen[c] as Float64Array, SHIPPED_OTHERS);
  });
  const m = shipped.map((levels) => levels.map((level) => level.m));
  const sums = m.map((levels) => new Float64Array(levels.length));
  let trained = 0;
  for (const [r, rule] of rules.entries()) {
    const settled = comparisons.map(({ id, group }) => rule.settles.includes(id) || rule.settles.includes(group));
    const patterns = countPatterns(comparisons, settled, blocks, r);
    if (patterns.pairs < 30) continue;
    trained += patterns.pairs;
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
 * Levels of pairs taken at random; the same pairs for the same records. Those that the shipped weights hold for matches are left out: in
 * a file of duplicates they would pass for what others share by chance.
 */
function countRandom(table: Table, comparisons: readonly Comparison[], shipped: readonly (readonly LevelWeight[])[]): Float64Array[] {
  const counts = comparisons.map(() => new Float64Array(16));
  const n = table.size;
  if (n < 2) return counts;
  const wanted = Math.min(RANDOM_PAIRS, (n * (n - 1)) / 2);
  const bits = shipped.map((levels) => levels.map((level) => (level.isTold === true ? 0 : Math.log2(level.m / level.u))));
  const likely = Math.log2(n);
  const found = new Uint8Array(comparisons.length);
  for (let i = 0; i < wanted; i += 1) {
    const a = combine(i + 1, 0x51ed270b) % n;
    const b = combine(i + 1, 0x2f0b4f91) % n;
    if (a === b) continue;
    let evidence = 0;
    for (let c = 0; c < comparisons.length; c += 1) {
      const level = (comparisons[c] as Comparison).level(a, b);
      found[c] = level;
      if (level > 0) evidence += (bits[c] as number[])[level - 1] as number;
    }
    if (evidence > likely) continue;
    for (let c = 0; c < comparisons.length; c += 1) if (found[c] !== 0) add(counts[c] as Float64Array, (found[c] as number) - 1, 1);
  }
  return counts;
}

interface Patterns {
  /** By pattern: levels of all comparisons, 0 where settled. */
  readonly levels: readonly Uint8Array[];
  readonly counts: Float64Array;
  readonly pairs: number;
}

/** Patterns of levels in a rule's blocks; a part of the blocks, chosen by their number, where there are many pairs. */
function countPatterns(comparisons: readonly Comparison[], settled: readonly boolean[], blocks: Blocks, rule: number): Patterns {
  const [from, to] = [blocks.ruleStarts[rule] as number, blocks.ruleStarts[rule + 1] as number];
  let all = 0;
  for (let block = from; block < to; block += 1) {
    const n = (blocks.starts[block + 1] as number) - (blocks.starts[block] as number);
    all += (n * (n - 1)) / 2;
  }
  const every = Math.max(1, Math.ceil(all / PAIRS_PER_RULE));
  const counts = new Map<number, number>();
  let pairs = 0;
  const visit = (a: number, b: number) => {
    let code = 0;
    for (let c = 0; c < comparisons.length; c += 1) code = code * 10 + (settled[c] ? 0 : (comparisons[c] as Comparison).level(a, b));
    counts.set(code, (counts.get(code) ?? 0) + 1);
    pairs += 1;
  };
  for (let block = from; block < to; block += 1) {
    if (combine(block - from + 1, 0x7feb352d) % every !== 0) continue;
    const start = blocks.starts[block] as number;
    const end = blocks.starts[block + 1] as number;
    for (let i = start; i < end; i += 1)
      for (let j = i + 1; j < end; j += 1) visit(blocks.members[i] as number, blocks.members[j] as number);
  }
  const codes = [...counts.keys()].sort((a, b) => a - b);
  const levels = codes.map((code) => {
    const pattern = new Uint8Array(comparisons.length);
    let rest = code;
    for (let c = comparisons.length - 1; c >= 0; c -= 1) {
      pattern[c] = rest % 10;
      rest = Math.floor(rest / 10);
    }
    return pattern;
  });
  return { levels, counts: Float64Array.from(codes, (code) => counts.get(code) ?? 0), pairs };
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
