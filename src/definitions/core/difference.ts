import { canonicalJson } from '../../kernel/canonical-json.ts';
import { isObject } from '../../kernel/json.ts';
import { isTexts, memberNames } from './members.ts';
import { predicateDocument } from './predicate.ts';
import { type Labels, predicateSentence } from './sentence.ts';

/** One place at which two documents differ. */
export interface Difference {
  /** `criteria.industry.points`: a member of a list is named by its id, code or name. */
  path: string;
  change: 'added' | 'removed' | 'changed' | 'reordered';
  /** As text for people: a predicate is a sentence, anything long is cut. */
  before: string | null;
  after: string | null;
}

const MOST_TEXT = 300;

/**
 * Where two documents differ, in the order of the first. Lists whose members have names are compared by name, so that an
 * added criterion is one difference and not one for each that follows it.
 */
export function differences(before: unknown, after: unknown, labels: Labels): Difference[] {
  const found: Difference[] = [];
  compare(before, after, []);
  return found;

  function compare(a: unknown, b: unknown, path: readonly string[]): void {
    if (a === undefined && b === undefined) return;
    if (a === undefined || b === undefined || !isCompound(a, b)) {
      if (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b)) return;
      note(path, a === undefined ? 'added' : b === undefined ? 'removed' : 'changed', a, b);
      return;
    }
    if (canonicalJson(a) === canonicalJson(b)) return;
    if (isPredicate(a) && isPredicate(b)) {
      note(path, 'changed', a, b);
      return;
    }
    if (Array.isArray(a) && Array.isArray(b)) {
      compareLists(a, b, path);
      return;
    }
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) compare(own(left, key), own(right, key), [...path, key]);
  }

  function compareLists(a: readonly unknown[], b: readonly unknown[], path: readonly string[]): void {
    const [left, right] = [named(a), named(b)];
    if (left === undefined || right === undefined) {
      note(path, 'changed', a, b);
      return;
    }
    if (isTexts([...a, ...b])) {
      const [gone, come] = [a.filter((text) => !b.includes(text)), b.filter((text) => !a.includes(text))];
      if (gone.length > 0) note(path, 'removed', gone, undefined);
      if (come.length > 0) note(path, 'added', undefined, come);
    } else for (const name of new Set([...left.keys(), ...right.keys()])) compare(left.get(name), right.get(name), [...path, name]);
    const kept = [...left.keys()].filter((name) => right.has(name));
    const order = [...right.keys()].filter((name) => left.has(name));
    if (kept.join('\n') !== order.join('\n'))
      found.push({ path: path.join('.'), change: 'reordered', before: kept.join(', '), after: order.join(', ') });
  }

  function note(path: readonly string[], change: Difference['change'], a: unknown, b: unknown): void {
    found.push({ path: path.join('.') || '(document)', change, before: textOf(a), after: textOf(b) });
  }

  function textOf(value: unknown): string | null {
    if (value === undefined) return null;
    const text = isPredicate(value) ? predicateSentence(value, labels) : plain(value);
    return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
  }

  function plain(value: unknown): string {
    if (typeof value === 'string') return value;
    if (Array.isArray(value)) return value.map(plain).join(', ');
    if (!isObject(value)) return String(value);
    return Object.entries(value)
      .map(([key, member]) => `${key}: ${isPredicate(member) ? predicateSentence(member, labels) : plain(member)}`)
      .join('; ');
  }
}

/** A difference as a line. */
export function differenceText({ path, change, before, after }: Difference): string {
  if (change === 'added') return `+ ${path}: ${after}`;
  if (change === 'removed') return `− ${path}: ${before}`;
  if (change === 'reordered') return `${path}, in this order now: ${after}`;
  return `${path}: ${before} → ${after}`;
}

const isCompound = (a: unknown, b: unknown) => (isObject(a) && isObject(b)) || (Array.isArray(a) && Array.isArray(b));
const isPredicate = (value: unknown): value is Parameters<typeof predicateSentence>[0] & object =>
  isObject(value) && predicateDocument.safeParse(value).success;
const own = (value: Record<string, unknown>, key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);

/** A list's members by name, scalars by themselves; undefined for a list that can only be compared whole. */
function named(list: readonly unknown[]): Map<string, unknown> | undefined {
  if (list.length === 0) return new Map();
  const names = memberNames(list);
  return names === undefined ? undefined : new Map(names.map((name, i) => [name, list[i]]));
}
