import { describe, expect, test } from 'vitest';
import { conflictsWith } from '../../src/accounts/core/conflicts.ts';
import type { Fact } from '../../src/accounts/read-facts.ts';
import { withFindings } from '../../src/accounts/with-findings.ts';
import { shippedWorld } from '../../src/definitions/shipped.ts';
import type { Finding } from '../../src/enrichment/findings.ts';

const CITY = 'account.city';
const fact = (given: Partial<Fact>): Fact => ({
  field: CITY,
  label: 'City',
  value: 'Arlington',
  source: 'enrichment',
  observed_at: '2026-03-01T00:00:00.000Z',
  age_days: 1,
  other_values: [],
  ...given,
});
const finding: Finding = {
  field: CITY,
  value: 'Arlington',
  confidence: 0.8,
  written: true,
  providers: ['register'],
  otherValues: [{ value: 'Chicago', confidence: 0.1, providers: ['old list'] }],
  observedAt: new Date('2026-03-01T00:00:00.000Z'),
};
const other = (value: string, source: string, expired = false) => ({ value, source, observed_at: '2026-02-01T00:00:00.000Z', expired });

describe('conflicts', () => {
  test('spelling contradicts nobody, and who says the same stands together', () => {
    const told = [
      { value: 'SAINT LOUIS', sources: ['a'] },
      { value: 'Munich', sources: ['b'] },
      { value: 'München', sources: ['c', 'b'], confidence: 0.2 },
    ];
    expect(conflictsWith(CITY, 'St. Louis', told)).toEqual([{ value: 'Munich', sources: ['b', 'c'], confidence: 0.2 }]);
    expect(conflictsWith('account.name', 'Acme, Inc.', [{ value: 'ACME', sources: ['a'] }])).toEqual([]);
    expect(conflictsWith('account.technologies', ['b', 'a'], [{ value: ['a', 'b'], sources: ['a'] }])).toEqual([]);
  });

  test('an enriched fact names its providers; what enrichment wrote before contradicts nothing, what is over neither', async () => {
    const { taxonomy } = await shippedWorld();
    if (taxonomy === undefined) throw new Error('there is no taxonomy');
    const others = [other('Boston', 'enrichment'), other('Seattle', 'web'), other('Austin', 'hubspot', true)];
    const { facts, undecided } = withFindings([fact({ other_values: others })], new Map([[CITY, finding]]), taxonomy);
    expect(facts).toMatchObject([
      {
        confidence: 0.8,
        providers: ['register'],
        conflicts: [
          { value: 'Seattle', sources: ['web'] },
          { value: 'Chicago', sources: ['old list'], confidence: 0.1 },
        ],
      },
    ]);
    expect(undecided).toEqual([]);
    // below the CRM the finding is one of those that contradict
    const crm = withFindings(
      [fact({ value: 'Boston', source: 'salesforce', other_values: [other('Arlington', 'enrichment')] })],
      new Map([[CITY, finding]]),
      taxonomy,
    );
    expect(crm.facts[0]?.conflicts.map(({ value, sources }) => [value, ...sources])).toEqual([
      ['Arlington', 'register'],
      ['Chicago', 'old list'],
    ]);
    expect(crm.facts[0]).not.toHaveProperty('confidence');
  });

  test('a field without a fact is undecided while somebody has said something of it', async () => {
    const { taxonomy } = await shippedWorld();
    if (taxonomy === undefined) throw new Error('there is no taxonomy');
    const { undecided } = withFindings([], new Map([[CITY, { ...finding, written: false, confidence: 0.4 }]]), taxonomy);
    expect(undecided).toMatchObject([
      { field: CITY, values: [{ value: 'Arlington', sources: ['register'], confidence: 0.4 }, { value: 'Chicago' }] },
    ]);
  });
});
