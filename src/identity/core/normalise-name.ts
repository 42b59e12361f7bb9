import { HONORIFICS, NAME_PARTICLES, NAME_SUFFIXES, POST_NOMINALS } from './name-words.ts';
import { isUnreadable, plainText } from './plain-text.ts';

export interface FullName {
  /** `family, given`: reading it gives the same again. */
  key: string;
  /** First and middle names and initials, in order; an initial is one letter. */
  given: string[];
  /** Particles and surnames, in order: `['van', 'den', 'berg']`. */
  family: string[];
  /** `dr`, `prof`, `frau` and the like. */
  honorifics: string[];
  /** `jr`, `iii`, `phd` and the like. */
  suffixes: string[];
  /** A name in brackets or quotes: `William (Bill) Gates`. */
  nicknames: string[];
}

/** One name as it is compared: Latin lower-case letters only; null when there are none. `Jean-Luc` → `jeanluc`. */
export function nameToken(text: string): string | null {
  if (isUnreadable(text)) return null;
  const token = plainText(text).replace(/[^a-z]+/g, '');
  return token === '' ? null : token;
}

interface Word {
  /** A compound such as `Anna-Lena` has two. */
  tokens: string[];
  isUpper: boolean;
}

const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}'’`-]+/u;
const PEERAGE = /,\s*\d{1,2}(?:st|nd|rd|th)\s.*$/i;
const ASIDE = /\(([^()]*)\)|"([^"]*)"|“([^”]*)”/g;

/**
 * A full name in its parts. Order `Smith, John` and the French `DUPONT Marie` are turned round, honorifics and suffixes are put
 * aside. A single word is a given name. Null when there is no letter in it, or it is too long to be a name.
 */
export function normaliseFullName(text: string): FullName | null {
  if (isUnreadable(text)) return null;
  const nicknames: string[] = [];
  const bare = text.replace(ASIDE, (_, ...found: (string | undefined)[]) => {
    nicknames.push(...tokensOf(found.slice(0, 3).find((one) => one !== undefined) ?? ''));
    return ' ';
  });
  const honorifics: string[] = [];
  const suffixes: string[] = [];
  // a peer's or a heir's: `Thomas Clifford, 1st Baron Clifford of Chudleigh`
  const [first = [], ...after] = bare.replace(PEERAGE, '').split(/[,;]/).map(wordsOf);
  let rest = after.flatMap((words, i) => (isPostNominal(words, first.length + i) ? takeAll(words, suffixes) : words));
  let main = withoutTitles(first, rest.length === 0 ? 2 : 1, honorifics, suffixes);
  rest = withoutTitles(rest, 1, honorifics, suffixes);
  if (main.length === 0) [main, rest] = [rest, []];
  if (main.length === 0) return null;
  const parts = rest.length > 0 ? { given: rest, family: main } : inOrder(main);
  const given = withoutTitles(parts.given, 1, honorifics, suffixes).flatMap((word) => word.tokens);
  const family = parts.family.flatMap((word) => word.tokens);
  const key = family.length === 0 ? given.join('-') : `${family.join(' ')}, ${given.join(' ')}`;
  return { key, given, family, honorifics, suffixes, nicknames };
}

/** Given names, then surname: the last word with the particles before it; or the surname first, where it alone is in capitals. */
function inOrder(words: readonly Word[]): { given: Word[]; family: Word[] } {
  if (words.length === 1) return { given: [...words], family: [] };
  const capitals = words.findIndex((word) => !word.isUpper);
  if (capitals > 0 && words.slice(capitals).every((word) => !word.isUpper))
    return { given: words.slice(capitals), family: words.slice(0, capitals) };
  let at = words.length - 1;
  while (at > 1 && NAME_PARTICLES.has(words[at - 1]?.tokens.join('') ?? '')) at -= 1;
  return { given: words.slice(0, at), family: words.slice(at) };
}

/** Words less the titles before them and the suffixes after them; at least `least` words stay. */
function withoutTitles(words: readonly Word[], least: number, honorifics: string[], suffixes: string[]): Word[] {
  let from = 0;
  let to = words.length;
  const tokenAt = (i: number) => words[i]?.tokens.join('') ?? '';
  while (to - from > least && HONORIFICS.has(tokenAt(from))) {
    honorifics.push(tokenAt(from));
    from += 1;
  }
  while (to - from > least && NAME_SUFFIXES.has(tokenAt(to - 1))) {
    to -= 1;
    suffixes.unshift(tokenAt(to));
  }
  return words.slice(from, to);
}

/** What stands after a comma and is no given name: `PhD`, or in capitals what may also be a name: `MA`. */
function isPostNominal(words: readonly Word[], before: number): boolean {
  if (before < 2) return words.length > 0 && words.every((word) => NAME_SUFFIXES.has(word.tokens.join('')));
  return words.every((word) => {
    const token = word.tokens.join('');
    return NAME_SUFFIXES.has(token) || (word.isUpper && POST_NOMINALS.has(token));
  });
}

function takeAll(words: readonly Word[], to: string[]): Word[] {
  to.push(...words.map((word) => word.tokens.join('')));
  return [];
}

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const piece of text.split(/\s+/)) {
    // `Ph.D.` and `M.D.` are one word, `J.R.` two initials
    const whole = plainText(piece).replace(/[^a-z]+/g, '');
    if (piece.includes('.') && (NAME_SUFFIXES.has(whole) || POST_NOMINALS.has(whole))) {
      words.push({ tokens: [whole], isUpper: true });
      continue;
    }
    for (const part of piece.split(BETWEEN_WORDS)) {
      const tokens = tokensOf(part);
      const letters = part.replace(/[^\p{L}]+/gu, '');
      if (tokens.length > 0)
        words.push({ tokens, isUpper: letters.length > 1 && letters === letters.toUpperCase() && letters !== letters.toLowerCase() });
    }
  }
  return words;
}

function tokensOf(text: string): string[] {
  return (
    plainText(text)
      .replace(/['`]/g, '')
      .match(/[a-z]+/g) ?? []
  );
}
