import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Figure, figureKey, UNITS } from '../../../src/review/core/figures.ts';
import { periodOfKind } from '../../../src/review/core/period.ts';
import { figureText, restated } from '../../../src/review/core/restatement.ts';
import { restatementText } from '../../../src/review/core/restatement-text.ts';

const figure = (key: string, value: number | null, more: Partial<Figure> = {}): Figure => ({
  key,
  label: `label of ${key}`,
  value,
  unit: 'count',
  ...more,
});

describe('a restatement', () => {
  it('has each figure that differs, those published first, with what is between', () => {
    const published = [
      figure('a', 3),
      figure('b', 12.1, { unit: 'percent' }),
      figure('gone', 2),
      figure('c', null, { unit: 'minutes' }),
      figure('same', 7),
    ];
    const today = [
      figure('new', 1),
      figure('a', 5),
      figure('same', 7),
      figure('c', 4, { unit: 'minutes' }),
      figure('b', 12.3, { unit: 'percent' }),
    ];
    expect(restated(published, today)).toEqual({
      compared: 6,
      changed: [
        { key: 'a', label: 'label of a', unit: 'count', before: 3, now: 5, difference: 2 },
        { key: 'b', label: 'label of b', unit: 'percent', before: 12.1, now: 12.3, difference: 0.2 },
        { key: 'gone', label: 'label of gone', unit: 'count', before: 2, now: 0, difference: -2 },
        { key: 'c', label: 'label of c', unit: 'minutes', before: null, now: 4, difference: null },
        { key: 'new', label: 'label of new', unit: 'count', before: 0, now: 1, difference: 1 },
      ],
    });
  });

  it('takes a row that came without anything in it for no difference', () => {
    const row = [figure('s.handed_off', 0), figure('s.acceptance', null, { unit: 'percent' })];
    expect(restated([], row).changed).toEqual([]);
    expect(restated(row, []).changed).toEqual([]);
    const unknown = [figure('velocity.eur', null, { unit: 'amount', currency: 'eur' })];
    expect([restated([], unknown).changed, restated(unknown, []).changed]).toEqual([[], []]);
  });

  it('has also a figure that is the same, but counted of others or less surely', () => {
    const rate = (n: number, low: number, high: number) => figure('rate', 50, { unit: 'percent', n, low, high });
    const { changed } = restated([rate(4, 15, 85)], [rate(40, 35, 65)]);
    const basis = { before: { n: 4, low: 15, high: 85 }, now: { n: 40, low: 35, high: 65 } };
    expect(changed).toEqual([{ key: 'rate', label: 'label of rate', unit: 'percent', before: 50, now: 50, difference: 0, basis }]);
    const head = { version: 1, frozen_at: '', frozen_by: '', sha256: '', reasons: [] };
    expect(restatementText({ ...head, compared: 1, differ: 1, changed })).toContain(
      '| 50 % (n 4; 15 to 85) | 50 % (n 40; 35 to 65) | 0 points |',
    );
  });

  it('looks at a part alone where the caller has no more', () => {
    const published = [figure('pipeline.web', 3), figure('stage.mql', 9)];
    expect(restated(published, [figure('pipeline.web', 3)], ['pipeline.'])).toEqual({ compared: 1, changed: [] });
    // that it does not tell the interval is no difference; of how many it is counted is one
    const sum = figure('pipeline.web', -50, { n: 1, low: -148, high: 48 });
    expect(restated([sum], [figure('pipeline.web', -50)], ['pipeline.']).changed).toEqual([]);
    expect(restated([sum], [figure('pipeline.web', -50, { n: 1 })], ['pipeline.']).changed).toEqual([]);
    expect(restated([sum], [figure('pipeline.web', -50, { n: 2 })], ['pipeline.']).changed).toMatchObject([
      { difference: 0, basis: { before: { n: 1 }, now: { n: 2 } } },
    ]);
    expect(restated([sum], [figure('pipeline.web', -50)]).changed).toHaveLength(1);
  });

  it('does not hold what a later version counts against a month that was frozen without it', () => {
    const today = [figure('stage.mql', 9), figure('scored.account.count', 3), figure('scored.account.moved', 1)];
    expect(restated([figure('stage.mql', 9)], today)).toEqual({ compared: 1, changed: [] });
    const { compared, changed } = restated([figure('stage.mql', 9), figure('scored.account.count', 0)], today);
    expect([compared, changed.map(({ key }) => key)]).toEqual([3, ['scored.account.count', 'scored.account.moved']]);
  });

  it('says where there is none, and otherwise what is restated and why', () => {
    const head = { version: 2, frozen_at: '2026-03-02T09:00:00.000Z', frozen_by: 'x', sha256: '' };
    expect(restatementText({ ...head, compared: 3, differ: 0, changed: [], reasons: [] })).toBe(
      'It is frozen: version 2, published 2026-03-02T09:00:00.000Z. All 3 figures are the same today.',
    );
    expect(restatementText({ ...head, compared: 0, differ: 0, changed: [], reasons: [] })).toContain(
      'There was none of these figures in it',
    );
    const changed = [{ key: 'a', label: 'won', unit: 'amount', currency: 'EUR', before: 1200, now: 1150.5, difference: -49.5 }] as const;
    const told = restatementText(
      { ...head, compared: 3, differ: 2, changed: [...changed], reasons: [{ reason: 'program', count: 1, says: 'because' }] },
      (label) => `«${label}»`,
    );
    expect(told).toContain('2 of 3 figures are otherwise today; the first 1:');
    expect(told).toContain('| «won» | 1,200 EUR | 1,150.5 EUR | -49.5 EUR |');
    expect(told).toContain('- because');
  });

  it('of a run against itself is none, whatever the order', () => {
    const figures = fc.uniqueArray(
      fc.record({
        key: fc.string(),
        label: fc.string(),
        unit: fc.constantFrom(...UNITS),
        value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      }),
      { selector: ({ key }) => key },
    );
    fc.assert(
      fc.property(figures, (some) => {
        expect(restated(some, [...some].reverse()).changed).toEqual([]);
      }),
      { seed: 8, numRuns: 50 },
    );
  });
});

describe('a figure', () => {
  it('has a key of its own, whatever its source is called', () => {
    const parts = fc.array(fc.option(fc.string()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(figureKey(...a) === figureKey(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      {
        seed: 8,
        numRuns: 300,
        examples: [
          [['a.b'], ['a', 'b']],
          [[null], ['~']],
          [['%7E'], ['~']],
          [[''], [null]],
        ],
      },
    );
  });

  it('is told with its unit', () => {
    expect(figureText(null, { unit: 'count' })).toBe('–');
    expect(figureText(12_000, { unit: 'count' })).toBe('12,000');
    expect(figureText(12.5, { unit: 'percent' })).toBe('12.5 %');
    expect(figureText(90, { unit: 'minutes' })).toBe('90 minutes');
    expect(figureText(1, { unit: 'amount' })).toBe('1 of no currency');
  });
});

describe('a published review', () => {
  it('is of a week, a month or a quarter, and of no other days', () => {
    expect(periodOfKind('weekly', '2026-W47')?.name).toBe('2026-W47');
    expect(periodOfKind('monthly', '2026-11')?.name).toBe('2026-11');
    expect(periodOfKind('quarterly', '2026-Q4')?.name).toBe('2026-Q4');
    for (const name of ['2026-11', '2026-Q4', '2026-11-01..2026-11-30']) expect(periodOfKind('weekly', name)).toBeUndefined();
  });
});
