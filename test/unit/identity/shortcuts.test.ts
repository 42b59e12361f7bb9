import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFamily, compareGiven, FAMILY, GIVEN } from '../../../src/identity/core/compare-names.ts';
import { sortByKey } from '../../../src/identity/core/hash.ts';
import { linkLarge } from '../../../src/identity/core/link-large.ts';
import { SmallLinkage } from '../../../src/identity/core/link-small.ts';
import type { Linkage } from '../../../src/identity/core/linkage.ts';
import { mayBeRole } from '../../../src/identity/core/may-be-role.ts';
import { NameShapes } from '../../../src/identity/core/name-shapes.ts';
import { companyKeyOf, normaliseCompany } from '../../../src/identity/core/normalise-company.ts';
import { GrowingTexts, hashesOf } from '../../../src/identity/core/texts.ts';
import { isRoleAddress } from '../../../src/records/core/role-address.ts';

const SETTINGS = { seed: 4711, numRuns: 2000 };

function packed(texts: readonly string[]) {
  const growing = new GrowingTexts();
  for (const text of texts) growing.push(text);
  return growing.packed();
}

describe('what shows at a glance', () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abcdeilmnorst'), minLength: 1, maxLength: 10 }),
    fc.constantFrom('william', 'bill', 'alexandra', 'alex', 'jo', 'mary ann', 'oneil', 'o neil', 'j'),
  );

  it('of two names is never that they differ where they are alike', () => {
    let different = 0;
    fc.assert(
      fc.property(name, name, fc.nat(9), (one, other, cut) => {
        // a slip of the first is near it, another name seldom is
        for (const b of [other, one.slice(0, cut) + one.slice(cut + 1), `${one}${other[0]}`]) {
          if (one === b || b === '') continue;
          if (new NameShapes(packed([one, b])).mayBeAlike(0, 1)) continue;
          different += 1;
          expect([compareGiven(one, b), compareFamily(one, b)]).toEqual([GIVEN.different, FAMILY.different]);
        }
      }),
      SETTINGS,
    );
    expect(different).toBeGreaterThan(SETTINGS.numRuns / 4);
  });

  it('of an address is never that it is no role where it is one', () => {
    const part = fc.oneof(
      fc.constantFrom('info', 'no', 'reply', 'sales', 'uk', 'customer', 'service', 'smith'),
      fc.stringMatching(/^[a-z]{1,4}\d?$/),
    );
    const local = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '.', '-', '_'), fc.constantFrom('', '2', '07'))
      .map(([parts, mark, end]) => parts.join(mark) + end);
    fc.assert(
      fc.property(local, (text) => {
        const bytes = new TextEncoder().encode(text);
        if (isRoleAddress(text)) expect(mayBeRole(bytes, bytes.length), text).toBe(true);
      }),
      SETTINGS,
    );
    const people = ['ann.smith', 'asmith', 'j.doe', 'marta_ruiz', 'chen07'].map((text) => new TextEncoder().encode(text));
    expect(people.filter((bytes) => mayBeRole(bytes, bytes.length))).toEqual([]);
  });

  it('the key of a company is that of its whole reading', () => {
    const word = fc.constantFrom(
      'Acme',
      'GmbH',
      'The',
      '& Co.',
      'd/b/a',
      '(UK)',
      'Inc',
      '/DE/',
      'Müller',
      '株式会社',
      'S.p.A.',
      'Holding',
      ',',
      '',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word, { maxLength: 5 }).map((words) => words.join(' ')),
          fc.string(),
        ),
        (text) => {
          expect(companyKeyOf(text)).toBe(normaliseCompany(text)?.key ?? '');
        },
      ),
      SETTINGS,
    );
  });

  it('a part of a text has the hash of that part', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 })), fc.integer({ min: -4, max: 4 }), fc.nat(5), (texts, first, length) => {
        const whole = [...hashesOf(packed(texts), first, first < 0 ? undefined : first + length)];
        expect(whole).toEqual([...hashesOf(texts, first, first < 0 ? undefined : first + length)]);
      }),
      { ...SETTINGS, numRuns: 300 },
    );
  });
});

describe('sorting by keys', () => {
  it('takes what belongs to them along, equal keys in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(5), fc.nat(0xffff_ffff))), (list) => {
        const [keys, others] = [Uint32Array.from(list), Uint32Array.from(list, (_, i) => i)];
        sortByKey(keys, others);
        const wanted = list.map((key, i) => [key, i] as const).sort(([a, i], [b, j]) => a - b || i - j);
        expect([...keys].map((key, i) => [key, others[i]])).toEqual(wanted);
      }),
      { ...SETTINGS, numRuns: 300 },
    );
  });
});

describe('the two linkages', () => {
  it('make the same clusters of a component of which all pairs are known', () => {
    const component = fc.integer({ min: 2, max: 9 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        bits: fc.array(fc.integer({ min: -9, max: 15 }), { minLength: (n * (n - 1)) / 2, maxLength: (n * (n - 1)) / 2 }),
        apart: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 2 }),
        together: fc.array(
          fc.tuple(fc.nat(n - 1), fc.nat(n - 1)).filter(([a, b]) => a !== b),
          { maxLength: 2 },
        ),
        largest: fc.integer({ min: 2, max: 9 }),
      }),
    );
    let merged = 0;
    fc.assert(
      fc.property(component, ({ n, bits, apart, together, largest }) => {
        const pairs = Array.from({ length: n }, (_, a) => Array.from({ length: n - a - 1 }, (_, k) => [a, a + 1 + k] as const)).flat();
        const edges = {
          a: Int32Array.from(pairs, ([a]) => a),
          b: Int32Array.from(pairs, ([, b]) => b),
          evidence: Float32Array.from(bits),
          length: pairs.length,
        };
        const isApart = (a: number, b: number) => apart.some(([x, y]) => (x === a && y === b) || (x === b && y === a));
        const linkage = (): Linkage => ({
          edges,
          bits: (e) => edges.evidence[e] as number,
          options: { largest, acceptBits: 2, joinBits: 0, score: () => Number.NaN, isApart },
          places: Int32Array.from({ length: n }, (_, i) => i),
          cluster: new Int32Array(n),
        });
        const records = Uint32Array.from({ length: n }, (_, i) => i);
        const found = { records, edges: Uint32Array.from(pairs, (_, e) => e), together };
        const [small, large] = [linkage(), linkage()];
        new SmallLinkage(small).link(found);
        linkLarge(found, large);
        expect([...small.cluster]).toEqual([...large.cluster]);
        merged += n - new Set(small.cluster).size;
      }),
      SETTINGS,
    );
    expect(merged).toBeGreaterThan(SETTINGS.numRuns);
  });
});
