import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SamepageError } from '../../src/kernel/errors.ts';
import { instantText } from '../../src/kernel/instant-text.ts';
import { jsonSchemaOf, keysAt } from '../../src/kernel/json-schema.ts';
import { nearest } from '../../src/kernel/nearest.ts';
import { parseInput } from '../../src/kernel/parse-input.ts';
import { actorId } from '../../src/server/actor.ts';
import { markOutside } from '../../src/server/mark-outside.ts';
import { estimateTokens } from '../../src/server/result.ts';
import { matchUri } from '../../src/server/uri-template.ts';
import { outsideText, outsideValue } from '../../src/tools/shared.ts';

describe('jsonSchemaOf', () => {
  it('leaves out what says nothing', () => {
    const schema = z.strictObject({
      n: z.int(),
      at: z.iso.datetime().optional(),
      any: z.record(z.string(), z.json()),
      list: z.array(z.json()),
    });
    expect(jsonSchemaOf(schema, 'input')).toEqual({
      type: 'object',
      properties: {
        n: { type: 'integer' },
        at: { type: 'string', format: 'date-time' },
        any: { type: 'object' },
        list: { type: 'array', items: {} },
      },
      required: ['n', 'any', 'list'],
      additionalProperties: false,
    });
  });

  it('keeps a recursion that says something', () => {
    interface Tree {
      name: string;
      children: Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.strictObject({ name: z.string(), children: z.array(tree) }));
    const schema = jsonSchemaOf(z.strictObject({ tree }), 'input');
    expect(keysAt(schema, ['tree', 'children', 3, 'children', 0])).toEqual(['name', 'children']);
  });
});

describe('parseInput', () => {
  it('says once that an instant is none', () => {
    const problems = (known_at: string) => {
      try {
        return parseInput(z.strictObject({ known_at: instantText }), { known_at }, 'do_it') && 0;
      } catch (error) {
        return error instanceof SamepageError && error.problems?.length;
      }
    };
    expect(['yesterday', '9026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'].map(problems)).toEqual([1, 1, 0]);
  });

  const schema = z.strictObject({
    kind: z.enum(['account', 'person']),
    events: z.array(z.strictObject({ type: z.string(), day: z.union([z.iso.date(), z.int()]) })).max(2),
  });
  const told = (input: unknown) => {
    try {
      parseInput(schema, input, 'do_it');
    } catch (error) {
      return error;
    }
    throw new Error('it was accepted');
  };

  it('names every place as a person would write it', () => {
    expect(
      told({
        kind: 'persn',
        events: [
          { type: 'x', day: 'soon' },
          { typ: 'y', day: 3 },
        ],
      }),
    ).toMatchObject({
      problems: [
        { path: 'events[1].typ', reason: 'is not a known key (did you mean type?); known: type, day' },
        { path: 'kind', value: 'persn', reason: 'must be one of account, person (did you mean person?)' },
        { path: 'events[0].day', value: 'soon', reason: 'must be a date, as in 2026-03-31' },
        { path: 'events[1].type', reason: 'is missing; it must be a string' },
      ],
      next: 'Correct events[1].typ, kind, events[0].day, events[1].type and call do_it again; nothing was changed.',
    });
  });

  it.each([[null], [[]], ['text'], [undefined]])('refuses %j for the whole', (input) => {
    expect(told(input)).toMatchObject({ code: 'invalid_input', problems: [{ path: 'input' }] });
  });
});

describe('nearest', () => {
  it.each([
    ['acount', 'account'],
    ['accounts', 'account'],
    ['Person', 'person'],
    ['oppurtunity', 'opportunity'],
    ['xyz', undefined],
    ['', undefined],
  ])('%s → %s', (word, meant) => {
    expect(nearest(word, ['account', 'person', 'opportunity'])).toBe(meant);
  });
});

describe('actorId', () => {
  it.each([
    ['Claude Code', 'mcp:claude-code'],
    ['  ../../etc\n', 'mcp:etc'],
    ['', 'mcp:unknown'],
    [undefined, 'mcp:unknown'],
    ['x'.repeat(99), `mcp:${'x'.repeat(40)}`],
    ['日本', 'mcp:unknown'],
  ])('%j → %s', (name, id) => {
    expect(actorId(name)).toBe(id);
  });
});

describe('matchUri', () => {
  it.each([
    ['samepage://definitions/{kind}', 'samepage://definitions/icp', { kind: 'icp' }],
    ['samepage://definitions/{kind}', 'samepage://definitions/icp/abc', undefined],
    ['samepage://definitions/{kind}/{hash}', 'samepage://definitions/icp/abc', { kind: 'icp', hash: 'abc' }],
    ['samepage://accounts/{id}', 'samepage://accounts/a%20b%2Fc', { id: 'a b/c' }],
    ['samepage://accounts/{id}', 'samepage://accounts/%E0%A4%A', undefined],
    ['samepage://accounts/{id}', 'samepage://accounts/', undefined],
    ['samepage://accounts/{id}', 'xsamepage://accounts/a', undefined],
    ['samepage://guide', 'samepage://guide', {}],
    ['samepage://guide', 'samepage://guides', undefined],
  ])('%s and %s', (template, uri, params) => {
    expect(matchUri(template, uri)).toEqual(params);
  });
});

describe('markOutside', () => {
  it('marks what the schema marks, wherever it stands, and nothing else', () => {
    const schema = z.strictObject({
      ours: z.string(),
      name: outsideText.nullable(),
      list: z.array(z.strictObject({ title: outsideText.optional(), id: z.string() })),
      fields: z.record(z.string(), outsideValue),
    });
    const output = { ours: 'a', name: 'b', list: [{ title: 'c', id: 'd' }, { id: 'e' }], fields: { f: 'g', h: ['i', { j: 'k' }], l: 1 } };
    expect(markOutside(output, jsonSchemaOf(schema, 'output'))).toEqual({
      any: true,
      marked: {
        ours: 'a',
        name: '«b»',
        list: [{ title: '«c»', id: 'd' }, { id: 'e' }],
        fields: { f: '«g»', h: ['«i»', { j: '«k»' }], l: 1 },
      },
    });
    expect(markOutside({ ours: 'a', name: null, list: [], fields: {} }, jsonSchemaOf(schema, 'output')).any).toBe(false);
  });
});

describe('estimateTokens', () => {
  it('counts four plain characters, and each other one, as a token', () => {
    expect(estimateTokens('abcdefgh')).toBe(2);
    expect(estimateTokens('日本')).toBe(2);
  });
});
