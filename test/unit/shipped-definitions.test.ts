import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFINITION_KINDS, type DefinitionKind, parseDefinition } from '../../src/definitions/core/definition.ts';
import { keywordKey } from '../../src/definitions/core/keyword.ts';
import { appliesTo } from '../../src/definitions/core/rubric.ts';
import { labelsOf } from '../../src/definitions/core/sentence.ts';
import { summarise } from '../../src/definitions/core/summary.ts';
import { spellingsOf, type Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import { validateFiles } from '../../src/definitions/core/validate.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';

const COMPANIES = `${process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data'}/companies`;

let shipped: Record<DefinitionKind, unknown>;
let taxonomy: Taxonomy;

beforeAll(async () => {
  shipped = await shippedDefinitions();
  const parsed = parseDefinition(shipped.taxonomy);
  if (!parsed.ok || parsed.document.kind !== 'taxonomy') throw new Error('no taxonomy');
  taxonomy = parsed.document;
});

it('the seven definitions are valid together', () => {
  const files = DEFINITION_KINDS.map((kind) => ({ file: kind, text: readFileSync(`definitions/${kind}.yaml`, 'utf8') }));
  expect(validateFiles(files, {}).map((r) => [r.kind, r.problems])).toEqual(DEFINITION_KINDS.map((kind) => [kind, []]));
});

describe('the taxonomy', () => {
  it('has a vocabulary of fields for each entity, and every header means one field', () => {
    const owner = new Map<string, string>();
    for (const field of taxonomy.fields) {
      const entity = field.name.slice(0, field.name.indexOf('.'));
      for (const [system, headers] of Object.entries(field.aliases ?? {})) {
        for (const header of headers ?? []) {
          const key = `${entity} ${system} ${keywordKey(header)}`;
          expect(owner.get(key) ?? field.name, `${system} header "${header}"`).toBe(field.name);
          owner.set(key, field.name);
        }
      }
    }
    for (const entity of ['account', 'person', 'opportunity']) {
      expect(taxonomy.fields.filter((f) => f.name.startsWith(`${entity}.`)).length).toBeGreaterThan(15);
    }
  });

  it('maps lifecycle stages and lead sources as it declares them', () => {
    const valuesOf = (name: string) => Object.keys(taxonomy.fields.find((f) => f.name === name)?.values ?? {});
    expect(valuesOf('person.lead_source')).toEqual(taxonomy.lead_sources.map((s) => s.id));
    expect(valuesOf('person.lifecycle_stage')).toEqual(taxonomy.lifecycle.map((s) => s.id));
  });

  it('has a lead source for each value of the CRMs, and the fields read it so', () => {
    for (const name of ['account.lead_source', 'person.lead_source', 'opportunity.lead_source']) {
      const values = taxonomy.fields.find((f) => f.name === name)?.values ?? {};
      const meaning = new Map(
        Object.entries(values).flatMap(([id, words]) => [[id, id], ...words.map((word) => [keywordKey(word), id])] as [string, string][]),
      );
      for (const source of taxonomy.lead_sources)
        for (const [, word] of spellingsOf(source)) expect(meaning.get(keywordKey(word)), `${name}: ${word}`).toBe(source.id);
    }
  });

  it('has the rejection codes, each with an owner and a fate', () => {
    expect(taxonomy.rejection_codes).toHaveLength(16);
    expect(taxonomy.rejection_codes.filter((code) => code.needs_attempts === true).map((code) => code.code)).toEqual(['ENG-01']);
  });
});

it('the rubric uses every form, for leads and accounts', () => {
  const parsed = parseDefinition(shipped.rubric);
  if (!parsed.ok || parsed.document.kind !== 'rubric') throw new Error('no rubric');
  const { criteria } = parsed.document;
  for (const form of ['when', 'bands', 'events', 'signal', 'missing'] as const) {
    expect(
      criteria.some((c) => c[form] !== undefined),
      form,
    ).toBe(true);
  }
  expect(criteria.length).toBeLessThanOrEqual(21);
  expect(criteria.filter((c) => !appliesTo(c, 'account')).map((c) => c.group)).toEqual(['persona', 'persona', 'persona']);
});

it('every definition reads as sentences', () => {
  for (const document of Object.values(shipped)) {
    const parsed = parseDefinition(document);
    if (!parsed.ok) throw new Error('invalid');
    const sections = summarise(parsed.document, labelsOf(taxonomy), taxonomy.rejection_codes);
    expect(sections.length).toBeGreaterThan(0);
    for (const { heading, lines } of sections) {
      expect(heading).not.toBe('');
      for (const line of lines) expect(line).not.toMatch(/undefined|\[object|NaN/);
    }
  }
});

describe.skipIf(!existsSync(COMPANIES))(`on ${COMPANIES} (skipped where that is absent)`, () => {
  const rows = (file: string) =>
    readFileSync(`${COMPANIES}/${file}.jsonl`, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it.each([
    ['financedb', 'industry', 1],
    ['sp500', 'sub_industry', 1],
    ['wikipedia_yago', 'industry', 0.95],
  ] as const)('the industries of %s (%s) are in the vocabulary', (file, key, share) => {
    const values = taxonomy.fields.find((f) => f.name === 'account.industry')?.values ?? {};
    const known = new Set(Object.entries(values).flatMap(([value, spellings]) => [value, ...spellings.map(keywordKey)]));
    const given = rows(file).flatMap((row) => (typeof row[key] === 'string' ? [row[key]] : []));
    expect(given.filter((value) => known.has(keywordKey(value))).length / given.length).toBeGreaterThanOrEqual(share);
  });

  it.each(['financedb', 'sec', 'sp500', 'wikipedia_yago', 'datenanfragen', 'remoteintech', 'hww'])(
    'most columns of %s mean a field',
    (file) => {
      const headers = new Set(
        taxonomy.fields.filter((f) => f.name.startsWith('account.')).flatMap((f) => f.aliases?.generic?.map(keywordKey) ?? []),
      );
      const columns = new Set(rows(file).flatMap((row) => Object.keys(row)));
      const mapped = [...columns].filter((column) => headers.has(keywordKey(column)));
      expect(mapped).toEqual(expect.arrayContaining(['domain', 'name']));
      expect(mapped.length / columns.size).toBeGreaterThanOrEqual(0.6);
    },
  );
});
