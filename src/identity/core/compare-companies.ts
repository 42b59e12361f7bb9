import { acronymBits, type CompanyStatistics, nameBits, wordBits } from './company-statistics.ts';
import { COMMON_WORDS } from './company-words.ts';
import type { Company } from './normalise-company.ts';
import { isOneEdit } from './one-edit.ts';
import { SHORTEST_TYPO } from './spelling-index.ts';

/** How two company names agree, best first, and what a person reads of it. */
export const NAME_LEVELS = {
  same: 'the same name',
  same_but_form: 'the same name but for group, country or branch',
  alias: 'a name that it also goes by',
  typo: 'the same name but for a typing error',
  acronym: 'one is the acronym of the other',
  contained: 'one name is a part of the other',
  shared_words: 'some words in common',
  different: 'different names',
} as const;
export type NameLevel = keyof typeof NAME_LEVELS;

export interface NameComparison {
  level: NameLevel;
  /** log2 of how much likelier the names are of one company than of two; whole hundredths. */
  bits: number;
  /** The words that agree. */
  shared: string[];
}

/** What a difference costs, in bits. */
const COST = { form: 0.5, bothForms: 4, alias: 1.5, typo: 3, acronym: 2, extraWord: 2.5, extraCommonWord: 1, otherHead: 3, otherWords: 9 };
const LEAST = -8;

/** Compares two names in bits; words that few names have count more. Symmetric. */
export function compareCompanies(a: Company, b: Company, statistics: CompanyStatistics): NameComparison {
  if (a.compact === b.compact) return comparison('same', nameBits(a.baseWords, statistics), a.tokens);
  let best = compareBases(a, b, statistics);
  for (const level of [aliasOf(a, b, statistics), aliasOf(b, a, statistics), acronymOf(a, b, statistics), acronymOf(b, a, statistics)])
    if (level !== null && level.bits > best.bits) best = level;
  return best;
}

function comparison(level: NameLevel, bits: number, shared: readonly string[]): NameComparison {
  return { level, bits: Math.round(Math.max(LEAST, bits) * 100) / 100, shared: [...shared].sort() };
}

function compareBases(a: Company, b: Company, statistics: CompanyStatistics): NameComparison {
  const left = a.baseWords;
  if (a.baseCompact === b.baseCompact) {
    const cost =
      a.base !== a.key && b.base !== b.key
        ? a.country !== b.country && a.country !== null && b.country !== null
          ? COST.bothForms
          : COST.form
        : COST.form;
    return comparison('same_but_form', nameBits(left, statistics) - cost, left);
  }
  return alignWords(a, b, statistics);
}

/** Matches words one to one, first those that are equal, then those one typing error apart. */
function alignWords(a: Company, b: Company, statistics: CompanyStatistics): NameComparison {
  const left = a.baseWords;
  const right = b.baseWords;
  const restLeft: string[] = [];
  const restRight = [...right];
  const shared: string[] = [];
  for (const word of left) {
    const at = restRight.indexOf(word);
    if (at < 0) restLeft.push(word);
    else {
      restRight.splice(at, 1);
      shared.push(word);
    }
  }
  let bits = bitsOfWords(shared, statistics, 2);
  let typos = 0;
  for (const word of [...restLeft]) {
    const at = restRight.findIndex((other) => isTypo(word, other, statistics));
    const other = restRight[at];
    if (other === undefined) continue;
    restRight.splice(at, 1);
    restLeft.splice(restLeft.indexOf(word), 1);
    shared.push(word < other ? word : other);
    bits += Math.min(wordBits(word, statistics, 1), wordBits(other, statistics, 1)) - COST.typo;
    typos += 1;
  }
  if (restLeft.length === 0 && restRight.length === 0) return comparison(typos > 0 ? 'typo' : 'same_but_form', bits, shared);
  const joined = isTypoOfWhole(a.baseCompact, b.baseCompact) && ![...restLeft, ...restRight].some((word) => NUMERAL.test(word));
  if (joined) return comparison('typo', nameBits(left.length < right.length ? right : left, statistics) - COST.typo, left);
  if (shared.length === 0) return comparison('different', LEAST, []);
  const isHeadShared = shared.includes(left[0] ?? '') && shared.includes(right[0] ?? '');
  const cost = costOfExtra(restLeft) + costOfExtra(restRight) + (isHeadShared ? 0 : COST.otherHead);
  if (restLeft.length > 0 && restRight.length > 0) return comparison('shared_words', bits - cost - COST.otherWords, shared);
  return comparison('contained', bits - cost, shared);
}

function costOfExtra(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (COMMON_WORDS.has(word) ? COST.extraCommonWord : COST.extraWord), 0);
}

/** One edit apart, and not two words that both occur in several names. */
function isTypo(a: string, b: string, statistics: CompanyStatistics): boolean {
  if (Math.min(a.length, b.length) < SHORTEST_TYPO || /\d/.test(a + b)) return false;
  if (!isOneEdit(a, b)) return a.length > 6 && (`${a}s` === b || `${b}s` === a);
  return Math.min(statistics.words.get(a) ?? 0, statistics.words.get(b) ?? 0) < 2;
}

/** A number is no slip: Acme, Acme II, Acme 3. */
const NUMERAL = /^(?:\d+|[ivx]{1,4})$/;

function isTypoOfWhole(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 8 && isOneEdit(a, b);
}

function aliasOf(a: Company, b: Company, statistics: CompanyStatistics): NameComparison | null {
  for (const alias of a.aliases) {
    if (alias === b.key || alias === b.base || b.aliases.includes(alias))
      return comparison('alias', nameBits(alias.split(' '), statistics) - COST.alias, alias.split(' '));
  }
  return null;
}

const JOINING = new Set('of for de du des di da del von van fur zur the'.split(' '));

/** `ibm` of `international business machines`; a name that is its own acronym in brackets is an alias already. */
function acronymOf(short: Company, long: Company, statistics: CompanyStatistics): NameComparison | null {
  const word = short.base;
  if (short.baseWords.length > 1 || word.length < 3 || word.length > 6) return null;
  const words = long.baseWords;
  if (words.length < 3) return null;
  const whole = words.map((one) => one.charAt(0)).join('');
  const weighty = words
    .filter((one) => !JOINING.has(one))
    .map((one) => one.charAt(0))
    .join('');
  if (word !== whole && word !== weighty && word !== long.acronym) return null;
  return comparison('acronym', acronymBits(word, statistics) - COST.acronym, [word]);
}

function bitsOfWords(words: readonly string[], statistics: CompanyStatistics, own: number): number {
  let bits = 0;
  for (const word of words) bits += wordBits(word, statistics, own);
  return bits;
}
