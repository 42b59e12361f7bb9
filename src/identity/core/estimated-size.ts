/**
 * How many rows there are, from the first of them by id: ids spread evenly, so that the place of the last tells how many follow.
 * @param ids the least ids, in their order
 * @param asked how many were asked for: fewer are all
 */
export function estimatedSize(ids: readonly string[], asked: number): number {
  const last = ids.at(-1);
  if (last === undefined || ids.length < asked) return ids.length;
  const share = (Number.parseInt(last.slice(0, 8), 16) + 1) / 2 ** 32;
  return Math.max(ids.length, Math.round(ids.length / share));
}
