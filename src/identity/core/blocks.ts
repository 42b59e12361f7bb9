import type { BlockRule } from './block-keys.ts';
import { sortByKey } from './hash.ts';
import { sharedCounts } from './shared-array.ts';

/** Blocks larger than this are not compared pair by pair; what their records share still counts where they meet otherwise. */
const BLOCK_CAP = 300;

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

/** The blocks of one rule. */
export interface RuleBlocks {
  /** Where each block's records start in `members`. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
  readonly capped: number;
}

/** The blocks of all rules, in the order of the rules. */
export function joinBlocks(parts: readonly RuleBlocks[], size: number): Blocks {
  const starts = sharedCounts(parts.reduce((sum, part) => sum + part.starts.length, 1));
  const members = sharedCounts(parts.reduce((sum, part) => sum + part.members.length, 0));
  const ruleStarts = [0];
  let [blocks, filled] = [0, 0];
  for (const part of parts) {
    for (let i = 0; i < part.starts.length; i += 1) starts[blocks + i] = filled + (part.starts[i] as number);
    members.set(part.members, filled);
    blocks += part.starts.length;
    filled += part.members.length;
    ruleStarts.push(blocks);
  }
  starts[blocks] = filled;
  return { starts, members, ruleStarts, capped: parts.map(({ capped }) => capped), ...byRecord(starts, members, size) };
}

/** A broad rule compares so many pairs at most, its smallest blocks first: the rarer the key, the more it tells. */
const BROAD_PAIRS = 400_000;
const BROAD_PAIRS_PER_RECORD = 1;

/** Sorts the records into the blocks of one rule. */
export function blocksOfRule(rule: BlockRule, size: number): RuleBlocks {
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
  sortByKey(hashes, records);
  const members = new Uint32Array(count);
  const starts = new Uint32Array(count >> 1);
  let blocks = 0;
  let filled = 0;
  let capped = 0;
  const most = rule.isBroad === true ? largestWithin(hashes, Math.max(BROAD_PAIRS, size * BROAD_PAIRS_PER_RECORD)) : BLOCK_CAP;
  for (let from = 0; from < count; ) {
    const to = endOfRun(hashes, from);
    if (to - from > most) capped += 1;
    else if (to - from > 1) {
      const start = filled;
      for (let i = from; i < to; i += 1) {
        members[filled] = records[i] as number;
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

function endOfRun(sorted: Uint32Array, from: number): number {
  let to = from + 1;
  while (to < sorted.length && sorted[to] === sorted[from]) to += 1;
  return to;
}

/** The size of block up to which all blocks together keep within the budget of pairs. */
function largestWithin(sorted: Uint32Array, budget: number): number {
  const pairs = new Float64Array(BLOCK_CAP + 1);
  for (let from = 0; from < sorted.length; ) {
    const to = endOfRun(sorted, from);
    const n = to - from;
    if (n <= BLOCK_CAP) pairs[n] = (pairs[n] as number) + (n * (n - 1)) / 2;
    from = to;
  }
  let most = 2;
  for (let sum = pairs[2] ?? 0; most < BLOCK_CAP; most += 1) {
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
