import { isObject, type JsonObject } from '../kernel/json.ts';
import { alternatives, schemasWithin } from '../kernel/json-schema.ts';
import { quoteOutside } from '../tools/shared.ts';

/**
 * A copy of an output in which every string that its schema marks `x-outside` stands in «…»: what a tool renders as text.
 * @returns the copy, and whether anything was marked.
 */
export function markOutside(output: unknown, root: JsonObject): { marked: unknown; any: boolean } {
  let any = false;

  const quoted = (value: unknown): unknown => {
    if (typeof value === 'string') {
      any = true;
      return quoteOutside(value);
    }
    return mapMembers(value, quoted);
  };

  const walk = (value: unknown, schemas: readonly JsonObject[]): unknown => {
    // of what no schema tells, nothing is marked
    if (schemas.length === 0) return value;
    const here = schemas.flatMap((schema) => alternatives(schema, root));
    if (here.some((schema) => schema['x-outside'] === true)) return quoted(value);
    return mapMembers(value, (member, key) => walk(member, schemasWithin(here, key)));
  };

  return { marked: walk(output, [root]), any };
}

function mapMembers(value: unknown, map: (member: unknown, key: string | number) => unknown): unknown {
  if (Array.isArray(value)) return value.map((member, index) => map(member, index));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member, key)]));
  return value;
}
