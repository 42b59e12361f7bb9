import { sha256 } from '../../kernel/canonical-json.ts';

/** Draws that depend on nothing but the seed and the labels: the same on every machine and in every run. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** True with a probability of `percent`. */
  chance(percent: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** One of several, each as likely as its weight. */
  weighted<T>(items: readonly [readonly [T, number], ...(readonly [T, number])[]]): T;
}

/** A stream of its own for each label, so that a change to one part of the invented world leaves the others as they were. */
export function createRandom(seed: number, ...labels: readonly (string | number)[]): Random {
  const digest = sha256([seed, ...labels].join('\n'));
  const next = sfc32([0, 8, 16, 24].map((at) => Number.parseInt(digest.slice(at, at + 8), 16)));
  const below = (n: number) => Math.floor(next() * n);
  return {
    int: (min, max) => min + below(max - min + 1),
    chance: (percent) => next() * 100 < percent,
    pick: (items) => items[below(items.length)] ?? items[0],
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items[0][0];
    },
  };
}

/** The small fast counter generator sfc32: numbers from 0 up to, not including, 1. */
function sfc32([first = 0, second = 0, third = 0, fourth = 0]: readonly number[]): () => number {
  let [a, b, c, d] = [first | 0, second | 0, third | 0, fourth | 0];
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}
