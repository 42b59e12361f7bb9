import type { BlockRule } from './block-keys.ts';
import { orderByKey } from './hash.ts';
import { sharedCounts } from './shared-array.ts';

/** Blocks larger than this are not compared pair by pair; what their records share still counts where they meet otherwise. */
export const BLOCK_CAP = 300;

/** Blocks of records that share a key, and the blocks of each record. */
export interface Blocks {
  /** Where each block's records start in `members`; one more than there are blocks. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
  /** By rule: its first block. The blocks of a rule follow each other. */
  readonly ruleStarts: readonly number[];
  /** Blocks left out for their size, by rule. */
  readonly capped: readonly number[];
  /** Where each record's blocks start in `blocksOf`. */
  readonly recordStarts: Uint32Array;
  readonly blocksOf: Uint32Array;
}

/** Sorts the records into blocks, rule by rule. */
export function buildBlocks(rules: readonly BlockRule[], size: number, cap: number = BLOCK_CAP): Blocks {
  const startParts: Uint32Array[] = [];
  const parts: Uint32Array[] = [];
  let blocks = 0;
  const ruleStarts: number[] = [];
  const capped: number[] = [];
  let filled = 0;
  for (const rule of rules) {
    ruleStarts.push(blocks);
    const found = blocksOfRule(
      rule,
      size,
      cap,
      rule.isBroad === true ? Math.max(BROAD_PAIRS, size * BROAD_PAIRS_PER_RECORD) : Number.POSITIVE_INFINITY,
    );
    startParts.push(found.starts.map((start) => filled + start));
    blocks += found.starts.length;
    parts.push(found.members);
    capped.push(found.capped);
    filled += found.members.length;
  }
  ruleStarts.push(blocks);
  const starts = joined([...startParts, Uint32Array.of(filled)], blocks + 1);
  const members = joined(parts, filled);
  return { starts, members, ruleStarts, capped, ...byRecord(starts, members, size) };
}

function joined(parts: readonly Uint32Array[], length: number): Uint32Array {
  const whole = sharedCounts(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A broad rule compares so many pairs at most, its smallest blocks first: the rarer the key, the more it tells. */
const BROAD_PAIRS = 400_000;
const BROAD_PAIRS_PER_RECORD = 1;

function blocksOfRule(
  rule: BlockRule,
  size: number,
  cap: number,
  budget: number,
): { starts: Uint32Array; members: Uint32Array; capped: number } {
  const keys = rule.keys();
  let count = 0;
  for (const slot of keys) for (let i = 0; i < size; i += 1) if (slot[i] !== 0) count += 1;
  const hashes = new Uint32Array(count);
  const records = new Uint32Array(count);
  let n = 0;
  for (const slot of keys) {
    for (let i = 0; i < size; i += 1) {
      if (slot[i] === 0) continue;
      hashes[n] = slot[i] as number;
      records[n] = i;
      n += 1;
    }
  }
  const order = orderByKey(hashes);
  const members = new Uint32Array(count);
  const starts = new Uint32Array(count >> 1);
  let blocks = 0;
  let filled = 0;
  let capped = 0;
  const most = largestWithin(hashes, order, cap, budget);
  for (let from = 0; from < count; ) {
    const hash = hashes[order[from] as number];
    let to = from + 1;
    while (to < count && hashes[order[to] as number] === hash) to += 1;
    if (to - from > most) capped += 1;
    else if (to - from > 1) {
      const start = filled;
      for (let i = from; i < to; i += 1) {
        members[filled] = records[order[i] as number] as number;
        filled += 1;
      }
      if (keys.length > 1) filled = distinctFrom(members, start, filled);
      if (filled - start > 1) {
        starts[blocks] = start;
        blocks += 1;
      } else filled = start;
    }
    from = to;
  }
  return { starts: starts.slice(0, blocks), members: members.slice(0, filled), capped };
}

/** The size of block up to which all blocks together keep within the budget of pairs. */
function largestWithin(hashes: Uint32Array, order: Uint32Array, cap: number, budget: number): number {
  if (budget === Number.POSITIVE_INFINITY) return cap;
  const pairs = new Float64Array(cap + 1);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && hashes[order[to] as number] === hashes[order[from] as number]) to += 1;
    const n = to - from;
    if (n <= cap) pairs[n] = (pairs[n] as number) + (n * (n - 1)) / 2;
    from = to;
  }
  let most = 2;
  for (let sum = pairs[2] ?? 0; most < cap; most += 1) {
    sum += pairs[most + 1] as number;
    if (sum > budget) break;
  }
  return most;
}

/** Sorts members[from..to) and drops doubles. */
function distinctFrom(members: Uint32Array, from: number, to: number): number {
  const part = members.subarray(from, to).sort();
  let filled = from;
  for (let i = 0; i < part.length; i += 1) {
    if (i > 0 && part[i] === part[i - 1]) continue;
    members[filled] = part[i] as number;
    filled += 1;
  }
  return filled;
}

function byRecord(starts: Uint32Array, members: Uint32Array, size: number): { recordStarts: Uint32Array; blocksOf: Uint32Array } {
  const recordStarts = sharedCounts(size + 1);
  for (const record of members) recordStarts[record + 1] = (recordStarts[record + 1] as number) + 1;
  for (let i = 0; i < size; i += 1) recordStarts[i + 1] = (recordStarts[i + 1] as number) + (recordStarts[i] as number);
  const at = recordStarts.slice();
  const blocksOf = sharedCounts(members.length);
  for (let block = 0; block + 1 < starts.length; block += 1) {
    for (let i = starts[block] as number; i < (starts[block + 1] as number); i += 1) {
      const record = members[i] as number;
      blocksOf[at[record] as number] = block;
      at[record] = (at[record] as number) + 1;
    }
  }
  return { recordStarts, blocksOf };
}

/** Every pair of the blocks from `from` up to `to`, once: in the first block that the two share. */
export function forEachPair(blocks: Blocks, from: number, to: number, visit: (a: number, b: number) => void): void {
  const { starts, members, recordStarts, blocksOf } = blocks;
  for (let block = from; block < to; block += 1) {
    const start = starts[block] as number;
    const end = starts[block + 1] as number;
    for (let i = start; i < end; i += 1) {
      const a = members[i] as number;
      const fromA = recordStarts[a] as number;
      for (let j = i + 1; j < end; j += 1) {
        const b = members[j] as number;
        let x = fromA;
        let y = recordStarts[b] as number;
        for (;;) {
          const left = blocksOf[x] as number;
          const right = blocksOf[y] as number;
          if (left === right) {
            if (left === block) visit(a, b);
            break;
          }
          if (left < right) x += 1;
          else y += 1;
        }
      }
    }
  }
}
