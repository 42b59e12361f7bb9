import fc from 'fast-check';
import { isObject, type JsonObject } from '../../src/kernel/json.ts';

/** Stands for a secret or a person's data in an input: no log may ever hold it. */
export const CANARY = 'canary-5b1e0c7d';

/** Strings that have broken servers: NUL, lone surrogates, bidi, tags, long ones, things that look like code. */
export const nastyString = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\uD800',
    'x\uDFFFy',
    '\u202Egnp.exe',
    '\u{E0041}\u{E0042}',
    '\u200B',
    '%',
    '_%_',
    "'; drop table account; --",
    '$1::text',
    '{"a":1}',
    '[]',
    'null',
    '../../../etc/hosts',
    'samepage://accounts/x',
    '00000000-0000-8000-8000-000000000000',
    '2026-02-30',
    '9999-12-31',
    '\u{1F600}'.repeat(50),
    'x'.repeat(5_000),
    '__proto__',
    'constructor',
    CANARY,
    `${CANARY}@secret.example`,
    `postgres://user:${CANARY}@host/db`,
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const nastyNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 1e21, -1e21, 2 ** 31, 2 ** 53, Number.MIN_VALUE, Number.MAX_VALUE),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const deep = fc.integer({ min: 1, max: 200 }).map((levels) => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
});

/** JSON without regard to any schema. */
export const garbage: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: nastyString, weight: 40 },
  { arbitrary: fc.constant('x'.repeat(1_048_576)), weight: 1 },
  { arbitrary: nastyNumber, weight: 30 },
  { arbitrary: fc.constantFrom(null, true, false), weight: 20 },
  { arbitrary: fc.jsonValue({ maxDepth: 4 }), weight: 20 },
  { arbitrary: deep, weight: 10 },
);

/** Values of a JSON Schema, as far as the schema tells; its patterns are met now and then. */
export function valueFor(schema: JsonObject, root: JsonObject, depth = 0): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if (typeof schema.$ref === 'string') return depth > 3 ? fc.constant({}) : valueFor(resolved(schema.$ref, root), root, depth + 1);
  const options = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(options)) return fc.oneof(...options.filter(isObject).map((option) => valueFor(option, root, depth)));
  const examples = schema.default === undefined ? [] : [fc.constant(schema.default)];
  return fc.oneof({ arbitrary: typed(schema, root, depth), weight: 9 }, ...examples);
}

function typed(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<unknown> {
  const { minimum, maximum } = schema;
  switch (schema.type) {
    case 'string':
      return stringOf(schema);
    case 'integer':
      return fc.integer({ min: numberOr(minimum, -1000), max: Math.min(numberOr(maximum, 100_000), 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: numberOr(minimum, -1e6), max: numberOr(maximum, 1e6), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const items = isObject(schema.items) ? schema.items : {};
      return fc.array(valueFor(items, root, depth + 1), {
        minLength: Math.min(numberOr(schema.minItems, 0), 3),
        maxLength: Math.min(numberOr(schema.maxItems, 4), 4),
      });
    }
    case 'object':
      return objectOf(schema, root, depth);
    default:
      return garbage;
  }
}

function objectOf(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<unknown> {
  if (!isObject(schema.properties)) {
    const member = isObject(schema.additionalProperties) ? valueFor(schema.additionalProperties, root, depth + 1) : garbage;
    return fc.dictionary(fc.oneof(nastyString, fc.constantFrom('Company', 'account.name', 'a')), member, { maxKeys: 4 });
  }
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const members = Object.fromEntries(
    Object.entries(schema.properties).map(([key, member]) => [key, valueFor(isObject(member) ? member : {}, root, depth + 1)]),
  );
  return fc.record(members, { requiredKeys: required });
}

function stringOf(schema: JsonObject): fc.Arbitrary<unknown> {
  const likely: fc.Arbitrary<string>[] = [
    fc.constantFrom('acme.com', 'Acme', 'software', 'account.industry', 'jane@acme.com', 'pricing_page'),
  ];
  if (schema.format === 'date' || schema.format === undefined) likely.push(fc.constantFrom('2026-03-01', '2025-12-31'));
  if (schema.format === 'date-time' || schema.format === undefined)
    likely.push(fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'));
  if (schema.format === 'uuid' || schema.format === undefined) likely.push(fc.uuid({ version: 8 }));
  if (typeof schema.pattern === 'string') likely.push(fc.stringMatching(new RegExp(schema.pattern)));
  return fc.oneof({ arbitrary: fc.oneof(...likely), weight: 3 }, { arbitrary: nastyString, weight: 1 });
}

const numberOr = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);

function resolved(ref: string, root: JsonObject): JsonObject {
  const target = ref === '#' ? root : isObject(root.$defs) ? root.$defs[ref.replace('#/$defs/', '')] : undefined;
  return isObject(target) ? target : {};
}

/** An input that is valid, or nearly (one member replaced, dropped or added, at any depth), or nothing of the kind. */
export function inputOf(schema: JsonObject): fc.Arbitrary<Record<string, unknown>> {
  const valid = valueFor(schema, schema);
  const near = fc
    .tuple(valid, fc.nat(), garbage, fc.constantFrom('replace', 'drop', 'add'))
    .map(([value, at, other, how]) => changed(value, at, other, how));
  const any = fc.dictionary(
    fc.oneof(nastyString, fc.constantFrom(...Object.keys(isObject(schema.properties) ? schema.properties : { a: 1 }))),
    garbage,
    { maxKeys: 5 },
  );
  return fc
    .oneof({ arbitrary: valid, weight: 4 }, { arbitrary: near, weight: 4 }, { arbitrary: any, weight: 2 })
    .map((value) => (isObject(value) ? value : { value }));
}

/** The value with its `at`-th member changed. */
function changed(value: unknown, at: number, other: unknown, how: string): unknown {
  const copy: unknown = structuredClone(value);
  const places: [JsonObject | unknown[], string | number][] = [];
  const visit = (here: unknown): void => {
    if (Array.isArray(here)) {
      for (const [i, member] of here.entries()) {
        places.push([here, i]);
        visit(member);
      }
    } else if (isObject(here)) {
      for (const [key, member] of Object.entries(here)) {
        places.push([here, key]);
        visit(member);
      }
    }
  };
  visit(copy);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return { added: other };
  const [parent, key] = place;
  if (Array.isArray(parent)) parent.splice(Number(key), how === 'add' ? 0 : 1, ...(how === 'drop' ? [] : [other]));
  else if (how === 'drop') delete parent[key];
  else parent[how === 'add' ? `${key}_` : key] = other;
  return copy;
}
