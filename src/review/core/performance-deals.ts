import type { CreditedRow } from '../../attribution/core/credited-row.ts';
import { compareWonRates } from '../../playbook/core/won-rates.ts';
import type { CreditedSource, Money, Pair, Pipeline, StageTime, Velocity, WonRates } from './performance.ts';
import { pairOf } from './performance-leads.ts';
import { countIn, type DealRow, partOf, valuesOf } from './performance-rows.ts';
import { type Histogram, quantilesOf, rateOf } from './performance-statistics.ts';

/** Sums of the deals of one month in one currency, as they are read. */
export interface DealSums {
  n: number;
  priced: number;
  /** Hundredths, and their squares. */
  cents: bigint;
  squares: bigint;
}

const Z = 1.959964;
const NONE: DealSums = { n: 0, priced: 0, cents: 0n, squares: 0n };
type Closed = Extract<DealRow, { part: 'closed' }>;

function added(rows: readonly DealSums[]): DealSums {
  return rows.reduce(
    (sum, row) => ({
      n: sum.n + row.n,
      priced: sum.priced + row.priced,
      cents: sum.cents + row.cents,
      squares: sum.squares + row.squares,
    }),
    NONE,
  );
}

/** Whole units of a currency, to the hundredth. */
export const units = (cents: bigint | number) => Math.round(Number(cents)) / 100;

/** The error of a sum of a Poisson number of amounts is the root of the sum of their squares. */
export const errorOf = ({ squares }: DealSums) => Math.sqrt(Number(squares));

function moneyOf(currency: string | null, sums: DealSums): Money {
  const { n, priced, cents } = sums;
  const bound = (side: number) => {
    const value = Number(cents) + side * Z * errorOf(sums);
    return priced === 0 ? null : units(cents >= 0n ? Math.max(0, value) : value);
  };
  return { currency, deals: n, unpriced: n - priced, amount: units(cents), low: bound(-1), high: bound(1) };
}

/** The deals created and won of both months, by currency, as they are compared. */
export function dealSums(rows: readonly DealRow[], conversion: Pipeline['conversion']): (Pair<DealSums> & { currency: string | null })[] {
  const all: (DealSums & { span: string; currency: string | null })[] =
    conversion === 'opportunity_created' ? partOf(rows, 'created') : partOf(rows, 'closed').filter(({ won }) => won);
  const seen = all.filter(({ span }) => span === 'this' || span === 'before');
  return valuesOf(seen.map(({ currency }) => currency)).map((currency) => ({
    currency,
    ...pairOf((span) => added(seen.filter((row) => row.span === span && row.currency === currency))),
  }));
}

/** Pipeline created or won: totals by currency, and what the attribution credits to each source. */
export function pipelineOf(rows: readonly DealRow[], conversion: Pipeline['conversion'], credited: Pair<readonly CreditedRow[]>): Pipeline {
  const sources = new Map<string, CreditedSource>();
  for (const span of ['this', 'before'] as const)
    for (const { source = null, untouched, currency, millionths, cents } of credited[span]) {
      const key = JSON.stringify([currency, untouched, source]);
      const one = sources.get(key) ?? { source, untouched, currency, deals: { this: 0, before: 0 }, amount: { this: 0, before: 0 } };
      sources.set(key, one);
      one.deals[span] = Math.round(millionths / 10_000) / 100;
      one.amount[span] = units(cents);
    }
  return {
    conversion,
    totals: dealSums(rows, conversion).map(({ currency, ...sums }) => ({ currency, ...pairOf((span) => moneyOf(currency, sums[span])) })),
    sources: [...sources]
      .sort(([a, x], [b, y]) => byCurrency(x, y) || y.amount.this - x.amount.this || y.deals.this - x.deals.this || order(a, b))
      .map(([, one]) => one),
  };
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byCurrency = (a: CreditedSource, b: CreditedSource) => order(a.currency ?? '\uffff', b.currency ?? '\uffff');

/** Of the deals closed in a month the share won; by the tier that the account had when the deal was opened, over a year. */
export function wonRatesOf(rows: readonly DealRow[]): WonRates {
  const closed = partOf(rows, 'closed');
  const count = (spans: readonly string[], of: (row: Closed) => boolean) => spans.reduce((sum, span) => sum + countIn(closed, span, of), 0);
  const share = (spans: readonly string[], of: (row: Closed) => boolean) => ({
    hits: count(spans, (row) => row.won && of(row)),
    of: count(spans, of),
  });
  const every = ['this', 'before', 'earlier'];
  const any = () => true;
  const [a, rest] = [share(every, ({ tier }) => tier === 'A'), share(every, ({ tier }) => tier !== 'A' && tier !== null)];
  const scored = (span: string) => count([span], ({ won, tier }) => won && tier !== null);
  return {
    ...pairOf((span) => rateOf(share([span], any))),
    year: rateOf(share(every, any)),
    by_tier: valuesOf(closed.map(({ tier }) => tier)).map((tier) => ({
      tier,
      this: rateOf(share(['this'], (row) => row.tier === tier)),
      year: rateOf(share(every, (row) => row.tier === tier)),
    })),
    a_against_rest: compareWonRates({ decided: a.of, won: a.hits }, { decided: rest.of, won: rest.hits }),
    outside_a: pairOf((span) => rateOf({ hits: count([span], ({ won, tier }) => won && tier !== null && tier !== 'A'), of: scored(span) })),
  };
}

/** Sales velocity by currency: its interval is of the product's logarithm, by the delta method. */
export function velocityOf(rows: readonly DealRow[]): Velocity[] {
  const [closed, open] = [partOf(rows, 'closed'), partOf(rows, 'open')];
  return valuesOf([...closed.filter(({ span }) => span !== 'earlier'), ...open].map(({ currency }) => currency)).map((currency) => {
    const { before, this: now } = pairOf((span) => {
      const own = closed.filter((row) => row.span === span && row.currency === currency);
      return speedOfMonth(
        own,
        countIn(open, span, (row) => row.currency === currency),
      );
    });
    return { currency, ...now, before: before.per_day };
  });
}

function speedOfMonth(closed: readonly Closed[], open: number): Omit<Velocity, 'currency' | 'before'> {
  const won = closed.filter((row) => row.won);
  const total = (key: 'c' | 'cc' | 'd' | 'dd' | 'cd') => won.reduce((sum, row) => sum + row[key], 0n);
  const n = won.reduce((sum, { courses }) => sum + courses, 0);
  const count = (of: readonly Closed[]) => of.reduce((sum, row) => sum + row.n, 0);
  const win_rate = rateOf({ hits: count(won), of: count(closed) });
  const [c, d] = [total('c'), total('d')];
  const base = { open, win_rate, n, mean_amount: n === 0 ? null : units(Number(c) / n), mean_days: n === 0 ? null : tenths(Number(d) / n) };
  if (n === 0 || d === 0n) return { ...base, per_day: null, low: null, high: null };
  const rate = win_rate.hits / win_rate.of;
  const value = (open * rate * Number(c)) / Number(d);
  if (n < 2 || c === 0n || open === 0) return { ...base, per_day: units(value), low: null, high: null };
  // relative variances of the two means and what they have in common, exact up to the division
  const count_ = BigInt(n);
  const spread = (squares: bigint, x: bigint, y: bigint) => Number(count_ * squares - x * y) / (Number(x) * Number(y)) / (n - 1);
  const variance =
    (1 - rate) / (rate * win_rate.of) + spread(total('cc'), c, c) + spread(total('dd'), d, d) - 2 * spread(total('cd'), c, d);
  const factor = Math.exp(Z * Math.sqrt(Math.max(0, variance)));
  return { ...base, per_day: units(value), low: units(value / factor), high: units(value * factor) };
}

const tenths = (value: number) => Math.round(value * 10) / 10;

/** Days from opened to won and to lost, and in each stage that the CRM had a deal in. */
export function dealTimes(rows: readonly DealRow[]): { time: StageTime; histograms: Pair<Histogram> }[] {
  const all = [
    ...partOf(rows, 'cycle').map(({ won, ...row }) => ({ ...row, of: 'course' as const, stage: won ? 'won' : 'lost' })),
    ...partOf(rows, 'stage').map((row) => ({ ...row, of: 'deals' as const })),
  ];
  return (['deals', 'course'] as const).flatMap((of) =>
    valuesOf(all.filter((row) => row.of === of).map(({ stage }) => stage)).map((stage) => {
      const own = all.filter((row) => row.of === of && row.stage === stage);
      const histograms = pairOf((span): Histogram => own.filter((row) => row.span === span).map(({ days, n }) => [days, n]));
      return { time: { of, stage: stage ?? '', unit: 'days' as const, ...pairOf((span) => quantilesOf(histograms[span])) }, histograms };
    }),
  );
}
