import type { RuleName } from './block-keys.ts';
import { type RuleBlocks, recordOf } from './blocks.ts';
import type { Comparison } from './comparison.ts';
import { combine } from './hash.ts';
import type { Model } from './model.ts';
import type { Table } from './table.ts';

const RANDOM_PAIRS = 150_000;
const PAIRS_PER_RULE = 60_000;

/** What one thread counted. */
export interface Counted {
  /** By comparison and level, pairs taken at random. */
  readonly random?: readonly Float64Array[];
  /** By rule, pairs of its blocks. */
  readonly patterns: ReadonlyMap<number, Patterns>;
}

export interface Patterns {
  /** By pattern: levels of all comparisons, 0 where settled. */
  readonly levels: readonly Uint8Array[];
  readonly counts: Float64Array;
  readonly pairs: number;
  /** One block in so many was counted. */
  readonly every: number;
}

/**
 * Counts how pairs of records compare: random ones, and those of each rule's blocks.
 * @param next the number of the next of these parts, which threads share
 */
export function countLevels(
  { table, comparisons, rules, model }: { table: Table; comparisons: readonly Comparison[]; rules: readonly RuleName[]; model: Model },
  blocks: readonly RuleBlocks[],
  next: Int32Array,
): Counted {
  const patterns = new Map<number, Patterns>();
  let random: Float64Array[] | undefined;
  for (let part = Atomics.add(next, 0, 1); part <= rules.length; part = Atomics.add(next, 0, 1)) {
    if (part === 0) random = countRandom(table, comparisons, model);
    else
      patterns.set(
        part - 1,
        countPatterns(comparisons, settledBy(rules[part - 1] as RuleName, comparisons), blocks[part - 1] as RuleBlocks),
      );
  }
  return { patterns, ...(random !== undefined && { random }) };
}

/** By comparison, whether the key of the rule decides it. */
export function settledBy(rule: RuleName, comparisons: readonly Comparison[]): boolean[] {
  return comparisons.map(({ id, group }) => rule.settles.includes(id) || rule.settles.includes(group));
}

/**
 * Levels of pairs taken at random; the same pairs for the same records. Those that the shipped weights hold for matches are left out: in
 * a file of duplicates they would pass for what others share by chance.
 */
function countRandom(table: Table, comparisons: readonly Comparison[], model: Model): Float64Array[] {
  const records = withoutCopies(table);
  const size = records?.length ?? table.size;
  const counts = comparisons.map(() => new Float64Array(16));
  if (size < 2) return counts;
  const wanted = Math.min(RANDOM_PAIRS, (size * (size - 1)) / 2);
  const bits = comparisons.map(({ kind }) => model.weights[kind].map(({ m, u, isTold }) => (isTold === true ? 0 : Math.log2(m / u))));
  const likely = Math.log2(size);
  const found = new Uint8Array(comparisons.length);
  for (let i = 0; i < wanted; i += 1) {
    const [first, second] = [combine(i + 1, 0x51ed270b) % size, combine(i + 1, 0x2f0b4f91) % size];
    if (first === second) continue;
    const a = records === undefined ? first : (records[first] as number);
    const b = records === undefined ? second : (records[second] as number);
    let evidence = 0;
    for (let c = 0; c < comparisons.length; c += 1) {
      const level = (comparisons[c] as Comparison).level(a, b);
      found[c] = level;
      if (level > 0) evidence += (bits[c] as number[])[level - 1] as number;
    }
    if (evidence > likely) continue;
    for (let c = 0; c < comparisons.length; c += 1) {
      const level = found[c] as number;
      const levels = counts[c] as Float64Array;
      if (level > 0) levels[level - 1] = (levels[level - 1] as number) + 1;
    }
  }
  return counts;
}

/** The records that are no copies; undefined where there are none. */
function withoutCopies({ size, isCopy }: Table): Uint32Array | undefined {
  if (isCopy === undefined) return undefined;
  let n = 0;
  const records = new Uint32Array(size);
  for (let i = 0; i < size; i += 1) {
    if (isCopy[i] === 1) continue;
    records[n] = i;
    n += 1;
  }
  return records.subarray(0, n);
}

/** Patterns of levels in a rule's blocks; a part of the blocks, chosen by their number, where there are many pairs. */
function countPatterns(comparisons: readonly Comparison[], settled: readonly boolean[], { starts, members }: RuleBlocks): Patterns {
  let all = 0;
  for (let block = 0; block + 1 < starts.length; block += 1) {
    const n = (starts[block + 1] as number) - (starts[block] as number);
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
  for (let block = 0; block + 1 < starts.length; block += 1) {
    if (combine(block + 1, 0x7feb352d) % every !== 0) continue;
    const [start, end] = [starts[block] as number, starts[block + 1] as number];
    for (let i = start; i < end; i += 1)
      for (let j = i + 1; j < end; j += 1) visit(recordOf(members[i] as number), recordOf(members[j] as number));
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
  return { levels, counts: Float64Array.from(codes, (code) => counts.get(code) ?? 0), pairs, every };
}
