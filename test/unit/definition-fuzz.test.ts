import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkReferences, type World } from '../../src/definitions/core/check-references.ts';
import { type DefinitionKind, parseDefinition } from '../../src/definitions/core/definition.ts';
import { labelsOf } from '../../src/definitions/core/sentence.ts';
import { summarise } from '../../src/definitions/core/summary.ts';
import { type FileReport, validateFiles } from '../../src/definitions/core/validate.ts';
import { shippedDefinitions, shippedWorld } from '../../src/definitions/shipped.ts';
import { SMALL, small, smallWorld } from '../support/small-definitions.ts';

/** Some eighty documents of each kind to a property. */
const RUNS = 560;

let shipped: Record<DefinitionKind, unknown>;
let world: World;

beforeAll(async () => {
  shipped = await shippedDefinitions();
  world = await shippedWorld();
});

interface Slip {
  /** Where: each number picks one of the members at its level. */
  way: number[];
  what: 'drop' | 'replace' | 'rename' | 'repeat';
  by: unknown;
}

const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>('constructor', '__proto__', 'account.industry', 'meeting', 'hiring', '', -1, 1.5, null, [], {}, [null], {
    field: 3,
  }),
);
const slip: fc.Arbitrary<Slip> = fc.record({
  way: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
  what: fc.constantFrom('drop', 'replace', 'replace', 'rename', 'repeat'),
  by: junk,
});

function damage(document: unknown, { way, what, by }: Slip): void {
  let holder = document as Record<string, unknown>;
  for (const [depth, pick] of way.entries()) {
    const keys = Object.keys(holder);
    const key = keys[pick % Math.max(1, keys.length)];
    if (key === undefined) return;
    const next = holder[key];
    if (depth < way.length - 1 && typeof next === 'object' && next !== null) {
      holder = next as Record<string, unknown>;
      continue;
    }
    if (what === 'drop' && Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (what === 'drop') delete holder[key];
    else if (what === 'replace') holder[key] = by;
    else if (what === 'rename') holder[`${key}x`] = next;
    else if (Array.isArray(holder)) holder.push(structuredClone(next));
    return;
  }
}

it('a damaged document is told apart from a good one, whatever the damage, and nothing throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(shipped)), fc.array(slip, { minLength: 1, maxLength: 4 }), (kind, slips) => {
      const document = structuredClone(shipped[kind as DefinitionKind]);
      for (const one of slips) damage(document, one);
      const parsed = parseDefinition(document);
      const found = parsed.kind === undefined ? [] : checkReferences(parsed.kind, parsed.ok ? parsed.document : parsed.rest, world);
      for (const { path, message } of [...(parsed.ok ? [] : parsed.problems), ...found]) {
        expect(Array.isArray(path)).toBe(true);
        expect(message).not.toMatch(/undefined|\[object/);
      }
      if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      else summarise(parsed.document, labelsOf(world.taxonomy), world.taxonomy?.rejection_codes ?? []);
    }),
    { seed: 20261122, numRuns: RUNS },
  );
});

describe('the file of a damaged document', () => {
  const kinds = fc.constantFrom(...(Object.keys(SMALL) as DefinitionKind[]));
  const around = smallWorld();

  /** Good with a hash, or refused with problems that each have a path, a place in the file and a message. */
  function expectTold(text: string): FileReport {
    const [report] = validateFiles([{ file: 'x', text }], around);
    if (report === undefined) throw new Error('a file has a report');
    const lines = text.split('\n').length;
    expect(report.hash === undefined).toBe(report.problems.length > 0);
    for (const { path, line, column, message } of report.problems) {
      expect(path).not.toBe('');
      expect(message).not.toMatch(/^$|undefined|\[object/);
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    return report;
  }

  it('is refused with a path and a line, or good', () => {
    const seen = { good: 0, refused: 0 };
    fc.assert(
      fc.property(kinds, fc.array(slip, { minLength: 1, maxLength: 3 }), (kind, slips) => {
        const document = small(kind);
        for (const one of slips) damage(document, one);
        seen[expectTold(stringify(document)).hash === undefined ? 'refused' : 'good'] += 1;
      }),
      { seed: 20261122, numRuns: RUNS },
    );
    expect(Math.min(seen.good, seen.refused)).toBeGreaterThan(50);
  });

  it('and so is one whose text was cut and patched', () => {
    const cut = fc.record({
      at: fc.nat(),
      gone: fc.nat(12),
      put: fc.constantFrom('', ' ', ':', '- ', '"', "'", '\n', '&a ', '*a', '{', ']', '#', 'x', '7'),
    });
    fc.assert(
      fc.property(kinds, fc.array(cut, { minLength: 1, maxLength: 3 }), (kind, cuts) => {
        expectTold(
          cuts.reduce(
            (text, { at, gone, put }) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + gone),
            SMALL[kind],
          ),
        );
      }),
      { seed: 20261122, numRuns: RUNS },
    );
  });
});
