import type { BlockRule } from './block-keys.ts';
import { sortByKey } from './hash.ts';
import { sharedCounts } from './shared-array.ts';

/** Blocks larger than this are not compared pair by pair; what their records share still counts where they meet otherwise. */
export const BLOCK_CAP = 300;

/** Blocks of records that share a key of one rule. */
export interface RuleBlocks {
  /** Where each block's records start in `members`; one more than there are blocks. */
  readonly starts: Uint32Array;
  /** Each block's records, ascending; the last one is marked. */
  readonly members: Uint32Array;
  /** By record, where in `members` those follow that are in a block with it, 0 for nowhere; several where a record is in several blocks. */
  readonly places: readonly Uint32Array[];
}

/** The mark of a block's last record. */
const LAST = 0x8000_0000;
const RECORD = 0x7fff_ffff;

/** A record of `members`, without the mark. */
export function recordOf(member: number): number {
  return member & RECORD;
}

/** A broad rule compares so many pairs at most, its smallest blocks first: the rarer the key, the more it tells. */
const BROAD_PAIRS = 400_000;

/** Sorts the records into the blocks of one rule. @param isCopy by record, 1 where it is in none */
export function blocksOfRule(rule: BlockRule, size: number, isCopy?: Uint8Array): RuleBlocks {
  const keys = rule.keys();
  if (isCopy !== undefined) for (const slot of keys) for (let i = 0; i < size; i += 1) if (isCopy[i] === 1) slot[i] = 0;
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
  const starts = new Uint32Array((count >> 1) + 1);
  let blocks = 0;
  let filled = 0;
  const most = rule.mostPairs === undefined ? BLOCK_CAP : largestWithin(hashes, Math.max(BROAD_PAIRS, size * rule.mostPairs));
  for (let from = 0; from < count; ) {
    const to = endOfRun(hashes, from);
    if (to - from > 1 && to - from <= most) {
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
  starts[blocks] = filled;
  const found = { starts: shared(starts.subarray(0, blocks + 1)), members: shared(members.subarray(0, filled)) };
  return { ...found, places: placesIn(found, size, keys.length) };
}

/** Marks each block's last record, and notes for the others where those after them are. */
function placesIn({ starts, members }: Pick<RuleBlocks, 'starts' | 'members'>, size: number, slots: number): Uint32Array[] {
  const places = Array.from({ length: slots }, () => sharedCounts(size));
  for (let block = 0; block + 1 < starts.length; block += 1) {
    const last = (starts[block + 1] as number) - 1;
    for (let at = starts[block] as number; at < last; at += 1) {
      const record = members[at] as number;
      for (const slot of places) {
        if (slot[record] !== 0) continue;
        slot[record] = at + 1;
        break;
      }
    }
    members[last] = (members[last] as number) | LAST;
  }
  return places;
}

function shared(counts: Uint32Array): Uint32Array {
  const copy = sharedCounts(counts.length);
  copy.set(counts);
  return copy;
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

/**
 * Every pair of records that share a block, once, by its first record. Record by record: those next to each other are compared with
 * nearly the same others, which are then at hand.
 * @param seen by record, the one with which it was met last; −1 at first
 */
export function forEachPair(
  blocks: readonly RuleBlocks[],
  from: number,
  to: number,
  seen: Int32Array,
  visit: (a: number, b: number) => void,
): void {
  for (let a = from; a < to; a += 1) {
    for (const { members, places } of blocks) {
      for (const slot of places) {
        const start = slot[a] as number;
        if (start === 0) continue;
        for (let at = start, member = 0; member < LAST; at += 1) {
          member = members[at] as number;
          const b = member & RECORD;
          if (seen[b] === a) continue;
          seen[b] = a;
          visit(a, b);
        }
      }
    }
  }
}
