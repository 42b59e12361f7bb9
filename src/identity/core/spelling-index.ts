import { deletions } from './one-edit.ts';

/** Words that may be meant by a word with one typing error. */
export interface SpellingIndex {
  /** Indexed words one edit from the word, by their positions; a few that are further may be among them. */
  near(word: string): number[];
}

/** Shorter words have too many neighbours, longer ones are no words. */
export const SHORTEST_TYPO = 5;
const LONGEST_TYPO = 24;
/** Positions take 21 bits beside a hash of 32, so that a pair is one exact number. */
const POSITIONS = 2 ** 21;

/** Indexes words by the hashes of their deletions, in one flat array: a vocabulary of half a million words takes some 40 MB. */
export function spellingIndex(words: readonly string[]): SpellingIndex {
  const most = Math.min(words.length, POSITIONS);
  let count = 0;
  for (let at = 0; at < most; at += 1) count += isIndexed(words[at] ?? '') ? (words[at] ?? '').length + 1 : 0;
  const entries = new Float64Array(count);
  let next = 0;
  for (let at = 0; at < most; at += 1) {
    for (const form of formsOf(words[at] ?? '')) {
      entries[next] = form * POSITIONS + at;
      next += 1;
    }
  }
  // a word with a letter twice in a row has fewer deletions than letters
  const sorted = entries.subarray(0, next);
  sorted.sort();
  return {
    near(word) {
      const found = new Set<number>();
      for (const form of formsOf(word)) {
        for (
          let i = firstAtLeast(sorted, form * POSITIONS);
          i < sorted.length && Math.floor((sorted[i] ?? 0) / POSITIONS) === form;
          i += 1
        ) {
          const at = (sorted[i] ?? 0) % POSITIONS;
          if (words[at] !== word) found.add(at);
        }
      }
      return [...found].sort((a, b) => a - b);
    },
  };
}

function isIndexed(word: string): boolean {
  return word.length >= SHORTEST_TYPO && word.length <= LONGEST_TYPO;
}

function formsOf(word: string): number[] {
  return isIndexed(word) ? deletions(word).map(hashOf) : [];
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
