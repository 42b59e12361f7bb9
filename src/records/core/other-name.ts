import { nameKey } from './name-key.ts';

/**
 * True for a name that has nothing in common with any of the others: no word of it begins one of theirs, nor the other way round, so that
 * `R. Stone` and `Rob` may be Robert Stone. Of a name without words, or of no others, nothing can be said.
 */
export function isOtherName(name: string, others: readonly string[]): boolean {
  const words = wordsOf(name);
  const theirs = others.map(wordsOf).filter((list) => list.length > 0);
  if (words.length === 0 || theirs.length === 0) return false;
  return theirs.every((list) => !words.some((a) => list.some((b) => a.startsWith(b) || b.startsWith(a))));
}

function wordsOf(name: string): string[] {
  return nameKey(name)
    .split(' ')
    .filter((word) => word !== '');
}
