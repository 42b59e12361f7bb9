/** The root of an item in a forest of parents, in which a root is its own parent; shortens the way there as it goes. */
export function rootOf(parents: Int32Array, item: number): number {
  let at = item;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at] as number] as number;
    at = parents[at] as number;
  }
  return at;
}
