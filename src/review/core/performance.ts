import type { ScoredTier } from '../../definitions/core/common.ts';
import type { DefinitionRef } from '../../definitions/core/definition.ts';
import type { SubjectKind } from '../../definitions/core/rubric.ts';
import type { Interval } from '../../playbook/core/rate-difference.ts';
import type { Verdict } from '../../playbook/core/won-rates.ts';
import type { FieldDrift } from './analysis.ts';
import type { Quantiles, Rate } from './performance-statistics.ts';
import type { Counted } from './performance-windows.ts';

/** A month's figure beside the one of the month before. */
export interface Pair<T> {
  this: T;
  before: T;
}

/** What deals come to in one currency, in whole units of it; those without an amount are counted and add nothing. */
export interface Money {
  /** Null where the deals name none. */
  currency: string | null;
  deals: number;
  unpriced: number;
  amount: number;
  /** 95 % of what so many deals of such amounts come to by chance: a sum of a Poisson number of them. Null of none with an amount. */
  low: number | null;
  high: number | null;
}

/** What the attribution credits to a source. */
export interface CreditedSource {
  /** Null: unknown; of `untouched`, that no touch led to the deals. */
  source: string | null;
  untouched: boolean;
  currency: string | null;
  /** Deals, in parts where several sources share one, to a hundredth. */
  deals: Pair<number>;
  amount: Pair<number>;
}

export interface Pipeline {
  conversion: 'opportunity_created' | 'closed_won';
  totals: (Pair<Money> & { currency: string | null })[];
  /** Largest amount first, by currency. */
  sources: CreditedSource[];
}

export interface Cohort extends Rate {
  /** The month in which they entered. */
  month: string;
  /** Whether all of them have had the days of the step. */
  mature: boolean;
}

export interface Snapshot {
  entered: number;
  reached: number;
  /** May be above 100: those who reached it entered before. */
  percent: number | null;
  low: number | null;
  high: number | null;
}

export interface FunnelStep {
  /** As the taxonomy calls the stages. */
  from: string;
  to: string;
  within_days: number;
  counted: Counted;
  /** Of those who entered in the month, the share that came to the next stage in time. */
  cohort: Pair<Cohort>;
  /** The latest month whose cohort has had its time, where this one has not. */
  mature: Cohort | null;
  /** Both cohorts by what they did within as many days as the younger has had. */
  same_age: (Pair<Rate> & { days: number }) | null;
  /** Entries to the one stage held against entries to the other, whoever they were. */
  snapshot: Pair<Snapshot>;
}

/** Time in a stage of those who left it in the month, in whole hours or days. */
export interface StageTime extends Pair<Quantiles> {
  /** `course`: of a deal, from when it was opened until it was won or lost. */
  of: 'hand_offs' | 'deals' | 'course';
  stage: string;
  unit: 'hours' | 'days';
}

/** Open deals × win rate × mean amount of the won ÷ their mean days from opened to won: what a day brings in. */
export interface Velocity {
  currency: string | null;
  open: number;
  win_rate: Rate;
  /** Won deals with an amount and both days, of which the means are. */
  n: number;
  mean_amount: number | null;
  mean_days: number | null;
  per_day: number | null;
  low: number | null;
  high: number | null;
  before: number | null;
}

export interface WonRates extends Pair<Rate> {
  /** The twelve months that end with the month. */
  year: Rate;
  /** By the tier of the account when the deal was opened; null: it had no score then. */
  by_tier: { tier: string | null; this: Rate; year: Rate }[];
  /** Tier A against the other tiers, over the twelve months. */
  a_against_rest: { verdict: Verdict; difference: Interval | null };
  /** Of won deals whose tier was known, those outside tier A. */
  outside_a: Pair<Rate>;
}

export interface TouchBand {
  band: string;
  n: number;
  /** Of those decided on. */
  accepted: Rate;
  /** Of all handed off, so far. */
  opportunity: Rate;
  won: Rate;
}

export interface TouchSpeed {
  bands: TouchBand[];
  within_hour: Pair<Rate>;
  /** Acceptance of those touched within the hour less that of those touched later. */
  hour_against_later: { verdict: Verdict; difference: Interval | null };
}

export interface RoleCoverage {
  role: string;
  open: Rate;
  won: Rate;
  lost: Rate;
}

export interface Coverage {
  roles: RoleCoverage[];
  /** All required roles. */
  complete: { open: Rate; won: Rate; lost: Rate; won_before: Rate };
  /** Deals that belong to no account: they have nobody. */
  without_account: number;
}

export interface TierShares {
  shares: (Pair<Rate> & { tier: string | null })[];
  /** Population stability index of the shares, to a thousandth, and what it says by convention; null where there are too few to tell. */
  index: number | null;
  verdict: FieldDrift['verdict'] | null;
}

/** Of the records scored at both ends: into tier A and out of it. Percent to a hundredth; null of none. */
export interface ScoredMoves {
  n: number;
  joined: number;
  left: number;
  before: number | null;
  this: number | null;
  difference: Interval | null;
}

/** All scored accounts or leads at the end of the month before, and at the end of the month. */
export interface ScoredKind {
  kind: SubjectKind;
  shares: (Pair<Rate> & { tier: ScoredTier })[];
  /** As of `TierShares`. */
  index: number | null;
  verdict: FieldDrift['verdict'] | null;
  /** A row for each tier at the end of the month before (null: not scored then), and where its records stood at the end of the month. */
  matrix: (Record<ScoredTier, number> & {
    from: ScoredTier | null;
    /** Merged into another record since. */
    gone: number;
  })[];
  /** Scored at both ends, in another tier. */
  moved: number;
  /** Of them, those whose two scores are by different versions of the rubric. */
  moved_by_rubric: number;
  tier_a: ScoredMoves;
}

/** The last day counted, and the rubric that stood when it ended; null: none did. */
interface ScoredEnd {
  day: string;
  rubric: DefinitionRef | null;
}

export interface ScoredTiers extends Pair<ScoredEnd> {
  /** Those of which any was scored. */
  kinds: ScoredKind[];
}

export interface Rejections extends Pair<Rate> {
  by_source: (Pair<Rate> & { source: string | null })[];
  by_tier: (Pair<Rate> & { tier: string | null })[];
}

/** What is not what it was in the month before, by more than noise. */
export interface PerformanceChange {
  what: string;
  /** Of a share the values are percent and the difference points; of amounts and counts the month before is taken to as many days. */
  unit: 'percent' | 'count' | 'amount' | 'hours' | 'days';
  /** Of an amount. */
  currency: string | null;
  before: number;
  this: number;
  difference: number;
  /** 95 % of the difference by itself; null for medians, which are compared by rank. */
  low: number | null;
  high: number | null;
  n: Pair<number>;
  q: number;
}

/** The month of both teams. Null figures: nothing to count them of. */
export interface Performance {
  /** Days, YYYY-MM-DD, both counted; `over`: it has ended. */
  period: { name: string; from: string; to: string; over: boolean; before: string };
  pipeline: Pipeline[];
  funnel: FunnelStep[];
  stages: StageTime[];
  velocity: Velocity[];
  won: WonRates;
  speed: TouchSpeed;
  coverage: Coverage;
  tiers: TierShares;
  scored: ScoredTiers;
  rejections: Rejections;
  changes: PerformanceChange[];
  /** How many were compared; the correction counts them all. */
  compared: number;
  /** What is not settled yet, a sentence each. */
  immature: string[];
  /** What the records do not tell, or tell against each other, a sentence each. */
  statements: string[];
  definitions: DefinitionRef[];
}
