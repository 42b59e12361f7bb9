import { z } from 'zod';
import { isObject, type JsonObject } from './json.ts';

/**
 * The JSON Schema of a tool's input or output as a client sees it: without `$schema` (the dialect is the protocol's own),
 * and without what only repeats: the bounds of safe integers, and the pattern of a named format.
 */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const made = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    override({ jsonSchema }) {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  const plain: JsonObject = { ...made };
  delete plain.$schema;
  delete plain['~standard'];
  return plain;
}

/** A schema itself and all that it says by reference, union or intersection. */
export function alternatives(schema: JsonObject, root: JsonObject, seen: ReadonlySet<JsonObject> = new Set()): JsonObject[] {
  if (seen.has(schema)) return [];
  const met = new Set([...seen, schema]);
  const options = ['anyOf', 'oneOf', 'allOf'].flatMap((key) => schema[key] ?? []).filter(isObject);
  const target = typeof schema.$ref === 'string' ? resolveRef(schema.$ref, root) : undefined;
  return [schema, ...[...options, ...(target === undefined ? [] : [target])].flatMap((option) => alternatives(option, root, met))];
}

function resolveRef(ref: string, root: JsonObject): JsonObject | undefined {
  if (ref === '#') return root;
  const target = isObject(root.$defs) ? root.$defs[ref.replace('#/$defs/', '')] : undefined;
  return isObject(target) ? target : undefined;
}

/** What the schemas say of one member (a key) or element (an index) of their value. */
export function schemasWithin(schemas: readonly JsonObject[], key: string | number): JsonObject[] {
  return schemas.flatMap((schema) => {
    if (typeof key === 'number') {
      const item = Array.isArray(schema.prefixItems) ? (schema.prefixItems[key] ?? schema.items) : schema.items;
      return isObject(item) ? [item] : [];
    }
    const property = isObject(schema.properties) ? schema.properties[key] : undefined;
    const member = property ?? schema.additionalProperties;
    return isObject(member) ? [member] : [];
  });
}

/** The keys that an object may have at a path of a value; empty where any are allowed. */
export function keysAt(root: JsonObject, path: readonly PropertyKey[]): string[] {
  let here = alternatives(root, root);
  for (const key of path) {
    if (typeof key === 'symbol') return [];
    here = schemasWithin(here, key).flatMap((schema) => alternatives(schema, root));
  }
  return [...new Set(here.flatMap((schema) => (isObject(schema.properties) ? Object.keys(schema.properties) : [])))];
}
