import { isObject } from '../../kernel/json.ts';

/** The keys by which the members of a list in a definition are known, the first that all of them have. */
const NAMES = ['id', 'code', 'name', 'role', 'segment', 'date', 'topic', 'type', 'field'] as const;

/** The names of a list's members, in its order; a text is its own. Undefined where they have none, or one occurs twice. */
export function memberNames(list: readonly unknown[]): string[] | undefined {
  if (isTexts(list)) return new Set(list).size === list.length ? [...list] : undefined;
  for (const key of NAMES) {
    const names = list.map((item) => (isObject(item) ? item[key] : undefined));
    if (list.length > 0 && names.every((name) => typeof name === 'string') && new Set(names).size === names.length) return names;
  }
  return undefined;
}

/** Whether a list holds texts alone, and some. */
export function isTexts(list: readonly unknown[]): list is readonly string[] {
  return list.length > 0 && list.every((item) => typeof item === 'string');
}
