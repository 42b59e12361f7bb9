/** Arrays of so many numbers are shared: threads look into them without a copy. Smaller ones are quicker to make as they are. */
const SHARED_FROM = 4096;

function bufferOf(bytes: number, count: number): ArrayBuffer | SharedArrayBuffer {
  return count < SHARED_FROM ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
}

/** Zeros which threads can share. */
export function sharedInts(count: number): Int32Array {
  return new Int32Array(bufferOf(count * 4, count));
}

/** Zeros which threads can share. */
export function sharedCounts(count: number): Uint32Array {
  return new Uint32Array(bufferOf(count * 4, count));
}

/** Zeros which threads can share. */
export function sharedBytes(count: number): Uint8Array {
  return new Uint8Array(bufferOf(count, count));
}

/** Zeros which threads can share. */
export function sharedUnits(count: number): Uint16Array {
  return new Uint16Array(bufferOf(count * 2, count));
}
