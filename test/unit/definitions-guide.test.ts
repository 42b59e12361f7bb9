import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkPredicate } from '../../src/definitions/core/check-predicate.ts';
import { predicateDocument } from '../../src/definitions/core/predicate.ts';
import { labelsOf, predicateSentence } from '../../src/definitions/core/sentence.ts';
import { FIELD_TYPES } from '../../src/definitions/core/taxonomy.ts';
import { shippedWorld } from '../../src/definitions/shipped.ts';
import { yaml } from '../support/edit-document.ts';

const GUIDE = readFileSync('docs/guide/definitions.md', 'utf8');
const rows = [...GUIDE.matchAll(/^\| `(\{ .* \})` \| (.*) \|$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''] as const);

it('the guide shows a predicate with each operator', () => {
  for (const operator of ['eq', 'in', 'in_list', 'range', 'exists', 'has', 'all', 'any', 'not', 'count', 'signal']) {
    expect(
      rows.some(([text]) => text.includes(`${operator}: `)),
      operator,
    ).toBe(true);
  }
});

it.each(rows)('the guide says rightly what %s is in English', async (text, english) => {
  const { taxonomy } = await shippedWorld();
  if (taxonomy === undefined) throw new Error('no taxonomy');
  const document = predicateDocument.parse(yaml(text));
  expect(checkPredicate(document, [], { taxonomy, entities: ['account', 'person'], lists: {} })).toEqual([]);
  expect(predicateSentence(document, labelsOf(taxonomy))).toBe(english);
});

it('the guide names every type of field', () => {
  for (const type of FIELD_TYPES) expect(GUIDE).toContain(`\`${type}\``);
});
