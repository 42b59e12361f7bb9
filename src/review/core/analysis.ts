/** What something says in a sentence, with a code that does not change and what it is about. */
export interface Statement {
  code: string;
  /** A field's name, or `field: level`; null of the whole table. */
  subject: string | null;
  text: string;
}

/** A figure with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** What the values of a field were put into: one value, a range, all rare values, or none. */
export interface Bin {
  kind: 'level' | 'range' | 'other' | 'missing';
  label: string;
  /** Of a level; of a number with few values, its text. */
  level?: string;
  /** Of a range, and of a number with few values: above this (null: from the lowest) ... */
  above?: number | null;
  /** ... up to and with this (null: to the highest). */
  to?: number | null;
}

/** Rates are shares of 1, here and everywhere in the analysis. */
export interface LevelResult {
  field: string;
  field_label: string;
  bin: Bin;
  n: number;
  won: number;
  rate: number;
  /** Wilson's 95 % interval of the rate. */
  low: number;
  high: number;
  /** The rate over the base rate; null without a win at all. */
  lift: number | null;
  /** Weight of evidence, smoothed by half a count. */
  woe: number;
  test: 'chi_square' | 'fisher' | null;
  /** The chance of a difference from all other rows as great as this if there is none; null of what was not tested. */
  p: number | null;
  /** The same corrected for all levels that were tested (Benjamini and Hochberg). */
  q: number | null;
  support: 'enough' | 'not_enough_data';
  /** The least difference from the base rate, in shares, that so many rows show in four of five cases. */
  detectable: number | null;
  /** The rows a level of this share needs in the table for the difference seen to be found in four of five cases. */
  rows_needed: number | null;
  /** The share of resamples in which it stays on its side of the base rate. */
  sign_stability: number | null;
  /** Within some field's strata it points the other way (`reversals`). */
  reversed: boolean;
}

export interface FieldResult {
  field: string;
  label: string;
  type: 'number' | 'level';
  /** Distinct values. */
  distinct: number;
  missing: number;
  information_value: number | null;
  /** The area under the curve of this field alone, in sample. */
  auc: number | null;
  /** What the fit did with it. */
  use: 'kept' | 'no_signal' | 'adds_nothing' | 'collinear' | 'leak' | 'too_weak' | 'constant' | 'all_missing' | 'excluded';
  /** Why, where it is not `kept`. */
  reason: string | null;
  /** Of weight of evidence; 0 of what is not kept. */
  coefficient: number;
  /** The share of resamples in which its effect keeps its sign. */
  sign_stability: number | null;
}

/** A field of the rubric. */
interface FieldPoints {
  field: string;
  label: string;
  /** The least and the most it gives; the least is 0, unless points are spread over what deals have (`tunedPoints`). */
  least: number;
  most: number;
  levels: { bin: Bin; points: number; n: number; won: number }[];
  /** Of a value that was not there before. */
  otherwise: number;
}

export interface RubricResult {
  fields: FieldPoints[];
  /** The lowest score of a tier; C is below. */
  tiers: { A: number; B: number };
  /** How many of the rows it was made from stand at either end of its scores. */
  at_ends: { at_0: number; at_100: number };
  /** Areas under the curve on the rows it was made from. */
  auc: number;
  auc_fit: number;
}

export interface Leak {
  field: string;
  label: string;
  /** A field that is left out takes no part in fit, points and proposals. */
  left_out: boolean;
  reasons: {
    rule:
      | 'known_after_close'
      | 'single_field_auc'
      | 'information_value'
      | 'missing_tracks_outcome'
      | 'missing_decides_outcome'
      | 'holds_the_lift';
    figure: number | null;
    limit: number | null;
    text: string;
  }[];
}

export interface Reversal {
  field: string;
  bin: Bin;
  /** The field whose strata turn it round. */
  strata: string;
  /** Odds ratios of a win in the level against all others: over all rows, and within strata (Mantel and Haenszel). */
  crude: Estimate;
  adjusted: Estimate;
  by_stratum: { stratum: string; n: number; won: number; others: number; others_won: number }[];
  text: string;
}

export interface CalibrationBin {
  n: number;
  won: number;
  /** The mean of what was predicted. */
  predicted: number;
  rate: number;
}

export interface TierResult {
  rubric: 'current' | 'new';
  tier: 'A' | 'B' | 'C';
  n: number;
  won: number;
  rate: number | null;
  low: number | null;
  high: number | null;
  lift: number | null;
}

export interface Backtest {
  /** Days YYYY-MM-DD, both included. */
  trained: { from: string; to: string; rows: number; won: number };
  tested: { from: string; to: string; rows: number; won: number };
  /** Deals of the last days, left out because others as young are still open. */
  censored: { rows: number; days: number };
  auc_new: Estimate;
  auc_current: Estimate | null;
  /** New less current, by a paired bootstrap. */
  auc_difference: Estimate | null;
  lift_top_tenth: number;
  tiers: TierResult[];
  /** Who moves tier, tested rows. */
  migration: { from: 'A' | 'B' | 'C'; to: 'A' | 'B' | 'C'; n: number; won: number }[];
  /** The share of rows in each tier. */
  capacity: { tier: 'A' | 'B' | 'C'; current: number | null; new: number }[];
  calibration: CalibrationBin[];
  calibration_error: number;
}

export interface FieldDrift {
  field: string;
  label: string;
  /** Population stability index between the first and the last part. */
  psi: number;
  verdict: 'steady' | 'watch' | 'act';
}

export interface PowerRow {
  /** Of all rows. */
  share: number;
  n: number;
  /** The least difference from the rest, in shares, found in four of five cases. */
  detectable: number;
}

export interface Proposal {
  field: string;
  label: string;
  bin: Bin;
  /** Whether such deals should count for more or for less than the others. */
  direction: 'more' | 'less';
  /** In the rubric made from all rows. */
  points: number;
  evidence: LevelResult;
  text: string;
}

export interface ModelFigures {
  auc: number;
  /** The win rate of the highest tenth over the base rate; ties at its edge count in part. */
  lift_top_tenth: number;
  /** Mean distance of predicted and seen rates, over ten groups of equal size. */
  calibration_error: number;
}

/** Held-out figures: each row is scored by what was made without its fold. */
export interface CrossValidation {
  set: string;
  folds: { fold: number; rows: number; won: number; naive_bayes: number | null; logistic: number | null; rubric: number | null }[];
  /** Areas are the means over the folds that have both outcomes. */
  naive_bayes: ModelFigures;
  logistic: ModelFigures;
  /** Whole points that rank as that logistic fit does. */
  rubric: ModelFigures;
  /** The rubric as the analysis makes it: no field counts against its own win rates. */
  proposed: ModelFigures;
}

/** All that a report of a refresh shows. Every number in it is finite. */
export interface IcpAnalysis {
  /** Why nothing could be analysed; then the lists are empty and the parts null. */
  refused: Statement | null;
  /** Names the rows that were analysed, in any order. */
  digest: string;
  counts: { rows: number; won: number; lost: number; base_rate: number | null; from: string | null; to: string | null };
  settings: { q: number; support: { rows: number; won: number; lost: number } };
  /** How many levels were compared, and with p below .05: by chance alone, one in twenty would be. */
  tested: { levels: number; below_05: number; below_q: number };
  /** In the order of the table's columns. */
  fields: FieldResult[];
  /** Of each field all its bins, in their order. */
  levels: LevelResult[];
  /** Made of the fields with a level that differs beyond chance; null where there is none. */
  rubric: RubricResult | null;
  proposals: Proposal[];
  /** Why there is no proposal; null where there is one. */
  no_proposals: Statement | null;
  /** Levels that differ beyond chance and are not proposed, with the reason. */
  held_back: Statement[];
  leaks: Leak[];
  reversals: Reversal[];
  backtest: Backtest | null;
  drift: FieldDrift[];
  power: PowerRow[];
  cross_validation: CrossValidation | null;
  /** What could not be looked at, why, and what it would take. */
  untested: Statement[];
  /** What the figures cannot say. */
  limits: Statement[];
}

export interface AnalysisOptions {
  /** The share of wrong findings that is accepted; .10 when left out. */
  q?: number;
  /** Cross-validates over five folds: of each id by the sha256 of `set:id`. */
  folds?: { set: string };
  /** Each row's score by the rubric in force as of its day, in the rows' order, and its tiers. */
  current?: { points: Float64Array; tiers: { A: number; B: number } };
  /** Names of columns that take no part. */
  exclude?: readonly string[];
  /** Columns within whose strata every finding is looked at again; when left out, those that look like source, segment and size. */
  segments?: readonly string[];
  /** Awaited after each part: report it, and give the turn away. */
  progress?: (done: number, total: number, what: string) => Promise<void> | void;
  signal?: AbortSignal;
}
