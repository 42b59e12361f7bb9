/**
 * What outcomes leave behind for learning: whole numbers by provider, segment, field and period. Whole numbers add up to the same in any order, so
 * what was learned is the same on replay, on every database, and however many processes wrote it.
 */
export interface Tally {
  /** Of what is counted for all providers together, as whether a field exists at all: `*`. */
  provider: string;
  segment: string;
  /** '' for what concerns the provider as a whole. */
  field: string;
  /** Number of the period in which it happened. */
  period: number;
  counts: Counts;
}

export const COUNTS = [
  /** Requests that were answered with a hit or a miss. */
  'calls',
  /** How many hits a provider of average luck would have had of them, in thousandths of its own rate: a call to a record that is hard to find counts less. */
  'exposure',
  'hits',
  'failures',
  /** Sums over `calls` of the logarithm of the milliseconds, and of its square, in thousandths. */
  'latency',
  'latency_squares',
  /** Hits for which a field was asked, and those that had it. */
  'asked',
  'given',
  /** Values on which another family spoke too, and how many of them were right by all that was said, in thousandths. */
  'contested',
  'confirmed',
] as const;
export type Counts = Partial<Record<(typeof COUNTS)[number], number>>;

/** Segment and provider under which something is counted for all. */
export const ALL = '*';

const PERIOD_DAYS = 7;
/** After so many periods what was seen counts half: providers change. */
const HALF_LIFE = 13;

export function periodOf(day: number): number {
  return Math.floor(day / PERIOD_DAYS);
}

/** How much a tally still counts. */
export function weightOf(period: number, today: number): number {
  return 0.5 ** (Math.max(0, periodOf(today) - period) / HALF_LIFE);
}
