import type { Employer } from './account-evidence.ts';
import { blockRules } from './block-keys.ts';
import { exactKeys } from './company-index.ts';
import { COMMON_WORDS } from './company-words.ts';
import { rowHashes } from './copies.ts';
import { hashText } from './hash.ts';
import type { Company } from './normalise-company.ts';
import { deletions } from './one-edit.ts';
import { remembered } from './remembered.ts';
import type { Table } from './table.ts';

/** A key under which a node is found, and the rule that makes it. */
export interface NodeKey {
  readonly rule: string;
  /** Up to 2^52. */
  readonly key: number;
}

/** Keys that were stored by another version are made anew. To be raised with whatever changes what a key is made of. */
const KEY_VERSION = '5';

/** What keys are made by: the version, and whence telephone numbers without a country code are. */
export function keyVersion(home: string | null): string {
  return home === null ? KEY_VERSION : `${KEY_VERSION} ${home}`;
}

/**
 * The rules of which keys are stored: those of the matcher in files, without the broadest, of which even a file compares only the
 * smallest blocks.
 */
const PERSON_RULES: ReadonlySet<string> = new Set([
  'email',
  'phone',
  'mailbox',
  'name',
  'name+domain',
  'name+company',
  'sound+domain',
  'sound+company',
  'sound+city',
  'given+domain',
  'family+domain',
]);
const isStored = (rule: string) => PERSON_RULES.has(rule) || rule.startsWith('identifier:');

const KEYS_OF_RULE = 2 ** 32;
const RULES = 2 ** 20;
const RULES_KEPT = 1_000;

/** By rule, made once: the first of its keys. */
const baseOf = remembered((rule) => (hashText(rule) % RULES) * KEYS_OF_RULE, RULES_KEPT);

/** By record of a table of people: its keys. A key is the same whatever table the record stands in. */
export function personKeys(table: Table): NodeKey[][] {
  const found: NodeKey[][] = Array.from({ length: table.size }, () => []);
  for (const rule of blockRules(table, isStored)) {
    const base = baseOf(`person ${rule.id}`);
    for (const slot of rule.keys())
      for (let i = 0; i < slot.length; i += 1) if (slot[i] !== 0) found[i]?.push({ rule: rule.id, key: base + (slot[i] as number) });
  }
  return found;
}

/** By what a node is seen to say the very same as many others. */
export interface Alike {
  /** That of its keys which the fewest others have: all who say the same have it. */
  readonly own: number;
  /** All that it says. */
  readonly row: number;
}

const ROW_BASE = baseOf('person row');

/** By record of a table of people, with its keys: null where it says too little to be a copy of another. */
export function alikeAmong(table: Table, keys: readonly (readonly NodeKey[])[]): (Alike | null)[] {
  return Array.from(rowHashes(table), (hash, i) => {
    const own = ownKey(keys[i] ?? []);
    return hash === 0 || own === undefined ? null : { own: own.key, row: ROW_BASE + hash };
  });
}

function ownKey(keys: readonly NodeKey[]): NodeKey | undefined {
  const of = (rule: string) => keys.find((key) => key.rule.startsWith(rule));
  return of('email') ?? of('identifier:') ?? of('phone');
}

/** The keys of an account: whole names and acronyms, words that few names have, spellings of the whole name, the telephone number. */
export function accountKeys(account: Employer): NodeKey[] {
  const { company, phone } = account;
  const keys = employerKeys(account);
  if (company !== null) keys.push(...spellingsOf(company.baseCompact).map((text) => accountKey('spelling', text)));
  return phone === null ? keys : [...keys, accountKey('phone', phone)];
}

/** The keys by which the account of an employer is looked for first. */
export function employerKeys({ company, phone }: Employer): NodeKey[] {
  if (company === null) return phone === null ? [] : [accountKey('phone', phone)];
  const words = [...new Set(company.baseWords)].filter((word) => word.length > 1 && !COMMON_WORDS.has(word));
  return [
    ...exactKeys(company).map((text) => accountKey('name', text)),
    ...words.map((word) => accountKey('word', word)),
    ...(phone === null ? [] : [accountKey('phone', phone)]),
  ];
}

/** The key of a name that an account's domain spells: `hello-fresh.com` and Hello Fresh. */
export function spelledKey(label: string): NodeKey {
  return accountKey('name', `n:${label.replaceAll('-', '')}`);
}

/** The key of a word of names, to see how many have it. */
export function wordKey(word: string): number {
  return accountKey('word', word).key;
}

/** Keys for names one typing error from the company's: what is looked for when nothing else is found. */
export function misspeltKeys({ baseCompact }: Company): NodeKey[] {
  return misspellingsOf(baseCompact).map((text) => accountKey('spelling', text));
}

function accountKey(rule: string, text: string): NodeKey {
  return { rule, key: baseOf(`account ${rule}`) + hashText(text) };
}

/** Shorter names have too many neighbours. */
const SHORTEST = 5;
/** Up to here each deletion is stored; longer names are cut in halves, of which one error leaves one as it is. */
const LONGEST_WITH_DELETIONS = 9;

function spellingsOf(name: string): string[] {
  if (name.length < SHORTEST) return [];
  if (name.length <= LONGEST_WITH_DELETIONS) return deletions(name);
  return halvesOf(name, name.length);
}

function misspellingsOf(name: string): string[] {
  if (name.length < SHORTEST) return [];
  const lengths = [name.length - 1, name.length, name.length + 1].filter((length) => length > LONGEST_WITH_DELETIONS);
  return [...(name.length <= LONGEST_WITH_DELETIONS + 1 ? deletions(name) : []), ...lengths.flatMap((length) => halvesOf(name, length))];
}

/** Beginning and end of a name, as long as those of a name of that length are: one error cannot be in both. */
function halvesOf(name: string, length: number): string[] {
  const half = (length - 1) >> 1;
  return [`${length}<${name.slice(0, half)}`, `${length}>${name.slice(-half)}`];
}
