import type { NodeKey } from './node-keys.ts';

/** Behind the best by so many bits of what the keys shared tell, a node is not looked at. */
const FARTHEST = 10;
/** Bits that a key of one node tells. */
const MOST_BITS = 16;
/** More than sums of the same bits in another order differ by. */
const ROUNDING = 1e-6;

/** A block of which not all nodes were read. */
export interface LargeBlock {
  /** How many nodes it has. */
  readonly size: number;
  /** Those of its nodes that a small block has too. */
  readonly members: readonly string[];
}

type Blocks = ReadonlyMap<number, readonly string[] | 'full'>;

/**
 * The nodes that share the most telling keys: the fewer have a key, the more it tells. Of a `full` key nobody is looked at.
 * @returns at most so many, the most telling first
 */
export function bestOfBlocks(keys: readonly NodeKey[], blocks: Blocks, most: number, farthest: number = FARTHEST): string[] {
  return nearest(toldBy(keys, blocks, new Map()), most, farthest);
}

/**
 * The same where of large blocks only their size is known, and which nodes of small ones they have.
 * @returns undefined where a node that only large blocks have may be among the best
 */
export function bestOfSmall(
  keys: readonly NodeKey[],
  blocks: Blocks,
  large: ReadonlyMap<number, LargeBlock>,
  most: number,
): string[] | undefined {
  const told = toldBy(keys, blocks, large);
  return told.byLarge > 0 && told.byLarge + ROUNDING >= told.best - FARTHEST ? undefined : nearest(told, most, FARTHEST);
}

interface Told {
  bits: ReadonlyMap<string, number>;
  best: number;
  /** What all large blocks tell together. */
  byLarge: number;
}

function toldBy(keys: readonly NodeKey[], blocks: Blocks, large: ReadonlyMap<number, LargeBlock>): Told {
  const bits = new Map<string, number>();
  let best = 0;
  let byLarge = 0;
  for (const key of new Set(keys.map((one) => one.key))) {
    const block = large.get(key);
    const nodes = block?.members ?? blocks.get(key);
    if (nodes === undefined || nodes === 'full') continue;
    const told = Math.max(1, MOST_BITS - Math.log2(block?.size ?? nodes.length));
    if (block !== undefined) byLarge += told;
    for (const node of nodes) {
      const sum = (bits.get(node) ?? 0) + told;
      bits.set(node, sum);
      if (sum > best) best = sum;
    }
  }
  return { bits, best, byLarge };
}

function nearest({ bits, best }: Told, most: number, farthest: number): string[] {
  // most of a large block's nodes are far behind: nothing is made of them
  const near: { node: string; told: number }[] = [];
  bits.forEach((told, node) => {
    if (told >= best - farthest) near.push({ node, told });
  });
  return near
    .sort((a, b) => b.told - a.told || (a.node < b.node ? -1 : 1))
    .slice(0, most)
    .map(({ node }) => node);
}
