/** A 32-bit hash of a text's UTF-16 units; the same on every machine. Never 0, which stands for "none". */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** The hash of a text given as bytes of ASCII. */
export function hashAscii(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
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
  let from = places?.slice() ?? new Uint32Array(n);
  if (places === undefined) for (let i = 0; i < n; i += 1) from[i] = i;
  let to = new Uint32Array(n);
  const counts = new Uint32Array(2049);
  for (let shift = 0; shift < 32; shift += 11) {
    counts.fill(0);
    for (let i = 0; i < n; i += 1) {
      const digit = ((keys[from[i] as number] as number) >>> shift) & 2047;
      counts[digit + 1] = (counts[digit + 1] as number) + 1;
    }
    for (let d = 0; d < 2048; d += 1) counts[d + 1] = (counts[d + 1] as number) + (counts[d] as number);
    for (let i = 0; i < n; i += 1) {
      const place = from[i] as number;
      const digit = ((keys[place] as number) >>> shift) & 2047;
      const at = counts[digit] as number;
      to[at] = place;
      counts[digit] = at + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}
