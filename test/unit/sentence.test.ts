import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, type PredicateDocument, readPredicate } from '../../src/definitions/core/predicate.ts';
import type { Criterion } from '../../src/definitions/core/rubric.ts';
import { asSentence, criterionSentence, disqualifierSentence, labelsOf, predicateSentence } from '../../src/definitions/core/sentence.ts';
import { anA, lowered, numberText, plural } from '../../src/definitions/core/words.ts';
import { predicate, rubric } from '../support/arbitraries.ts';
import { yaml } from '../support/edit-document.ts';

const PREDICATES: [string, string, string][] = [
  ['{ field: account.industry, eq: software }', 'industry is software', 'industry is not software'],
  ['{ field: account.industry, in: [software] }', 'industry is software', 'industry is not software'],
  ['{ field: account.industry, in: [software, fintech] }', 'industry is software or fintech', 'industry is none of software or fintech'],
  ['{ field: account.domain, in_list: key_accounts }', 'domain is on the list key accounts', 'domain is not on the list key accounts'],
  ['{ field: account.employees, range: { min: 50, max: 199 } }', 'between 50 and 199 employees', 'not between 50 and 199 employees'],
  ['{ field: account.employees, range: { min: 1000 } }', '1,000 or more employees', 'employees are below 1,000'],
  ['{ field: account.employees, range: { max: 4 } }', 'at most 4 employees', 'employees are above 4'],
  ['{ field: account.employees, range: { min: 7, max: 7 } }', 'employees are 7', 'employees are not 7'],
  ['{ field: account.revenue, range: { min: 0.5, max: 2 } }', 'revenue is between 0.5 and 2', 'revenue is not between 0.5 and 2'],
  ['{ field: account.renewal, range: { min: 2026-01-01 } }', 'renewal is on or after 2026-01-01', 'renewal is not on or after 2026-01-01'],
  [
    '{ field: account.renewal, range: { max: 2026-01-01 } }',
    'renewal is on or before 2026-01-01',
    'renewal is not on or before 2026-01-01',
  ],
  ['{ field: person.email, exists: true }', 'email is known', 'email is unknown'],
  ['{ field: person.email, exists: false }', 'email is unknown', 'email is known'],
  ['{ field: account.technologies, has: [aws, gcp] }', 'technologies include aws or gcp', 'technologies do not include aws or gcp'],
  ['{ field: account.stack, has: [aws] }', 'stack includes aws', 'stack does not include aws'],
  ['{ field: account.public, eq: true }', 'public is yes', 'public is not yes'],
  ['{ field: account.country, in: [us, de] }', 'country is US or DE', 'country is none of US or DE'],
  ['{ field: person.seniority, eq: c_level }', 'seniority is c level', 'seniority is not c level'],
  [
    '{ count: { types: [pricing_page], window_days: 30 }, range: { min: 3 } }',
    '3 or more pricing-page events in the last 30 days',
    'fewer than 3 pricing-page events in the last 30 days',
  ],
  [
    '{ count: { types: [pricing_page], window_days: 1 }, range: { min: 1 } }',
    'at least one pricing-page event in the last day',
    'no pricing-page events in the last day',
  ],
  [
    '{ count: { types: [a, b], window_days: 7 }, range: { max: 0 } }',
    'no events (a event or b event) in the last 7 days',
    'at least one event (a event or b event) in the last 7 days',
  ],
  [
    '{ count: { types: [a], window_days: 7 }, range: { min: 2, max: 5 } }',
    'between 2 and 5 a events in the last 7 days',
    'not between 2 and 5 a events in the last 7 days',
  ],
  [
    '{ count: { types: [a], window_days: 7 }, range: { max: 1 } }',
    'at most 1 a event in the last 7 days',
    'more than 1 a event in the last 7 days',
  ],
  [
    '{ signal: { type: funding_round, within_days: 180 } }',
    'a funding-round event in the last 180 days',
    'no funding-round event in the last 180 days',
  ],
  ['{ all: [{ field: account.a, eq: x }, { field: account.b, eq: y }] }', 'a is x and b is y', 'it does not hold that (a is x and b is y)'],
  [
    '{ all: [{ field: account.a, in: [x, z] }, { field: account.b, eq: y }] }',
    'a is x or z, and b is y',
    'it does not hold that (a is x or z, and b is y)',
  ],
  [
    '{ any: [{ field: account.a, eq: x }, { all: [{ field: account.b, eq: y }, { field: account.c, exists: true }] }] }',
    'a is x or (b is y and c is known)',
    'it does not hold that (a is x or (b is y and c is known))',
  ],
  ['{ not: { field: account.a, eq: x } }', 'a is not x', 'a is x'],
];

describe('a predicate in English', () => {
  it.each(PREDICATES)('%s: %s', (text, plain, negated) => {
    const document = yaml(text) as PredicateDocument;
    expect(predicateSentence(document)).toBe(plain);
    expect(predicateSentence({ not: document })).toBe(negated);
  });

  it('speaks in the labels of the taxonomy', () => {
    const labels = labelsOf({
      fields: [
        { name: 'account.sic', type: 'text', label: 'SIC code' },
        { name: 'account.hq', type: 'country', label: 'Head office' },
      ],
      event_types: [{ id: 'pricing_page', class: 'engagement', label: 'pricing-page visit' }],
    });
    const said = (text: string) => predicateSentence(yaml(text) as PredicateDocument, labels);
    expect(said('{ field: account.sic, eq: a_7 }')).toBe('SIC code is a_7');
    expect(said('{ field: account.hq, eq: de }')).toBe('head office is DE');
    expect(said('{ count: { types: [pricing_page], window_days: 9 }, range: { min: 2 } }')).toBe(
      '2 or more pricing-page visits in the last 9 days',
    );
  });

  it('says how many more a long list has', () => {
    const values = Array.from({ length: 25 }, (_, i) => `v${i}`);
    expect(predicateSentence({ field: 'account.a', in: values })).toMatch(/v19 or one of 5 more$/);
  });

  it('is never empty, names every field, and its negation is another sentence', () => {
    fc.assert(
      fc.property(predicate, (document) => {
        const parsed = readPredicate(document);
        const text = predicateSentence(parsed);
        expect(text.trim()).not.toBe('');
        expect(text).not.toMatch(/undefined|null|NaN|\[object/);
        for (const field of fieldsOf(parsed)) expect(text).toContain(field.slice(field.indexOf('.') + 1).replaceAll('_', ' '));
        const negated = predicateSentence({ op: 'not', of: parsed });
        expect(negated).not.toBe(text);
        expect(predicateSentence({ op: 'not', of: { op: 'not', of: parsed } })).toBe(text);
        let least = 0;
        for (let depth = 0, i = 0; i < text.length; i++) {
          depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
          least = Math.min(least, depth);
        }
        expect(least, text).toBe(0);
      }),
      { seed: 20261122, numRuns: 2000 },
    );
  });
});

const CRITERIA: [string, string][] = [
  ['{ id: c, group: g, when: { field: account.industry, eq: software }, points: 20 }', 'industry is software earns 20 points'],
  ['{ id: c, group: g, when: { field: account.industry, eq: tobacco }, points: -1 }', 'industry is tobacco loses 1 point'],
  [
    '{ id: c, group: g, when: { field: account.industry, eq: software }, points: 2, missing: 1 }',
    'industry is software earns 2 points; while that is unknown, it earns 1 point',
  ],
  [
    '{ id: c, group: g, bands: { field: account.employees, steps: [[1, 0], [50, 10], [51, 3], [200, 20]] } }',
    'between 1 and 49 employees earns nothing; 50 earns 10 points; between 51 and 199 earns 3 points; 200 or more earns 20 points',
  ],
  [
    '{ id: c, group: g, bands: { field: account.revenue, steps: [[0.5, 1], [2500000, 2]] } }',
    'revenue from 0.5 to below 2,500,000 earns 1 point; 2,500,000 or more earns 2 points',
  ],
  [
    '{ id: c, group: g, events: { types: [a, b], window_days: 60, half_life_days: 14, points: 6, cap: 18 } }',
    'each a event or b event of the last 60 days earns 6 points, half as much with every 14 days of age, at most 18 in all',
  ],
  [
    '{ id: c, group: g, events: { types: [a], window_days: 60, points: -6, cap: 18 } }',
    'each a event of the last 60 days loses 6 points, at most 18 in all',
  ],
  ['{ id: c, group: g, signal: { type: hiring, within_days: 60 }, points: 4 }', 'a hiring event in the last 60 days earns 4 points'],
];

describe('a criterion in English', () => {
  it.each(CRITERIA)('%s', (text, sentence) => {
    expect(criterionSentence(yaml(text) as Criterion)).toBe(sentence);
  });

  it('a disqualifier names its code and reason', () => {
    const disqualifier = { id: 'x', when: { field: 'account.employees', range: { max: 4 } }, reason: 'FIT-01' };
    expect(disqualifierSentence(disqualifier)).toBe('at most 4 employees disqualifies (FIT-01)');
    expect(disqualifierSentence(disqualifier, undefined, [{ code: 'FIT-01', reason: 'company too small' }])).toBe(
      'at most 4 employees disqualifies (FIT-01: company too small)',
    );
    expect(asSentence('at most 4')).toBe('At most 4.');
  });

  it('says the points of every criterion of any rubric', () => {
    fc.assert(
      fc.property(rubric, ({ criteria }) => {
        for (const criterion of criteria) {
          const text = criterionSentence(criterion);
          expect(text).toMatch(/(earns|loses) (nothing|[\d,]+ points?)/);
          expect(text).not.toMatch(/undefined|NaN/);
        }
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });
});

describe('words', () => {
  it.each([
    [1234567, '1,234,567'],
    [-1234.5, '-1,234.5'],
    [999, '999'],
    [0.000_000_1, '1e-7'],
    [1e21, '1e+21'],
  ])('%d is written %s', (n, text) => expect(numberText(n)).toBe(text));

  it.each([
    ['web visit', 'web visits'],
    ['technologies', 'technologies'],
    ['company', 'companies'],
    ['press', 'presses'],
    ['status', 'statuses'],
    ['day', 'days'],
    ['champion who moved here', 'champions who moved here'],
    ['rise in log-ins', 'rises in log-ins'],
  ])('more than one %s are %s', (one, many) => expect(plural(one)).toBe(many));

  it.each([
    ['Industry', 'industry'],
    ['SIC code', 'SIC code'],
    ['E-mail', 'e-mail'],
    ['LinkedIn page', 'LinkedIn page'],
    ['Éducation', 'éducation'],
  ])('%s inside a sentence is %s', (label, inside) => expect(lowered(label)).toBe(inside));

  it.each([
    ['event', 'an'],
    ['user', 'a'],
    ['upgrade', 'an'],
    ['unit', 'a'],
    ['web visit', 'a'],
  ] as const)('%s takes %3$s', (word, article) => expect(anA(word)).toBe(article));
});
