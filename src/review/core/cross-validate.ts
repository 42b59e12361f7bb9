import type { CrossValidation, ModelFigures } from './analysis.ts';
import { auc } from './auc.ts';
import { calibration } from './calibration.ts';
import { sumOf } from './counts.ts';
import { FOLDS, foldOf } from './folds.ts';
import { type TrainingOptions, trainModel } from './model.ts';
import { chancesOf, scoreRows } from './model-scores.ts';
import type { CodedTable } from './outcome-table.ts';
import { weighedFields } from './weighed-fields.ts';

const WAYS = ['naive_bayes', 'logistic', 'rubric', 'proposed'] as const;
type Way = (typeof WAYS)[number];
const TENTH = 0.1;

/** What one way of scoring said of rows that it had not seen. */
interface HeldOut {
  areas: number[];
  lifts: number[];
  chances: Float64Array[];
}

interface CrossValidationOptions {
  /** Fields that take part; all when left out. */
  names?: ReadonlySet<string>;
  /** What counts as beyond chance in the rubric as it is proposed. */
  q?: number;
  /** Awaited after each fold, counted from 1. */
  afterFold?: (folds: number) => Promise<void> | void;
}

/**
 * Five folds by `set` and id: bins, weights, fit and points are made without a fold and score it. Areas and lifts are means over the folds that have both
 * outcomes; the calibration error is that of all held-out chances together. The logistic fit and its rubric are the textbook's, with coefficients of
 * either sign, for comparison with other software.
 * @returns null where no fold can be held out.
 */
export async function crossValidate(
  table: CodedTable,
  set: string,
  { names, q, afterFold }: CrossValidationOptions = {},
): Promise<CrossValidation | null> {
  const foldOfRow = Uint8Array.from(table.ids, (id) => foldOf(set, id));
  const places = Int32Array.from(foldOfRow.keys());
  const folds: CrossValidation['folds'] = [];
  const held = { naive_bayes: heldOut(), logistic: heldOut(), rubric: heldOut(), proposed: heldOut() };
  const outcomes: Uint8Array[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const rowsWhere = (inside: boolean) => places.filter((row) => (foldOfRow[row] === fold) === inside);
    const [trained, tested] = [rowsWhere(false), rowsWhere(true)];
    const won = outcomesAt(table, tested);
    const wins = sumOf(won);
    const trainedWins = sumOf(outcomesAt(table, trained));
    const canTrain = trainedWins > 0 && trainedWins < trained.length;
    const areas = canTrain
      ? holdOut(table, { rows: trained, ...(names === undefined ? {} : { names }) }, q, tested, held)
      : { naive_bayes: null, logistic: null, rubric: null };
    if (canTrain) outcomes.push(won);
    folds.push({ fold, rows: tested.length, won: wins, ...areas });
    await afterFold?.(fold + 1);
  }
  const won = outcomes.flatMap((part) => [...part]);
  const { naive_bayes, logistic, rubric, proposed } = held;
  const figures = {
    naive_bayes: meanOf(naive_bayes, won),
    logistic: meanOf(logistic, won),
    rubric: meanOf(rubric, won),
    proposed: meanOf(proposed, won),
  };
  return isWhole(figures) ? { set, folds, ...figures } : null;
}

/** Scores the rows of a fold four ways, and keeps what they said. */
function holdOut(table: CodedTable, options: TrainingOptions, q: number | undefined, tested: Int32Array, held: Record<Way, HeldOut>) {
  const weighed = weighedFields(table, options.rows, options.names);
  const textbook = trainModel(table, { ...options, weighed, signs: 'free' });
  const own = trainModel(table, { ...options, weighed, ...(q === undefined ? {} : { q }) });
  const [plain, ours] = [scoreRows(textbook, table, tested), scoreRows(own, table, tested)];
  const [chances, ourChances] = [chancesOf(plain, textbook), chancesOf(ours, own)];
  const scores = { naive_bayes: plain.naive, logistic: plain.logistic, rubric: plain.points, proposed: ours.points };
  const stated = { naive_bayes: chances.naive, logistic: chances.logistic, rubric: chances.points, proposed: ourChances.points };
  const won = outcomesAt(table, tested);
  const areas: Record<Way, number | null> = { naive_bayes: null, logistic: null, rubric: null, proposed: null };
  for (const way of WAYS) {
    const [area, lift] = [auc(scores[way], won), topLift(scores[way], won)];
    areas[way] = area;
    if (area !== null) held[way].areas.push(area);
    if (lift !== null) held[way].lifts.push(lift);
    held[way].chances.push(stated[way]);
  }
  return { naive_bayes: areas.naive_bayes, logistic: areas.logistic, rubric: areas.rubric };
}

const heldOut = (): HeldOut => ({ areas: [], lifts: [], chances: [] });

function meanOf({ areas, lifts, chances }: HeldOut, won: readonly number[]): ModelFigures | null {
  const [area, lift] = [mean(areas), mean(lifts)];
  const error = calibration(
    chances.flatMap((part) => [...part]),
    won,
  )?.error;
  return area === null || lift === null || error === undefined ? null : { auc: area, lift_top_tenth: lift, calibration_error: error };
}

function isWhole(figures: Record<Way, ModelFigures | null>): figures is Record<Way, ModelFigures> {
  return WAYS.every((way) => figures[way] !== null);
}

const outcomesAt = ({ won }: CodedTable, rows: Int32Array) => Uint8Array.from(rows, (row) => won[row] as number);

/** The win rate of the highest tenth over that of all; of those tied at its edge, each counts in part. null without a win or without rows. */
export function topLift(scores: Float64Array, won: Uint8Array): number | null {
  const wins = sumOf(won);
  if (wins === 0) return null;
  const room = scores.length * TENTH;
  const edge = scores.toSorted()[Math.max(0, scores.length - Math.ceil(room))] as number;
  let [above, aboveWon, tied, tiedWon] = [0, 0, 0, 0];
  for (const [row, score] of scores.entries()) {
    if (score > edge) [above, aboveWon] = [above + 1, aboveWon + (won[row] as number)];
    else if (score === edge) [tied, tiedWon] = [tied + 1, tiedWon + (won[row] as number)];
  }
  return (aboveWon + ((room - above) / tied) * tiedWon) / room / (wins / scores.length);
}

const mean = (values: readonly number[]) => (values.length === 0 ? null : sumOf(values) / values.length);
