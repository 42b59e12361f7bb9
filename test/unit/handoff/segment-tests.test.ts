import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVEL, rejectedMore, type SegmentCount } from '../../../src/handoff/core/segment-tests.ts';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { leastTail, type Margins, upperTail } from '../../../src/kernel/fisher.ts';
import { counted, drawLeads, type World } from './segment-world.ts';

describe('the exact test', () => {
  it('is the sum of the tables that are as extreme, counted in whole numbers', () => {
    const margins = fc.integer({ min: 1, max: 400 }).chain((all) => {
      const part = fc.integer({ min: 0, max: all });
      return fc.record({ all: fc.constant(all), marked: part, drawn: part });
    });
    const from = (run: Margins) => fc.integer({ min: 0, max: Math.min(run.marked, run.drawn) }).map((found) => ({ ...run, found }));
    fc.assert(
      fc.property(margins.chain(from), ({ found, ...run }) => {
        const [tail, exact] = [upperTail(run, found), enumerated(run, found)];
        expect(Math.abs(tail - exact)).toBeLessThanOrEqual(exact * 1e-10);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('keeps its digits far out, and among a million', () => {
    const far = { all: 3000, marked: 600, drawn: 500 };
    for (const found of [90, 150, 250, 400]) expect(upperTail(far, found) / enumerated(far, found)).toBeCloseTo(1, 9);
    // a fair coin's upper half, less what lies beyond the middle
    const even = { all: 1_000_000, marked: 500_000, drawn: 500_000 };
    expect(upperTail(even, 250_000) + upperTail(even, 250_001)).toBeCloseTo(1, 9);
    expect(leastTail(even)).toBe(0);
  });
});

/** The same chance from binomial coefficients as whole numbers. */
function enumerated({ all, marked, drawn }: Margins, found: number): number {
  let tail = 0n;
  for (let k = found; k <= Math.min(marked, drawn); k += 1) tail += choose(marked, k) * choose(all - marked, drawn - k);
  const digits = 10n ** 320n;
  const scaled = ((tail * digits) / choose(all, drawn)).toString();
  return Number(`${scaled}e-320`);
}

const rows = new Map<string, bigint>();
function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  const key = `${n} ${Math.min(k, n - k)}`;
  const kept = rows.get(key);
  if (kept !== undefined) return kept;
  let value = 1n;
  for (let i = 1; i <= Math.min(k, n - k); i += 1) value = (value * BigInt(n - i + 1)) / BigInt(i);
  rows.set(key, value);
  return value;
}

/** Sides that hang together, as an industry and a country do, with rare values beside common ones. */
const WORLD: World = {
  sides: { industry: 12, size: 6, country: 20, region: 8, source: 10, seniority: 7 },
  codes: { 'FIT-01': 0.08, 'FIT-02': 0.05, 'INT-01': 0.1, 'QUAL-03': 0.02, 'OWN-01': 0.04 },
};
const DRAWS = 600;

describe('without any difference', () => {
  it.each([150, 1200])('%i leads lead to a finding in no more draws than the level says', (leads) => {
    let wrong = 0;
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const { findings } = rejectedMore(counted(WORLD, drawLeads(WORLD, leads, chanceFrom(1000 + draw))));
      if (findings.length > 0) wrong += 1;
    }
    expect(wrong / DRAWS).toBeLessThanOrEqual(LEVEL);
  });

  it('a single comparison is wrong no more often, whatever its size', () => {
    for (const leads of [100, 1000]) {
      const chance = chanceFrom(leads);
      let wrong = 0;
      for (let draw = 0; draw < 4000; draw += 1) if (found(twoSegments(leads, 0.25, 0.25, chance))) wrong += 1;
      expect(wrong / 4000).toBeLessThanOrEqual(LEVEL);
    }
  });
});

describe('a planted difference', () => {
  // a segment of a fifth of the leads, a quarter of the rest rejected
  it.each([
    [200, 24.1],
    [500, 15],
    [1000, 10.4],
    [2000, 7.2],
    [5000, 4.5],
  ])('of %i leads by %f points is found in four of five draws', (leads, points) => {
    const chance = chanceFrom(leads);
    let times = 0;
    for (let draw = 0; draw < DRAWS; draw += 1) if (found(twoSegments(leads, 0.25 + points / 100, 0.25, chance))) times += 1;
    expect(times / DRAWS).toBeGreaterThanOrEqual(0.8);
  });

  it('among all others is found, and few findings are of anything else', () => {
    const planted = { side: 'industry', segment: 1, code: 'FIT-02', share: 0.3 };
    let [times, wrong, all] = [0, 0, 0];
    for (let draw = 0; draw < 60; draw += 1) {
      const { findings } = rejectedMore(counted(WORLD, drawLeads(WORLD, 3000, chanceFrom(draw), planted)));
      times += findings.some(({ side, segment, code }) => side === planted.side && segment === '1' && code === planted.code) ? 1 : 0;
      // what hangs together with the planted segment is really rejected more
      wrong += findings.filter(({ code }) => code !== planted.code).length;
      all += findings.length;
    }
    expect(times).toBe(60);
    expect(wrong / all).toBeLessThanOrEqual(LEVEL);
  });
});

describe('what is no finding', () => {
  const count = (decided: number, rejected: number, rest: SegmentCount['rest']) =>
    rejectedMore([{ code: 'FIT-01', side: 'size', segment: '1', decided, rejected, rest }]);

  it('too few leads on a side', () => {
    expect(count(29, 29, { decided: 1000, rejected: 0 })).toEqual({ findings: [], compared: 0, too_few: 1 });
    expect(count(1000, 900, { decided: 29, rejected: 0 })).toEqual({ findings: [], compared: 0, too_few: 1 });
    expect(count(30, 30, { decided: 1000, rejected: 0 }).findings).toHaveLength(1);
  });

  it('a difference too small to matter, however sure it is', () => {
    expect(count(400_000, 101_000, { decided: 600_000, rejected: 145_000 }).findings).toEqual([]);
    expect(count(400_000, 12_000, { decided: 600_000, rejected: 9_000 }).findings).toEqual([]);
  });

  it('nothing at all', () => {
    expect(rejectedMore([])).toEqual({ findings: [], compared: 0, too_few: 0 });
  });

  it('the corrected chance is never below the plain one, and grows with it', () => {
    const counts = counted(WORLD, drawLeads(WORLD, 3000, chanceFrom(3), { side: 'size', segment: 0, code: 'FIT-01', share: 0.5 }));
    const { findings } = rejectedMore(counts);
    expect(findings.length).toBeGreaterThan(0);
    for (const [i, { p, q }] of findings.entries()) {
      expect(q).toBeGreaterThanOrEqual(p);
      expect(q).toBeGreaterThanOrEqual(findings[i - 1]?.q ?? 0);
    }
  });
});

const found = (count: SegmentCount) => rejectedMore([count]).findings.length > 0;

function twoSegments(leads: number, share: number, base: number, chance: () => number): SegmentCount {
  const hits = (n: number, p: number) => Array.from({ length: n }, chance).filter((one) => one < p).length;
  const decided = leads / 5;
  const rest = leads - decided;
  return {
    code: 'FIT-01',
    side: 'size',
    segment: '1',
    decided,
    rejected: hits(decided, share),
    rest: { decided: rest, rejected: hits(rest, base) },
  };
}
