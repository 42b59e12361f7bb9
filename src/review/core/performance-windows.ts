import type { Attribution } from '../../definitions/core/attribution.ts';
import type { Taxonomy } from '../../definitions/core/taxonomy.ts';
import { periodOf, type ReviewPeriod } from '../../handoff/core/review-period.ts';

/** Whole UTC days, counted from 1970-01-01: the first, and the one after the last. */
export interface Span {
  from: number;
  to: number;
}

/** What a monthly review looks at: the month, the one before it, and the twelve months that end with it. */
export interface Windows {
  this: Span;
  before: Span;
  year: Span;
  /** Of those that `before` names. */
  beforeName: string;
  today: number;
}

/** What an entry is counted of: people who come in, hand-offs, or deals. */
export type Counted = 'people' | 'hand_offs' | 'deals';

/** The stages through which a hand-off goes, in their order; the place of each is its rank. */
export const LEAD_STAGES = ['mql', 'accepted', 'qualified', 'opportunity', 'won'] as const;
export type LeadStage = (typeof LEAD_STAGES)[number];

/** A step of the funnel whose cohorts are followed. */
export interface Followed {
  /** As the taxonomy calls the stages. */
  from: string;
  to: string;
  within: number;
  counted: Counted;
  /** What the stages stand for. */
  start: 'inquiry' | LeadStage;
  end: LeadStage | 'lost';
  /** The days that all of this month's cohort have had, `within` at most; null before the month is over. */
  early: number | null;
  /** True: all of this month's cohort have had their time. */
  isMature: boolean;
  /** The latest month whose cohort is mature, where this month's is not. */
  mature: (Span & { name: string }) | null;
}

const MONTHS_OF_YEAR = 12;

/** @param today the day of the answer */
export function performanceWindows({ from, to }: Span, today: number): Windows {
  const { name: beforeName, ...before } = periodOf('month', from - 1);
  let first = from;
  for (let months = 1; months < MONTHS_OF_YEAR; months += 1) first = periodOf('month', first - 1).from;
  return { this: { from, to }, before: { from: before.from, to: before.to }, year: { from: first, to }, beforeName, today };
}

/**
 * The steps of the signed funnel that the records can tell of, and a sentence for each that they cannot. Up to the opportunity a step counts
 * hand-offs; from the opportunity on, deals; into the first hand-off, people.
 */
export function followedSteps(
  { funnel = [] }: Pick<Attribution, 'funnel'>,
  { lifecycle }: Pick<Taxonomy, 'lifecycle'>,
  { this: month, today }: Windows,
): { steps: Followed[]; notFollowed: string[] } {
  const notFollowed: string[] = [];
  const steps = funnel.flatMap(({ from, to, within_days: within }): Followed[] => {
    const meaning = (id: string) => lifecycle.find((stage) => stage.id === id)?.means;
    const way = wayOf(meaning(from), meaning(to));
    if (way === null) {
      notFollowed.push(`The step from ${from} to ${to} is not followed: the records do not tell when a lead goes this way.`);
      return [];
    }
    const isMature = today >= month.to + within;
    const mature = isMature ? null : latestMature(month, within, today);
    return [{ from, to, within, ...way, early: today < month.to ? null : Math.min(within, today - month.to), isMature, mature }];
  });
  return { steps, notFollowed };
}

function wayOf(start: string | undefined, end: string | undefined): Pick<Followed, 'counted' | 'start' | 'end'> | null {
  if (start === 'inquiry' && end === 'mql') return { counted: 'people', start, end };
  if (start === 'opportunity' && (end === 'won' || end === 'lost')) return { counted: 'deals', start, end };
  const [first, second] = [rankOf(start), rankOf(end)];
  const [from, to] = [LEAD_STAGES[first], LEAD_STAGES[second]];
  return from !== undefined && to !== undefined && first < second ? { counted: 'hand_offs', start: from, end: to } : null;
}

const rankOf = (stage: string | undefined) => (LEAD_STAGES as readonly string[]).indexOf(stage ?? '');

function latestMature(month: Span, within: number, today: number): Followed['mature'] {
  let found: ReviewPeriod = periodOf('month', month.from - 1);
  while (today < found.to + within) found = periodOf('month', found.from - 1);
  return { name: found.name, from: found.from, to: found.to };
}

/**
 * SQL of which span of a step's cohorts a day is in: `this`, `before` or `mature`; null of none.
 * @param bound SQL of a bound; left out, a day's number
 */
export function spanSql(
  day: string,
  { this: now, before }: Windows,
  mature: Span | null = null,
  bound: (day: number) => string = String,
): string {
  const within = ({ from, to }: Span) => `${day} >= ${bound(from)} and ${day} < ${bound(to)}`;
  const isOther = mature !== null && mature.from !== before.from;
  return `(case when ${within(now)} then 'this' when ${within(before)} then 'before'${isOther ? ` when ${within(mature)} then 'mature'` : ''} end)`;
}

/** SQL of the UTC day of an instant. */
export const daySql = (at: string) => `((${at} at time zone 'UTC')::date - date '1970-01-01')`;
