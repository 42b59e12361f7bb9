import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { checkReferences, type World } from '../../src/definitions/core/check-references.ts';
import { type DefinitionKind, parseDefinition } from '../../src/definitions/core/definition.ts';
import { labelsOf } from '../../src/definitions/core/sentence.ts';
import { summarise } from '../../src/definitions/core/summary.ts';
import { shippedDefinitions, shippedWorld } from '../../src/definitions/shipped.ts';

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
    { seed: 20261122, numRuns: 3000 },
  );
});
