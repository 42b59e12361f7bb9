import type { Share } from '../../playbook/core/rate-difference.ts';
import { compareWonRates } from '../../playbook/core/won-rates.ts';
import { driftOf } from './drift.ts';
import type { Pair, Rejections, StageTime, TierShares, TouchBand, TouchSpeed } from './performance.ts';
import { countIn, type LeadRow, partOf, valuesOf } from './performance-rows.ts';
import { type Histogram, quantilesOf, rateOf } from './performance-statistics.ts';
import { LEAD_STAGES } from './performance-windows.ts';

/** Bands of the first touch in the order of `TOUCH_STEPS`, then those that nobody touched. */
const BANDS = ['under 5 minutes', '5 minutes to 1 hour', '1 to 4 hours', '4 to 24 hours', '1 to 3 days', '3 days and more'];
const UNTOUCHED = 'not touched yet';
/** The bands below the hour. */
const WITHIN_HOUR = 2;

/** Both months of something that is counted for one. */
export function pairOf<T>(of: (span: 'this' | 'before') => T): Pair<T> {
  return { this: of('this'), before: of('before') };
}

type Decided = Extract<LeadRow, { part: 'decided' }>;

/** Of the hand-offs decided on in a month, the share rejected. One that was only sent to another owner is none. */
export function rejectionsOf(rows: readonly LeadRow[], sentOn: ReadonlySet<string>): Rejections {
  const decided = partOf(rows, 'decided').filter(({ kept, code }) => kept || !sentOn.has(code ?? ''));
  const rate = (of: (row: Decided) => boolean) =>
    pairOf((span) => rateOf({ hits: countIn(decided, span, (row) => of(row) && !row.kept), of: countIn(decided, span, of) }));
  return {
    ...rate(() => true),
    by_source: valuesOf(decided.map(({ source }) => source)).map((source) => ({ source, ...rate((row) => row.source === source) })),
    by_tier: valuesOf(decided.map(({ tier }) => tier)).map((tier) => ({ tier, ...rate((row) => row.tier === tier) })),
  };
}

/** The tiers of those handed off, and how far they lie from those of the month before. */
export function tiersOf(rows: readonly LeadRow[]): TierShares {
  const handed = partOf(rows, 'handed');
  const all = pairOf((span) => countIn(handed, span));
  const tiers = valuesOf(handed.map(({ tier }) => tier));
  const shares = tiers.map((tier) => ({
    tier,
    ...pairOf((span) => rateOf({ hits: countIn(handed, span, (row) => row.tier === tier), of: all[span] })),
  }));
  const drift = driftOf(
    { name: 'tier', label: 'Tier' },
    shares.map(({ before }) => before.hits),
    shares.map(({ this: now }) => now.hits),
  );
  return { shares, index: drift === null ? null : Math.round(drift.psi * 1000) / 1000, verdict: drift?.verdict ?? null };
}

/** How soon leads were touched by the clock on the wall, and what became of them. */
export function speedOf(rows: readonly LeadRow[], sentOn: ReadonlySet<string>): TouchSpeed {
  const all = partOf(rows, 'speed');
  const now = all.filter(({ span }) => span === 'this');
  const sum = (part: typeof all, of: (row: (typeof all)[number]) => number) => part.reduce((total, row) => total + of(row), 0);
  const accepted = (part: typeof all): Share => ({
    hits: sum(part, ({ kept }) => kept),
    // with a code it was rejected, or sent on; without one it was kept, or not decided on
    of: sum(part, ({ kept, n, code }) => (code === null ? kept : sentOn.has(code) ? 0 : n)),
  });
  const bands = [...BANDS.keys(), null].map((band): TouchBand => {
    const part = now.filter((row) => row.band === band);
    const n = sum(part, (row) => row.n);
    return {
      band: band === null ? UNTOUCHED : (BANDS[band] ?? ''),
      n,
      accepted: rateOf(accepted(part)),
      opportunity: rateOf({ hits: sum(part, ({ opportunity }) => opportunity), of: n }),
      won: rateOf({ hits: sum(part, ({ won }) => won), of: n }),
    };
  });
  const soon = ({ band }: (typeof all)[number]) => band !== null && band < WITHIN_HOUR;
  const [early, late] = [accepted(now.filter(soon)), accepted(now.filter((row) => row.band !== null && !soon(row)))];
  return {
    bands: bands.filter(({ n }) => n > 0),
    within_hour: pairOf((span) => rateOf({ hits: countIn(all, span, soon), of: countIn(all, span) })),
    hour_against_later: compareWonRates({ decided: early.of, won: early.hits }, { decided: late.of, won: late.hits }),
  };
}

/** Hours in each stage of a hand-off. @param nameOf what the taxonomy calls the stage */
export function leadTimes(rows: readonly LeadRow[], nameOf: (stage: string) => string): { time: StageTime; histograms: Pair<Histogram> }[] {
  const durations = partOf(rows, 'duration');
  return LEAD_STAGES.flatMap((stage) => {
    const own = durations.filter((row) => row.stage === stage);
    if (own.length === 0) return [];
    const histograms = pairOf((span): Histogram => own.filter((row) => row.span === span).map(({ hours, n }) => [hours, n]));
    const time = {
      of: 'hand_offs' as const,
      stage: nameOf(stage),
      unit: 'hours' as const,
      ...pairOf((span) => quantilesOf(histograms[span])),
    };
    return [{ time, histograms }];
  });
}
