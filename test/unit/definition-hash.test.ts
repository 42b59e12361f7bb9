import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/definitions/core/definition.ts';
import { keywordKey } from '../../src/definitions/core/keyword.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { canonicalJson, sha256 } from '../../src/kernel/canonical-json.ts';
import { yaml } from '../support/edit-document.ts';

const SMALL = `
kind: cadence
reviews:
  - id: weekly
    label: Weekly “hand-off”
    every: week
    on: monday
    minutes: 30
    owner: revops
    attends: [revops, sales]
    agenda: [{ topic: Größe }]
`;
const SMALL_CANONICAL =
  '{"kind":"cadence","reviews":[{"agenda":[{"topic":"Größe"}],"attends":["revops","sales"],"every":"week","id":"weekly","label":"Weekly “hand-off”","minutes":30,"on":"monday","owner":"revops"}]}';

function hashOf(document: unknown): string {
  const parsed = parseDefinition(document);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.hash;
}

/** The same value with the keys of every mapping in another order. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(members)).map((key) => [key, shuffled(members[key], order)]));
}

describe('the name of a document', () => {
  it('is the sha256 of its canonical JSON', () => {
    expect(canonicalJson(yaml(SMALL))).toBe(SMALL_CANONICAL);
    expect(hashOf(yaml(SMALL))).toBe(sha256(SMALL_CANONICAL));
    // computed apart: printf '%s' '<the line above>' | sha256sum
    expect(hashOf(yaml(SMALL))).toBe('ec6aea41498b2f8af73550ee4a58926673cf8a2b200d44c5984583670347582d');
  });

  it('does not depend on comments, quotes, line ends or block style', () => {
    const other = `# a comment\r\n${JSON.stringify(yaml(SMALL), null, 3).replaceAll('\n', '\r\n')}\r\n`;
    expect(hashOf(yaml(other))).toBe(hashOf(yaml(SMALL)));
    expect(hashOf(yaml(`\uFEFF${SMALL}`))).toBe(hashOf(yaml(SMALL)));
  });

  it('depends on every value, and on the order of lists', () => {
    expect(hashOf(yaml(SMALL.replace('30', '31')))).not.toBe(hashOf(yaml(SMALL)));
    expect(hashOf(yaml(SMALL.replace('revops, sales', 'sales, revops')))).not.toBe(hashOf(yaml(SMALL)));
  });

  it('of a text with a comma more is another', () => {
    const named = (text: string) => hashOf({ ...(yaml(SMALL) as object), description: text });
    expect(named('Marketing, sales')).not.toBe(named('Marketing sales'));
    expect(named('Marketing, sales')).toBe(named('Marketing, sales'));
  });

  it('does not depend on the order of keys', async () => {
    const shipped = Object.values(await shippedDefinitions());
    fc.assert(
      fc.property(fc.constantFrom(...shipped), fc.infiniteStream(fc.nat()), (document, draws) => {
        const order = (keys: string[]) =>
          keys
            .map((key) => ({ key, rank: draws.next().value ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ key }) => key);
        expect(hashOf(shuffled(document, order))).toBe(hashOf(document));
      }),
      { seed: 20261122, numRuns: 20 },
    );
  });

  it('is of the document as it was given: parsing adds and drops nothing', async () => {
    for (const document of Object.values(await shippedDefinitions())) {
      const parsed = parseDefinition(document);
      expect(parsed).toMatchObject({ ok: true, hash: sha256(canonicalJson(document)) });
      if (parsed.ok) expect(parsed.document).toEqual(document);
    }
  });
});

describe('keywords', () => {
  it.each([
    ['Oil, Gas & Consumable Fuels', 'oil_gas_consumable_fuels'],
    ['  IT  Services ', 'it_services'],
    ['C-Level', 'c_level'],
    ['ＦＵＬＬ　width', 'full_width'],
    ['Größe', 'größe'],
    ['Cafe\u0301', 'café'],
    ['İstanbul', 'i̇stanbul'],
    ['हिन्दी', 'हिन्दी'],
    ['--- !!', ''],
    ['ﬁn_tech', 'fin_tech'],
  ])('%j is %j', (text, key) => expect(keywordKey(text)).toBe(key));

  it('a key is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const key = keywordKey(text);
        expect(keywordKey(key)).toBe(key);
        expect(key).toBe(key.normalize('NFKC').toLowerCase().normalize('NFKC'));
        expect(key).not.toMatch(/^_|_$|__|\s/);
      }),
      { seed: 20261122, numRuns: 3000 },
    );
  });
});
