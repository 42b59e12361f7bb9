import {
  ALIAS_MARKS,
  ARTICLES,
  COMMON_WORDS,
  CONNECTIVES,
  COUNTRY_BELONGS_AFTER,
  COUNTRY_WORDS,
  INNER_SHORT,
  SHORT_WORDS,
  TAIL_WORDS,
  WEB_ENDING,
} from './company-words.ts';
import { GLUED_FORMS, INNER_FORMS } from './legal-forms.ts';
import { ASCII, isUnreadable, plainText } from './plain-text.ts';
import { isLegalForm, leadingForm, trailingForm } from './strip-legal-form.ts';

export interface Company {
  /** The name without legal form, articles and joining words, its words as a list joins them. Reading it gives the same again. */
  key: string;
  /** The words of the key. */
  tokens: string[];
  /** The key without spaces: `at t` and `att` are one. */
  compact: string;
  /** The key less what tells a part of a company from the whole: `acme` of `acme deutschland` and `acme group`. Else the key itself. */
  base: string;
  /** The words of the base, at most 32. */
  baseWords: readonly string[];
  /** The base without spaces. */
  baseCompact: string;
  /** The country that the base leaves out, ISO 3166-1 alpha-2. */
  country: string | null;
  /** The legal form by its name in the table: `gmbh`, `inc`; the last one when there are several. */
  legalForm: string | null;
  /** First letters of the words; null for fewer than two. */
  acronym: string | null;
  /** Other names given: after `d/b/a`, `t/a` or in brackets; keys. */
  aliases: string[];
}

/** Further words of a name are not compared. */
const MOST_WORDS = 32;
const BRACKETS = /[([{（]([^()[\]{}（）]*)[)\]}）]/g;
/** How lists of securities end a name: the state of registration, or that it is a receipt: `WALMART INC /DE/`, `AIRBUS SE/ADR`. */
const LISTING = /\s\S*?\s*[/\\]\s?(?:[a-z]{2}|adr|ads|gdr|new|can|old|fi)[/\\]?\s*$/i;

/** The key of a company's name alone, empty where `normaliseCompany` gives none. */
export function companyKeyOf(text: string): string {
  return isUnreadable(text) ? '' : coreOf(spellingsOf(text).main).tokens.join(' ');
}

/** The name of a company in its parts. Null when no letter or digit is in it, or it is too long to be a name. */
export function normaliseCompany(text: string): Company | null {
  if (isUnreadable(text)) return null;
  const { main, aliases } = spellingsOf(text);
  const { tokens, legalForm } = coreOf(main);
  if (tokens.length === 0) return null;
  const key = tokens.join(' ');
  const { base, country } = baseOf(tokens);
  const others = aliases.map((alias) => coreOf(alias).tokens).filter((words) => isAlias(words));
  return {
    key,
    tokens,
    compact: tokens.join(''),
    base,
    baseWords: base.split(' ', MOST_WORDS),
    baseCompact: base.replaceAll(' ', ''),
    country,
    legalForm,
    acronym: tokens.length < 2 ? null : acronymOf(tokens),
    aliases: [...new Set(others.map((words) => words.join(' ')))].filter((alias) => alias !== key),
  };
}

/** The name itself, and others given with it. */
function spellingsOf(text: string): { main: string; aliases: string[] } {
  const aliases: string[] = [];
  const spoken = withoutGluedForm(text);
  const outside = spoken.replace(BRACKETS, (_, inside: string) => {
    if (isCountry(inside)) return ` ${inside} `;
    aliases.push(inside);
    return ' ';
  });
  const whole = isSpoken(outside) ? outside : spoken;
  const bare = /[/\\]/.test(whole) ? whole.replace(LISTING, (end) => end.slice(0, end.search(/[/\\]/))) : whole;
  const mark = ALIAS_MARKS.exec(bare);
  const main = mark === null || !isSpoken(bare.slice(0, mark.index)) ? bare : bare.slice(0, mark.index);
  if (mark !== null && main !== bare) aliases.push(bare.slice(mark.index + mark[0].length));
  return { main, aliases };
}

/** `(UK)`, `(Deutschland)`; of other codes of two letters most are states of registration. */
function isCountry(text: string): boolean {
  const words = plainText(text).replaceAll('.', '').trim();
  return COUNTRY_WORDS.has(words) && (words.length > 2 || words === 'uk' || words === 'us' || words === 'eu');
}

function isSpoken(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** First letters: `international business machines` → `ibm`; a number whole: `three 60 labs` → `t60l`. */
function acronymOf(tokens: readonly string[]): string {
  return tokens.map((token) => (/^\d+$/.test(token) ? token : token.charAt(0))).join('');
}

/** A bracket may hold a country, a form or a remark: those name no company. */
function isAlias(words: readonly string[]): boolean {
  const text = words.join(' ');
  return (
    words.length > 0 &&
    text.length >= 3 &&
    !COUNTRY_WORDS.has(text) &&
    !isLegalForm(words) &&
    !words.every((word) => COMMON_WORDS.has(word))
  );
}

function coreOf(text: string): { tokens: string[]; legalForm: string | null } {
  let tokens = wordsOf(text);
  let legalForm: string | null = null;
  // each may uncover another: `Acme Holding Co., Ltd.`, `Boeing Company, The`
  for (let before = -1; before !== tokens.length && tokens.length > 1; ) {
    before = tokens.length;
    if (ARTICLES.has(tokens[0] ?? '')) tokens = tokens.slice(1);
    if (tokens.length > 1 && (tokens.at(-1) === 'the' || tokens.at(-1) === 'of')) tokens = tokens.slice(0, -1);
    const found = trailingForm(tokens);
    if (found !== null) {
      tokens = tokens.slice(0, -found.length);
      legalForm ??= found.form;
    }
    const first = leadingForm(tokens);
    if (first !== null) {
      tokens = tokens.slice(first.length);
      legalForm ??= first.form;
    }
  }
  return { tokens: tokens.map((word, i) => (i === 0 ? word : (INNER_SHORT.get(word) ?? word))), legalForm };
}

/** Words in one spelling; single letters that stand together are one word: `J. P. Morgan`, `S.p.A.`, `A/S`. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let letters = '';
  const flush = () => {
    if (letters !== '') words.push(letters);
    letters = '';
  };
  for (const piece of plainText(text)
    .replace(/['`]/g, '')
    .replace(/[,;]/g, ' ')
    .split(/[^!-~]+/)) {
    const dotted = /^[a-z](?:[./][a-z])+\.?$/.test(piece);
    if (dotted) {
      flush();
      words.push(piece.replace(/[./]/g, ''));
      continue;
    }
    for (const word of (WEB_ENDING.exec(piece)?.[1] ?? piece).match(/[a-z0-9]+/g) ?? []) {
      if (/^[a-z]$/.test(word)) letters += word;
      else {
        flush();
        words.push(word);
      }
    }
  }
  flush();
  // `S.à r.l.`
  const rl = words.indexOf('rl');
  if (rl > 0 && words[rl - 1] === 'sa') words.splice(rl - 1, 2, 'sarl');
  const kept = words.filter((word) => !CONNECTIVES.has(word));
  return (kept.length === 0 ? words : kept).map((word) => SHORT_WORDS.get(word) ?? word);
}

/** Cuts the end off: what stands after a legal form, countries, and words such as `group`; a name of substance must be left. */
function baseOf(tokens: readonly string[]): { base: string; country: string | null } {
  const form = tokens.findIndex((token, i) => i > 0 && INNER_FORMS.has(token));
  let words = form > 0 && hasSubstance(tokens.slice(0, form)) ? tokens.slice(0, form) : tokens;
  let country: string | null = null;
  for (let before = -1; before !== words.length; ) {
    before = words.length;
    const found = countryAtEnd(words);
    if (found !== null) {
      words = words.slice(0, -found.length);
      country ??= found.country;
    } else if (TAIL_WORDS.has(words.at(-1) ?? '') && hasSubstance(words.slice(0, -1))) words = words.slice(0, -1);
  }
  return { base: words.join(' '), country };
}

function countryAtEnd(words: readonly string[]): { country: string; length: number } | null {
  for (let length = Math.min(4, words.length - 1); length > 0; length -= 1) {
    const country = COUNTRY_WORDS.get(words.slice(-length).join(' '));
    const rest = words.slice(0, -length);
    if (country !== undefined && !COUNTRY_BELONGS_AFTER.has(rest.at(-1) ?? '') && hasSubstance(rest)) return { country, length };
  }
  return null;
}

function hasSubstance(words: readonly string[]): boolean {
  return words.some((word) => !COMMON_WORDS.has(word) && word.length > 1);
}

function withoutGluedForm(text: string): string {
  if (ASCII.test(text)) return text;
  const form = GLUED_FORMS.find((one) => text.includes(one));
  return form === undefined ? text : text.replaceAll(form, ' ');
}
