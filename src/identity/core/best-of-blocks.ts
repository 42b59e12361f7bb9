import type { NodeKey } from './node-keys.ts';

/** Behind the best by so many bits of what the keys shared tell, a node is not looked at. */
const FARTHEST = 10;
/** Bits that a key of one node tells. */
const MOST_BITS = 16;

/**
 * The nodes that share the most telling keys: the fewer have a key, the more it tells. Of a `full` key nobody is looked at.
 * @returns at most so many, the most telling first
 */
export function bestOfBlocks(
  keys: readonly NodeKey[],
  blocks: ReadonlyMap<number, readonly string[] | 'full'>,
  most: number,
  farthest: number = FARTHEST,
): string[] {
  const bits = new Map<string, number>();
  let best = 0;
  for (const key of new Set(keys.map((one) => one.key))) {
    const nodes = blocks.get(key);
    if (nodes === undefined || nodes === 'full') continue;
    const told = Math.max(1, MOST_BITS - Math.log2(nodes.length));
    for (const node of nodes) {
      const sum = (bits.get(node) ?? 0) + told;
      bits.set(node, sum);
      if (sum > best) best = sum;
    }
  }
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
