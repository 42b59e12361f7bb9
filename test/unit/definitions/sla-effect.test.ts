import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKind } from '../../../src/definitions/core/definition.ts';
import { labelsOf } from '../../../src/definitions/core/sentence.ts';
import type { Sla } from '../../../src/definitions/core/sla.ts';
import { clockChanges, clockChangeText } from '../../../src/definitions/core/sla-effect.ts';
import { edited } from '../../support/edit-document.ts';
import { small, smallWorld } from '../../support/small-definitions.ts';

const SOURCES = ['website', 'referral', 'event'];
const labels = labelsOf(smallWorld().taxonomy);

function sla(...edits: [string, unknown][]): Sla {
  const parsed = parseKind(
    'sla',
    edits.reduce((document, [path, value]) => edited(document, path, value), small('sla')),
  );
  if (!parsed.ok || parsed.document.kind !== 'sla') throw new Error(JSON.stringify(parsed));
  return parsed.document;
}

const lines = (before: Sla, after: Sla) => clockChanges(before, after, { sources: SOURCES, labels }).map(clockChangeText);

describe('the clocks that another SLA would change', () => {
  it('none for the same, nor for what is no clock', () => {
    expect(lines(sla(), sla(['near_breach_percent', 70], ['clocks.0.label', 'Touch'], ['follow_up.within_business_days', 9]))).toEqual([]);
  });

  it.each([
    ['a shorter promise', [['clocks.1.within', { hours: 24 }]], ['decision: 48 hours → 24 hours']],
    [
      'one that an exception stands before',
      [['clocks.0.within', { hours: 2 }]],
      [
        'touch (website): 4 business hours → 2 business hours',
        'touch (referral, tier B): 4 business hours → 2 business hours',
        'touch (referral, tier C): 4 business hours → 2 business hours',
        'touch (event): 4 business hours → 2 business hours',
      ],
    ],
    [
      'an exception of a source in a tier',
      [['clocks.0.exceptions.1.within', { minutes: 30 }]],
      ['touch (referral, tier A): 1 hour → 30 minutes'],
    ],
    [
      'an exception of a tier',
      [['clocks.1.exceptions', [{ id: 'best', tiers: ['A'], within: { days: 1 } }]]],
      ['decision (tier A): 48 hours → 1 day'],
    ],
    [
      'an exception of a source',
      [['clocks.1.exceptions', [{ id: 'warm', sources: ['referral'], within: { days: 1 }, business: true }]]],
      ['decision (referral): 48 hours → 1 business day'],
    ],
    [
      'an exception with a condition',
      [['clocks.0.exceptions.0.within', { minutes: 5 }]],
      ['touch (when target is yes): 10 business minutes → 5 business minutes'],
    ],
    [
      'another condition',
      [['clocks.0.exceptions.0.when', { field: 'account.size', range: { min: 500 } }]],
      [
        'touch (when target is yes): 10 business minutes → no such rule',
        'touch (when size is 500 or more): no such rule → 10 business minutes',
      ],
    ],
    [
      'other hours',
      [
        ['calendars.berlin.hours', { tuesday: [['08:00', '18:00']] }],
        ['clocks.0.exceptions', undefined],
      ],
      [
        'touch (referral, tier A): 1 hour → 4 business hours',
        ...['touch (website)', 'touch (referral, tier B)', 'touch (referral, tier C)', 'touch (event)'].map(
          (leads) =>
            `${leads}: 4 business hours from hand off to first touch in Europe/Berlin, 8 hours a week, 0 holidays → 4 business hours from hand off to first touch in Europe/Berlin, 10 hours a week, 0 holidays`,
        ),
        'touch (when target is yes): 10 business minutes → no such rule',
      ],
    ],
    [
      'a clock that is gone',
      [['clocks.1', { ...sla().clocks[0], id: 'other', exceptions: undefined, calendar: undefined }]],
      ['decision: 48 hours → no clock', 'other: no clock → 4 business hours'],
    ],
    [
      'another moment',
      [['clocks.1.to', 'acceptance']],
      ['decision: 48 hours from hand off to disposition → 48 hours from hand off to acceptance'],
    ],
  ] as [string, [string, unknown][], string[]][])('%s', (_, edits, told) => {
    expect(lines(sla(), sla(...edits)).toSorted()).toEqual(told.toSorted());
  });

  it('the rows, taken together, are the promise of each source and tier', () => {
    const exception = fc.record(
      {
        sources: fc.subarray(SOURCES, { minLength: 1 }),
        tiers: fc.subarray(['A', 'B', 'C'] as const, { minLength: 1 }),
        within: fc.integer({ min: 1, max: 3 }).map((hours) => ({ hours })),
      },
      { requiredKeys: ['sources', 'within'] },
    );
    const clock = fc.record({ within: fc.integer({ min: 1, max: 3 }), exceptions: fc.array(exception, { maxLength: 3 }) });
    const made = ({ within, exceptions }: { within: number; exceptions: object[] }) =>
      sla(['clocks.1.within', { hours: within }], ['clocks.1.exceptions', exceptions.map((one, i) => ({ id: `e${i}`, ...one }))]);
    const hours = (document: Sla, source: string, tier: string) => {
      const found = document.clocks[1]?.exceptions
        ?.filter((x) => !x.sources || x.sources.includes(source))
        .find((x) => !x.tiers || x.tiers.join().includes(tier));
      const n = (found ?? document.clocks[1])?.within.hours;
      return n === 1 ? '1 hour' : `${n} hours`;
    };
    fc.assert(
      fc.property(clock, clock, (one, other) => {
        const [before, after] = [made(one), made(other)];
        const rows = clockChanges(before, after, { sources: SOURCES, labels });
        for (const source of SOURCES)
          for (const tier of ['A', 'B', 'C']) {
            const told = rows
              .filter((row) => (row.source ?? source) === source && (row.tier ?? tier) === tier)
              .map(({ from, to }) => [from, to]);
            const [from, to] = [hours(before, source, tier), hours(after, source, tier)];
            expect(told).toEqual(from === to ? [] : [[from, to]]);
          }
      }),
      { seed: 20261122, numRuns: 120 },
    );
  });
});
