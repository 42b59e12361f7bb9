import { orderByKey } from './hash.ts';
import { hashesOf, type Texts } from './texts.ts';

/** Ids in a natural order: whole numbers by size, before all else; other texts by their characters. */
export function compareIds(a: string, b: string): number {
  const [isNumberA, isNumberB] = [WHOLE.test(a), WHOLE.test(b)];
  if (isNumberA && isNumberB && Number(a) !== Number(b)) return Number(a) - Number(b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const WHOLE = /^\d{1,15}$/;

/** An order of records that depends on their keys alone, with what it finds on the way. */
export interface CanonicalOrder {
  /** Places of the records, as they came, in the new order. */
  readonly order: Uint32Array;
  /** Records, as they came, whose text another one has: pairs of places, the first found of each text. */
  readonly doubles: readonly (readonly [number, number])[];
}

/** Orders records by a hash of their texts; where that ties, by the texts. */
export function canonicalOrder(texts: Texts): CanonicalOrder {
  const keys = hashesOf(texts);
  const order = orderByKey(keys);
  const doubles: [number, number][] = [];
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && keys[order[to] as number] === keys[order[from] as number]) to += 1;
    if (to - from > 1) {
      const tied = [...order.subarray(from, to)].sort((a, b) => {
        const [x, y] = [texts.at(a) as string, texts.at(b) as string];
        return x < y ? -1 : x > y ? 1 : a - b;
      });
      order.set(tied, from);
      for (let i = 1; i < tied.length; i += 1) {
        const [before, one] = [tied[i - 1] as number, tied[i] as number];
        if (texts.at(before) === texts.at(one)) doubles.push([before, one]);
      }
    }
    from = to;
  }
  return { order, doubles: doubles.sort((a, b) => a[0] - b[0] || a[1] - b[1]) };
}
