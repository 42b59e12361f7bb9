import { editsWithin } from './text-distance.ts';

/** Levels of a text of several words, as the model lists them; 0 is unknown. */
export const WORDS = { exact: 1, near: 2, similar: 3, partial: 4, different: 5 } as const;

const MOST_WORDS = 40;

/** The words of a column's values, and how much each tells: rare ones more. */
export class WordWeights {
  readonly #values: readonly string[];
  readonly #words: (readonly string[] | undefined)[] = [];
  readonly #counts = new Map<string, number>();

  constructor(values: readonly string[]) {
    this.#values = values;
    for (const value of values) for (const word of new Set(cut(value))) this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  wordsOf(code: number): readonly string[] {
    let words = this.#words[code];
    if (words === undefined) {
      words = cut(this.#values[code] as string);
      this.#words[code] = words;
    }
    return words;
  }

  /** What a word tells: the logarithm of its rarity among the values. */
  weight(word: string): number {
    return Math.log(1 + this.#values.length / (this.#counts.get(word) ?? 1));
  }

  count(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  /** The share of both texts' weight that they have in common, from 0 to 1; slips of the pen cost a little. */
  likeness(a: number, b: number): number {
    const [left, right] = [this.wordsOf(a), this.wordsOf(b)];
    let total = 0;
    let common = 0;
    const used = new Uint8Array(right.length);
    const open: string[] = [];
    for (const word of left) {
      const weight = this.weight(word);
      total += weight;
      const at = right.findIndex((other, i) => used[i] === 0 && other === word);
      if (at < 0) open.push(word);
      else {
        used[at] = 1;
        common += 2 * weight;
      }
    }
    for (const word of right) total += this.weight(word);
    for (const word of open) {
      let best = 0;
      let bestAt = -1;
      for (const [i, other] of right.entries()) {
        if (used[i] === 1) continue;
        const likeness = wordLikeness(word, other) * Math.min(this.weight(word), this.weight(other));
        if (likeness > best) [best, bestAt] = [likeness, i];
      }
      if (bestAt < 0) continue;
      used[bestAt] = 1;
      common += 2 * best;
    }
    return total === 0 ? 0 : common / total;
  }

  /** All words of the shorter text stand in the longer one, and they tell something. */
  isContained(a: number, b: number): boolean {
    const [left, right] = [this.wordsOf(a), this.wordsOf(b)];
    const [few, many] = left.length <= right.length ? [left, right] : [right, left];
    return few.length > 0 && few.every((word) => many.includes(word));
  }
}

/** Of two different words: 0 unless one is the other with a slip, or shortened. Numbers have no slips. */
function wordLikeness(a: string, b: string): number {
  if (/\d/.test(a) || /\d/.test(b)) return 0;
  const length = Math.max(a.length, b.length);
  if (length >= 4 && Math.min(a.length, b.length) >= 3) {
    const most = length >= 8 ? 2 : 1;
    const edits = editsWithin(a, b, most);
    if (edits <= most) return 1 - edits / length;
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 3 && long.startsWith(short)) return 0.8;
  return short.length <= 2 && short[0] === long[0] && long.startsWith(short) ? 0.5 : 0;
}

function cut(text: string): string[] {
  return text.split(' ', MOST_WORDS).filter((word) => word !== '');
}

/** The level of two different texts by their words. */
export function compareWords(weights: WordWeights, a: number, b: number): number {
  const likeness = weights.likeness(a, b);
  if (likeness >= 0.88) return WORDS.near;
  if (likeness >= 0.7) return WORDS.similar;
  if (likeness >= 0.45 || weights.isContained(a, b)) return WORDS.partial;
  return WORDS.different;
}
