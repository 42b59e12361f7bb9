import { TIERS } from '../../definitions/core/common.ts';
import { isoFromDay } from '../../kernel/dates.ts';
import type { Backtest, FieldDrift, Statement } from './analysis.ts';
import { aucIntervals } from './auc-interval.ts';
import { binField, binsOfRows } from './bins.ts';
import { calibration } from './calibration.ts';
import { topLift } from './cross-validate.ts';
import { seedOf } from './draws.ts';
import { driftOf } from './drift.ts';
import { type TrainingOptions, trainModel } from './model.ts';
import { chancesOf, scoreRows } from './model-scores.ts';
import type { CodedTable } from './outcome-table.ts';
import { capacityOf, migration, tierAt, tierResults, tiersByCapacity, USUAL_CAPACITY } from './tiers.ts';
import { type TimeSplit, timeSplit } from './time-split.ts';

interface BacktestOptions {
  /** Each row's score by the rubric in force as of its day, in the table's order; what is not finite counts 0. */
  current?: { points: Float64Array; tiers: { A: number; B: number } };
  /** Days on which deals were opened, in the table's order. */
  opened?: Float64Array;
  /** Fields that take part in the fit; all when left out. */
  names?: ReadonlySet<string>;
  /** What counts as beyond chance; the usual when left out. */
  q?: number;
}

interface BacktestResult {
  backtest: Backtest | null;
  drift: FieldDrift[];
  /** What could not be tested, and why. */
  untested: Statement[];
}

/** Each part needs this many of either outcome. */
const FEWEST = 10;

/**
 * What a rubric made of the earlier deals says of the later ones, beside what the current one said of them, and which fields have moved between the two.
 * Nothing of the later part is known to bins, weights, points or tiers: tiers hold as many of the earlier rows as the current ones do.
 */
export function backtest(table: CodedTable, { current, opened, names, q }: BacktestOptions = {}): BacktestResult {
  if (table.closed === null)
    return untested('no_days', 'There is no day of closing, so nothing could be tested on later deals, and no drift be seen.');
  const split = timeSplit(table.closed, opened ?? null);
  if (split === null) return untested('one_day', 'All deals that have a day were closed on one, so there are no later ones to test on.');
  const drift = driftBetween(table, split);
  const [trained, tested] = [outcomes(table.won, split.trained), outcomes(table.won, split.tested)];
  if (Math.min(trained.won, trained.lost, tested.won, tested.lost) < FEWEST) {
    const text =
      `A backtest needs ${FEWEST} won and ${FEWEST} lost deals in each part; the earlier part has ${trained.won} and ${trained.lost}, ` +
      `the later ${tested.won} and ${tested.lost}${split.censored.rows === 0 ? '' : `, without ${split.censored.rows} that are too young`}.`;
    return { backtest: null, drift: drift.drift, untested: [{ code: 'backtest_too_small', subject: null, text }, ...drift.untested] };
  }
  const gaps = gapsOf(split, opened);
  return {
    backtest: run(table, split, current, { ...(names !== undefined && { names }), ...(q !== undefined && { q }) }),
    drift: drift.drift,
    untested: [...gaps, ...drift.untested],
  };
}

function run(table: CodedTable, split: TimeSplit, current: BacktestOptions['current'], training: TrainingOptions): Backtest {
  const model = trainModel(table, { ...training, rows: split.trained });
  const won = Uint8Array.from(split.tested, (row) => table.won[row] as number);
  const scores = scoreRows(model, table, split.tested);
  const before = current === undefined ? null : { at: (rows: Int32Array) => pointsAt(current.points, rows), tiers: current.tiers };
  const capacity = before === null ? USUAL_CAPACITY : capacityOf(before.at(split.trained), before.tiers);
  const tiers = tiersByCapacity(scoreRows(model, table, split.trained).points, capacity);
  const old = before?.at(split.tested) ?? null;
  const areas = aucIntervals(scores.points, old, won, seedOf(table.digest, 'backtest'));
  const calibrated = calibration(chancesOf(scores, model).points, won);
  if (areas === null || calibrated === null) throw new Error('both outcomes are in the tested rows');
  const tierOf = (points: Float64Array, by: { A: number; B: number }) => Array.from(points, (score) => tierAt(score, by));
  const fresh = tierResults('new', scores.points, tiers, won);
  const former = old === null || before === null ? [] : tierResults('current', old, before.tiers, won);
  return {
    trained: partOf(table, split.trained),
    tested: partOf(table, split.tested),
    censored: split.censored,
    auc_new: areas.fresh,
    auc_current: areas.current,
    auc_difference: areas.difference,
    lift_top_tenth: topLift(scores.points, won) ?? 0,
    tiers: [...former, ...fresh],
    migration: old === null || before === null ? [] : migration(tierOf(old, before.tiers), tierOf(scores.points, tiers), won),
    capacity: TIERS.map((tier, at) => ({ tier, current: share(former[at]?.n, won.length), new: share(fresh[at]?.n, won.length) ?? 0 })),
    calibration: calibrated.bins,
    calibration_error: calibrated.error,
  };
}

const share = (n: number | undefined, of: number) => (n === undefined ? null : n / of);

function pointsAt(points: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => {
    const score = points[row] as number;
    return Number.isFinite(score) ? score : 0;
  });
}

function partOf({ closed, won }: CodedTable, rows: Int32Array): Backtest['tested'] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    from = Math.min(from, closed?.[row] as number);
    to = Math.max(to, closed?.[row] as number);
  }
  return { from: isoFromDay(from), to: isoFromDay(to), rows: rows.length, won: outcomes(won, rows).won };
}

function outcomes(won: Uint8Array, rows: Int32Array): { won: number; lost: number } {
  const wins = rows.reduce((sum, row) => sum + (won[row] as number), 0);
  return { won: wins, lost: rows.length - wins };
}

/** Fields in the bins of the earlier part; what had no bin then is one of its own. */
function driftBetween(table: CodedTable, { trained, tested }: TimeSplit): { drift: FieldDrift[]; untested: Statement[] } {
  const result: { drift: FieldDrift[]; untested: Statement[] } = { drift: [], untested: [] };
  for (const field of table.fields) {
    const binning = binField(field, table.won, trained);
    const [before, after] = [new Int32Array(binning.bins.length + 1), new Int32Array(binning.bins.length + 1)];
    before.set(binning.n);
    for (const bin of binsOfRows(binning, tested)) {
      const place = bin < 0 ? binning.bins.length : bin;
      after[place] = (after[place] as number) + 1;
    }
    const drift = driftOf(field, before, after);
    if (drift !== null) result.drift.push(drift);
    else {
      const text = 'There are too few rows for its bins to tell drift from chance.';
      result.untested.push({ code: 'drift_too_small', subject: field.name, text });
    }
  }
  return result;
}

function gapsOf(split: TimeSplit, opened: Float64Array | undefined): Statement[] {
  const gaps: Statement[] = [];
  if (opened === undefined) {
    const text =
      'The days on which deals were opened are not given, so deals of the last days could not be left out: of those opened last, only the quick ones have closed.';
    gaps.push({ code: 'opening_not_known', subject: null, text });
  }
  if (split.undated > 0) {
    const text = `${split.undated} ${split.undated === 1 ? 'deal has' : 'deals have'} no day of closing and ${split.undated === 1 ? 'is' : 'are'} in neither part.`;
    gaps.push({ code: 'undated', subject: null, text });
  }
  return gaps;
}

function untested(code: string, text: string): BacktestResult {
  return { backtest: null, drift: [], untested: [{ code, subject: null, text }] };
}
