import { orderByKey } from './hash.ts';

/** A number for each pair of codes that occurs; −1 where there is none. */
export function pairCodes(first: Int32Array, second: Int32Array): { codes: Int32Array; count: number } {
  // −1 becomes 0, and what was found to be missing comes first
  const unsigned = (codes: Int32Array) => new Uint32Array(codes.map((code) => code + 1));
  const order = orderByKey(unsigned(second), orderByKey(unsigned(first)));
  const codes = new Int32Array(first.length).fill(-1);
  let count = 0;
  let before = -1;
  for (const at of order) {
    if ((first[at] as number) < 0) continue;
    if (before >= 0 && (first[before] !== first[at] || second[before] !== second[at])) count += 1;
    codes[at] = count;
    before = at;
  }
  return { codes, count: before < 0 ? 0 : count + 1 };
}
