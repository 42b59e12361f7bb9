/** Arrays of so many numbers are shared: threads look into them without a copy. Smaller ones are quicker to make as they are. */
const SHARED_FROM = 4096;

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
