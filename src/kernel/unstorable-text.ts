import { isObject } from './json.ts';

/** PostgreSQL stores no NUL, and UTF-8 has no half of a surrogate pair. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export interface UnstorableText {
  path: readonly (string | number)[];
  /** Undefined where it is the key itself, the last of the path. */
  value: string | undefined;
  reason: string;
}

/**
 * The texts within a value, keys among them, that no database stores.
 * @param except a member at the root that is left out
 */
export function unstorableTexts(
  value: unknown,
  except: (key: string) => boolean = () => false,
  path: readonly (string | number)[] = [],
): UnstorableText[] {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [{ path, value, reason: reasonOf(value) }] : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => unstorableTexts(item, undefined, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (except(key)) return [];
    const here = [...path, key];
    const ofKey = UNSTORABLE.test(key) ? [{ path: here, value: undefined, reason: `is a key that ${reasonOf(key)}` }] : [];
    return [...ofKey, ...unstorableTexts(member, undefined, here)];
  });
}

const reasonOf = (text: string) =>
  text.includes('\0') ? 'holds a NUL character, which no text may have' : 'holds half of a character (a lone surrogate)';
