import { editsWithin } from './text-distance.ts';
import type { Texts } from './texts.ts';

/** Levels of a text of several words, as the model lists them; 0 is unknown. */
export const WORDS = { exact: 1, near: 2, similar: 3, partial: 4, different: 5 } as const;

/** Which words were met is kept in the bits of a number. */
const MOST_WORDS = 30;

/** The words of a column's values, and how much each tells: rare ones more. */
export class WordWeights {
  readonly #values: Texts;
  readonly #cut: (readonly number[] | undefined)[] = [];
  readonly #ids = new Map<string, number>();
  readonly #words: string[] = [];
  readonly #counts: number[] = [];
  readonly #weights: Float64Array;

  constructor(values: Texts) {
    this.#values = values;
    for (const value of values) {
      const seen = cut(value);
      for (const [i, word] of seen.entries()) {
        if (seen.indexOf(word) !== i) continue;
        let id = this.#ids.get(word);
        if (id === undefined) {
          id = this.#words.length;
          this.#ids.set(word, id);
          this.#words.push(word);
          this.#counts.push(0);
        }
        this.#counts[id] = (this.#counts[id] as number) + 1;
      }
    }
    this.#weights = Float64Array.from(this.#counts, (count) => Math.log(1 + values.length / count));
  }

  wordsOf(code: number): readonly string[] {
    return this.#idsOf(code).map((id) => this.#words[id] as string);
  }

  count(word: string): number {
    return this.#counts[this.#ids.get(word) ?? -1] ?? 0;
  }

  #idsOf(code: number): readonly number[] {
    let ids = this.#cut[code];
    if (ids === undefined) {
      ids = cut(this.#values.at(code) as string).map((word) => this.#ids.get(word) as number);
      this.#cut[code] = ids;
    }
    return ids;
  }

  /** The share of both texts' weight that they have in common, from 0 to 1; slips of the pen cost a little. */
  likeness(a: number, b: number): number {
    const [left, right] = [this.#idsOf(a), this.#idsOf(b)];
    let total = 0;
    let common = 0;
    let used = 0;
    let open = 0;
    for (let i = 0; i < left.length; i += 1) {
      const word = left[i] as number;
      const weight = this.#weights[word] as number;
      total += weight;
      let at = 0;
      while (at < right.length && (right[at] !== word || ((used >>> at) & 1) === 1)) at += 1;
      if (at === right.length) open |= 1 << i;
      else {
        used |= 1 << at;
        common += 2 * weight;
      }
    }
    for (let j = 0; j < right.length; j += 1) total += this.#weights[right[j] as number] as number;
    for (let i = 0; i < left.length; i += 1) {
      if (((open >>> i) & 1) === 0) continue;
      const word = left[i] as number;
      let best = 0;
      let bestAt = -1;
      for (let j = 0; j < right.length; j += 1) {
        if (((used >>> j) & 1) === 1) continue;
        const other = right[j] as number;
        const like = wordLikeness(this.#words[word] as string, this.#words[other] as string);
        const likeness = like * Math.min(this.#weights[word] as number, this.#weights[other] as number);
        if (likeness > best) [best, bestAt] = [likeness, j];
      }
      if (bestAt < 0) continue;
      used |= 1 << bestAt;
      common += 2 * best;
      // a slip makes a rare word, which tells nothing by its rarity
      total -= Math.abs((this.#weights[word] as number) - (this.#weights[right[bestAt] as number] as number));
    }
    return total === 0 ? 0 : common / total;
  }

  /** How often the words that both texts have would meet by chance: the share of the texts that have each, multiplied. */
  shareTogether(a: number, b: number): number {
    const right = new Set(this.#idsOf(b));
    const common = new Set(this.#idsOf(a).filter((word) => right.has(word)));
    return [...common].reduce((share, word) => (share * (this.#counts[word] as number)) / this.#values.length, 1);
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
  if (a[0] !== b[0] && (a[1] !== b[1] || a[2] !== b[2])) return 0;
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

/** The level of two different names of organisations. Where each has a word of its own they are two, however much they share. */
export function compareOrganisations(weights: WordWeights, a: number, b: number): number {
  const level = compareWords(weights, a, b);
  if (level <= WORDS.similar) return level;
  return weights.isContained(a, b) || isAcronym(weights.wordsOf(a), weights.wordsOf(b)) ? WORDS.partial : WORDS.different;
}

/** One name is the first letters of the other. */
export function isAcronym(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const [letters = ''] = short;
  return (
    short.length === 1 && long.length > 1 && letters.length > 1 && letters.length < 8 && long.map((word) => word[0]).join('') === letters
  );
}

/** The level of two different texts by their words. */
export function compareWords(weights: WordWeights, a: number, b: number): number {
  const likeness = weights.likeness(a, b);
  if (likeness >= 0.88) return WORDS.near;
  if (likeness >= 0.75) return WORDS.similar;
  if (likeness >= 0.45 || weights.isContained(a, b)) return WORDS.partial;
  return WORDS.different;
}
