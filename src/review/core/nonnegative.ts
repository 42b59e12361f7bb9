/**
 * The x that makes ½·xᵀHx − bᵀx least with all of it but the first at or above 0: the active set method of Lawson and Hanson (Solving Least Squares
 * Problems, 1974, chapter 23) on the normal equations. H is positive definite, row by row; of equals, the first is taken.
 */
export function leastNonNegative(h: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const free = new Uint8Array(size).fill(1, 0, 1);
  let x = solveFree(h, b, free);
  const tolerance = 1e-10 * (1 + b.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  // each round frees one more and no set comes twice
  for (let round = 0; round < 3 * size; round += 1) {
    let steepest = -1;
    let pull = tolerance;
    for (let j = 1; j < size; j += 1) {
      if (free[j] === 1) continue;
      const slope = (b[j] as number) - dot(h, j * size, x);
      if (slope > pull) [pull, steepest] = [slope, j];
    }
    if (steepest < 0) return x;
    free[steepest] = 1;
    x = withinBounds(h, b, free, x);
  }
  return x;
}

/** From x towards the best with the free ones free, as far as the bounds let it; those that reach 0 stay there. */
function withinBounds(h: Float64Array, b: Float64Array, free: Uint8Array, from: Float64Array): Float64Array {
  let x = from;
  for (;;) {
    const best = solveFree(h, b, free);
    let share = 1;
    for (let j = 1; j < x.length; j += 1)
      if (free[j] === 1 && (best[j] as number) <= 0)
        share = Math.min(share, (x[j] as number) / ((x[j] as number) - (best[j] as number) || 1));
    if (share === 1) return best;
    x = x.map((value, j) => value + share * ((best[j] as number) - value));
    for (let j = 1; j < x.length; j += 1)
      if (free[j] === 1 && (best[j] as number) <= 0 && (x[j] as number) <= 1e-12) {
        free[j] = 0;
        x[j] = 0;
      }
  }
}

function dot(h: Float64Array, at: number, x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j += 1) sum += (h[at + j] as number) * (x[j] as number);
  return sum;
}

/** Solves Hx = b for the free ones, by Cholesky; the others are 0. H is positive definite, row by row. */
export function solveFree(h: Float64Array, b: Float64Array, free: Uint8Array): Float64Array {
  const places = [...free.keys()].filter((j) => free[j] === 1);
  const k = places.length;
  const root = new Float64Array(k * k);
  const y = new Float64Array(k);
  for (let i = 0; i < k; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = h[(places[i] as number) * b.length + (places[j] as number)] as number;
      for (let m = 0; m < j; m += 1) sum -= (root[i * k + m] as number) * (root[j * k + m] as number);
      root[i * k + j] = i === j ? Math.sqrt(sum) : sum / (root[j * k + j] as number);
    }
    let sum = b[places[i] as number] as number;
    for (let m = 0; m < i; m += 1) sum -= (root[i * k + m] as number) * (y[m] as number);
    y[i] = sum / (root[i * k + i] as number);
  }
  const x = new Float64Array(b.length);
  for (let i = k - 1; i >= 0; i -= 1) {
    let sum = y[i] as number;
    for (let m = i + 1; m < k; m += 1) sum -= (root[m * k + i] as number) * (x[places[m] as number] as number);
    x[places[i] as number] = sum / (root[i * k + i] as number);
  }
  return x;
}
