/** A 32-bit hash of a text's UTF-16 units; the same on every machine. Never 0, which stands for "none". */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** The hash of a text given as its UTF-16 units; bytes of ASCII are such. */
export function hashUnits(units: Uint8Array | Uint16Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (units[i] as number), 0x01000193);
  return mixed(hash);
}

/** Two hashes as one; the order counts. */
export function combine(a: number, b: number): number {
  return mixed(Math.imul(a, 0x9e3779b1) ^ b);
}

/** Two hashes as one, in whichever order. */
export function combineUnordered(a: number, b: number): number {
  return a < b ? combine(a, b) : combine(b, a);
}

function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}

/** The places 0 … n−1 in the order of their keys; equal keys keep their order. */
export function orderByKey(keys: Uint32Array, places?: Uint32Array): Uint32Array {
  const n = places?.length ?? keys.length;
  const order = new Uint32Array(n);
  const sorted = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) {
    const place = places === undefined ? i : (places[i] as number);
    order[i] = place;
    sorted[i] = keys[place] as number;
  }
  sortByKey(sorted, order);
  return order;
}

const DIGITS = 4;

/** Sorts keys in place, and what belongs to each with them; equal keys keep their order. */
export function sortByKey(keys: Uint32Array, others: Uint32Array): void {
  const n = keys.length;
  if (n < 2) return;
  const counts = Array.from({ length: DIGITS }, () => new Uint32Array(256));
  const [first, second, third, fourth] = counts as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  for (let i = 0; i < n; i += 1) {
    const key = keys[i] as number;
    first[key & 255] = (first[key & 255] as number) + 1;
    second[(key >>> 8) & 255] = (second[(key >>> 8) & 255] as number) + 1;
    third[(key >>> 16) & 255] = (third[(key >>> 16) & 255] as number) + 1;
    fourth[key >>> 24] = (fourth[key >>> 24] as number) + 1;
  }
  let [fromKeys, from]: [Uint32Array, Uint32Array] = [keys, others];
  let [toKeys, to]: [Uint32Array, Uint32Array] = [new Uint32Array(n), new Uint32Array(n)];
  for (let d = 0; d < DIGITS; d += 1) {
    const starts = counts[d] as Uint32Array;
    let sum = 0;
    for (let digit = 0; digit < 256; digit += 1) {
      const count = starts[digit] as number;
      starts[digit] = sum;
      sum += count;
    }
    // by eight bits at a time: what is written to at once stays at hand
    const shift = 8 * d;
    for (let i = 0; i < n; i += 1) {
      const key = fromKeys[i] as number;
      const digit = (key >>> shift) & 255;
      const at = starts[digit] as number;
      starts[digit] = at + 1;
      toKeys[at] = key;
      to[at] = from[i] as number;
    }
    [fromKeys, from, toKeys, to] = [toKeys, to, fromKeys, from];
  }
}
