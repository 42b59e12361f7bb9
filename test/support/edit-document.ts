import { readYaml } from '../../src/definitions/core/locate.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A copy with the value at a path replaced, or taken out when `value` is undefined. `a.0.b` is a path. */
export function edited(document: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(document);
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let holder = copy as Record<string, unknown>;
  for (const part of parts) {
    const next = holder[part];
    if (typeof next !== 'object' || next === null) throw new Error(`${path} leads to nothing`);
    holder = next as Record<string, unknown>;
  }
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** YAML in a test, as a value. */
export function yaml(text: string): unknown {
  const { value, problems } = readYaml(text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return value;
}
