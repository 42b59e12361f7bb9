import type { Located, Path } from './problems.ts';

const MAX_DEPTH = 40;
const MAX_VALUES = 200_000;
const MAX_PROBLEMS = 20;

/**
 * Values that cannot stand in canonical JSON, or that no definition needs: control characters, broken Unicode, endless
 * numbers, and documents too deep or too large to walk.
 */
export function unfitValues(document: unknown): Located[] {
  const problems: Located[] = [];
  let count = 0;
  const visit = (value: unknown, path: Path): void => {
    count += 1;
    if (problems.length >= MAX_PROBLEMS || count > MAX_VALUES) return;
    const message = unfit(value, path.length);
    if (message !== undefined) problems.push({ path, message });
    else if (Array.isArray(value)) for (const [i, item] of value.entries()) visit(item, [...path, i]);
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) {
        const flaw = key === '__proto__' ? 'a key that JavaScript keeps for itself' : unfitText(key);
        if (flaw !== undefined) problems.push({ path: [...path, key], atKey: true, message: `the key is ${flaw}` });
        visit(member, [...path, key]);
      }
  };
  visit(document, []);
  if (count > MAX_VALUES) return [{ path: [], message: `more than ${MAX_VALUES} values; a definition is far smaller` }];
  return problems;
}

function unfit(value: unknown, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
  if (typeof value === 'string') {
    const flaw = unfitText(value);
    return flaw === undefined ? undefined : `this is ${flaw}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return 'this is not a number that can be written down';
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return 'this is not a value that JSON has';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const kind = Object.getPrototypeOf(value);
    if (kind !== Object.prototype && kind !== null) return 'this is not a value that JSON has';
  }
  return undefined;
}

function unfitText(text: string): string | undefined {
  if (!text.isWellFormed()) return 'broken Unicode text';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? 'text with control characters' : undefined;
}
