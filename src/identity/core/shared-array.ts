/** Arrays of so many numbers are shared: threads look into them without a copy. Smaller ones are quicker to make as they are. */
const SHARED_FROM = 4096;

/** A view of an array takes longer to make than a copy of fewer numbers. */
const VIEWED_FROM = 64;

/** Copies the first so many numbers to the beginning of another array. */
export function copyFirst(from: Int32Array | Uint32Array | Uint16Array | Uint8Array, to: typeof from, count: number): void {
  if (count >= VIEWED_FROM) to.set(from.subarray(0, count));
  else for (let i = 0; i < count; i += 1) to[i] = from[i] as number;
}

/** Zeros which threads can share. */
export function sharedInts(count: number): Int32Array {
  return count < SHARED_FROM ? new Int32Array(count) : new Int32Array(new SharedArrayBuffer(count * 4));
}

/** Zeros which threads can share. */
export function sharedCounts(count: number): Uint32Array {
  return count < SHARED_FROM ? new Uint32Array(count) : new Uint32Array(new SharedArrayBuffer(count * 4));
}

/** Zeros which threads can share. */
export function sharedBytes(count: number): Uint8Array {
  return count < SHARED_FROM ? new Uint8Array(count) : new Uint8Array(new SharedArrayBuffer(count));
}

/** Zeros which threads can share. */
export function sharedUnits(count: number): Uint16Array {
  return count < SHARED_FROM ? new Uint16Array(count) : new Uint16Array(new SharedArrayBuffer(count * 2));
}
