import { areNicknames } from './nicknames.ts';
import { editsWithin, jaroWinkler } from './text-distance.ts';

/** Levels of a given name, as the model lists them; 0 is unknown. */
export const GIVEN = { exact: 1, partial: 2, nickname: 3, initial: 4, typo: 5, close: 6, swapped: 7, different: 8 } as const;
/** Levels of a family name. */
export const FAMILY = { exact: 1, partial: 2, typo: 3, close: 4, initial: 5, different: 6 } as const;

/** How two given names, normalised and not the same, relate. Both ways round the answer is the same. */
export function compareGiven(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const [first, other] = [left[0] as string, right[0] as string];
  if (first === other) return first.length === 1 ? GIVEN.initial : GIVEN.partial;
  if (first.length === 1 || other.length === 1) {
    return first[0] === other[0] || left[1]?.[0] === other || right[1]?.[0] === first ? GIVEN.initial : GIVEN.different;
  }
  if (areNicknames(first, other)) return GIVEN.nickname;
  const isWord = left.length === 1 && right.length === 1;
  if (isTypo(first, other) || (!isWord && isTypo(joined(left), joined(right)))) return GIVEN.typo;
  if (left.slice(1).includes(other) || right.slice(1).includes(first)) return GIVEN.close;
  if (first.length >= 3 && other.length >= 3 && (first.startsWith(other) || other.startsWith(first))) return GIVEN.close;
  return jaroWinkler(first, other) >= 0.88 || isNear(first, other) ? GIVEN.close : GIVEN.different;
}

/** How two family names, normalised and not the same, relate. */
export function compareFamily(a: string, b: string): number {
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? FAMILY.initial : FAMILY.different;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const [wholeA, wholeB] = [joined(left), joined(right)];
  if (wholeA === wholeB) return FAMILY.exact;
  if ((left.length > 1 || right.length > 1) && left.some((word) => word.length > 3 && right.includes(word))) return FAMILY.partial;
  if (isTypo(wholeA, wholeB)) return FAMILY.typo;
  return jaroWinkler(wholeA, wholeB) >= 0.88 || isNear(wholeA, wholeB) ? FAMILY.close : FAMILY.different;
}

/** One slip in a word of three letters or more, two in one of seven or more. */
export function isTypo(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  if (Math.min(a.length, b.length) < 3) return false;
  const most = length >= 7 ? 2 : 1;
  return editsWithin(a, b, most) <= most;
}

/** Two slips in a word of five letters or more, three in one of seven or more. */
export function isNear(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  const most = length >= 7 ? 3 : 2;
  return length >= 5 && editsWithin(a, b, most) <= most;
}

const wordsOf = (name: string): readonly string[] => (name.includes(' ') ? name.split(' ', 6) : [name]);
const joined = (words: readonly string[]) => (words.length === 1 ? (words[0] as string) : words.join(''));
