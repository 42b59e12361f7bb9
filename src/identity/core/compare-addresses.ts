import { compareWords, WORDS, type WordWeights } from './compare-tokens.ts';
import { UNIT_WORDS } from './place-words.ts';

/** Street, number and one word more: fewer are met in many towns. */
const LEAST_WORDS = 3;
const NUMBER = /^\d+[a-z]?$/;

/** The level of two different addresses. Where all that one says of a house the other says too, as without the postcode, they are alike. */
export function compareAddresses(weights: WordWeights, a: number, b: number): number {
  const level = compareWords(weights, a, b);
  if (level <= WORDS.similar) return level;
  return isOneHouse(weights.wordsOf(a), weights.wordsOf(b)) ? WORDS.similar : level;
}

function isOneHouse(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [houseOf(a), houseOf(b)];
  if (left.unit !== '' && right.unit !== '' && left.unit !== right.unit) return false;
  const [few, many] = left.house.length <= right.house.length ? [left.house, right.house] : [right.house, left.house];
  const number = few.find((word) => NUMBER.test(word));
  if (few.length < LEAST_WORDS || number === undefined || number !== many.find((word) => NUMBER.test(word))) return false;
  return few.every((word) => many.includes(word));
}

/** The words of a house, and those of a flat or suite in it. */
function houseOf(words: readonly string[]): { house: string[]; unit: string } {
  const house: string[] = [];
  const units: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const [word = '', next = ''] = words.slice(i, i + 2);
    if (UNIT_WORDS.has(word) && (/\d/.test(next) || next.length === 1)) {
      units.push(next);
      i += 1;
    } else house.push(word);
  }
  return { house, unit: units.join(' ') };
}
