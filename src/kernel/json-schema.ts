import { z } from 'zod';
import { isObject, type JsonObject } from './json.ts';

/**
 * The JSON Schema of a tool's input or output as a client sees it: without `$schema` (the dialect is the protocol's own),
 * and without what says nothing, for a model pays for each word: the bounds of safe integers, the pattern of a named
 * format, that keys are strings, and that JSON is JSON.
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
  const { $defs, ...plain }: JsonObject = { ...made };
  delete plain.$schema;
  delete plain['~standard'];
  const defs = Object.entries(isObject($defs) ? $defs : {});
  const anyJson = new Set(defs.filter(([name, def]) => isAnyJson(def, `#/$defs/${name}`)).map(([name]) => `#/$defs/${name}`));
  const kept = defs.filter(([name]) => !anyJson.has(`#/$defs/${name}`)).map(([name, def]) => [name, lean(def, anyJson)]);
  return { ...leanObject(plain, anyJson), ...(kept.length === 0 ? {} : { $defs: Object.fromEntries(kept) }) };
}

/** zod's `z.json()`: a union of all that JSON has, referring to itself. */
function isAnyJson(schema: unknown, ref: string): boolean {
  if (!isObject(schema) || !Array.isArray(schema.anyOf)) return false;
  const types = schema.anyOf.filter(isObject).map((option) => option.type);
  const self = schema.anyOf.filter((option) => isObject(option) && JSON.stringify(option).includes(ref));
  return types.join() === 'string,number,boolean,null,array,object' && self.length === 2;
}

function lean(schema: unknown, anyJson: ReadonlySet<string>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => lean(item, anyJson));
  return isObject(schema) ? leanObject(schema, anyJson) : schema;
}

function leanObject(schema: JsonObject, anyJson: ReadonlySet<string>): JsonObject {
  const copy: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref' && typeof value === 'string' && anyJson.has(value)) continue;
    if (key === 'propertyNames' && JSON.stringify(value) === '{"type":"string"}') continue;
    const leaner = key === 'default' || key === 'enum' || key === 'const' ? value : lean(value, anyJson);
    if (key === 'additionalProperties' && JSON.stringify(leaner) === '{}') continue;
    copy[key] = leaner;
  }
  return copy;
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
