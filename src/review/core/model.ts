import type { Binning } from './bins.ts';
import { chanceAt, dotOf, fitLogistic, type Signs } from './logistic.ts';
import type { CodedTable } from './outcome-table.ts';
import { scoreOf, worths } from './points.ts';
import { screen } from './screen.ts';
import { tunedPoints } from './tune-points.ts';
import { type WeighedField, weighedFields } from './weighed-fields.ts';

/** A field as a model has it. */
export interface ModelField {
  binning: Binning;
  /** Weight of evidence of each bin. */
  woe: Float64Array;
  information: number;
  /** In the fit; 0 of what is not kept. */
  coefficient: number;
  use: 'kept' | 'no_signal' | 'adds_nothing' | 'collinear' | 'too_weak' | 'constant';
  /** The field that says the same, of what is collinear. */
  beside: string | null;
  /** Of each bin in the rubric. */
  points: Int32Array;
  /** Of a value that has no bin. */
  otherwise: number;
}

/** What is learned from some rows: bins, weights of evidence, the logistic fit on them, and the points made of it. */
export interface Model {
  fields: ModelField[];
  intercept: number;
  /** The logarithm of the odds of a win over all rows. */
  prior: number;
  /** The chance of a win at so many points: a logistic curve fitted on the same rows. */
  curve: { intercept: number; slope: number };
}

/** Of the findings, the share that may be wrong. */
export const DEFAULT_Q = 0.1;
/** Weights of evidence as like as this are one thing said twice. */
const COLLINEAR = 0.97;
/** The fit takes so many fields, those with the most information. */
const MOST_FIELDS = 64;
/** Points are brought to the size of the weights before the curve over them is fitted, so that its penalty does not matter. */
const CURVE_UNIT = 10;

export interface TrainingOptions {
  /** All when left out. */
  rows?: Int32Array;
  /** Of the fields that take part; all when left out. */
  names?: ReadonlySet<string>;
  /**
   * `not_negative` when left out: the points of a field follow its own win rates, and fields none of whose levels differs from the others beyond chance
   * take no part. `free`: all fields, coefficients of either sign.
   */
  signs?: Signs;
  /** What counts as beyond chance: the q-value; .10 when left out. */
  q?: number;
  /** The fields of these rows and names, where another model was made of them; weighed anew when left out. */
  weighed?: readonly WeighedField[];
}

/**
 * The model of some rows, both outcomes among them: each field in bins, its weights of evidence, a fit on them, and a rubric from 0 to 100
 * that ranks as the fit does. Of two fields that say the same, the one with more information is kept.
 */
export function trainModel(
  table: CodedTable,
  { rows, names, signs = 'not_negative', q = DEFAULT_Q, weighed }: TrainingOptions = {},
): Model {
  const { won, wins } = outcomesOf(table, rows);
  const { fields, kept } = weighFields(weighed ?? weighedFields(table, rows, names), signs === 'free' ? undefined : q);
  const { intercept, coefficients } = fitLogistic(
    kept.map(({ column }) => column),
    won,
    signs,
  );
  const linear = new Float64Array(won.length).fill(intercept);
  for (const [i, { field, column }] of kept.entries()) {
    field.coefficient = coefficients[i] as number;
    if (field.coefficient === 0) field.use = 'adds_nothing';
    else add(linear, column, field.coefficient);
  }
  const taken = kept.filter(({ field }) => field.coefficient !== 0);
  givePoints(taken, linear.map(chanceAt));
  const total = new Float64Array(won.length);
  for (const { field, bins } of taken)
    for (let row = 0; row < total.length; row += 1) total[row] = (total[row] as number) + (field.points[bins[row] as number] as number);
  const curve = fitLogistic([total.map((sum) => scoreOf(sum) / CURVE_UNIT)], won, 'free');
  return {
    fields,
    intercept,
    prior: Math.log(wins / (won.length - wins)),
    curve: { intercept: curve.intercept, slope: (curve.coefficients[0] as number) / CURVE_UNIT },
  };
}

interface Kept {
  field: ModelField;
  /** The bin and the weight of evidence of each row. */
  bins: Int32Array;
  column: Float64Array;
}

/**
 * Fields as a model has them before its fit, and of those the fit can take, the strongest first, each row's weight.
 * @param q when given, only fields with a level of that q-value or below can be taken.
 */
export function weighFields(weighed: readonly WeighedField[], q?: number): { fields: ModelField[]; kept: Kept[] } {
  const fields = weighed.map(withoutFit);
  if (q !== undefined) {
    const found = new Set(screen(fields.map(({ binning }) => binning)).flatMap((level) => ((level.q ?? 1) <= q ? [level.field] : [])));
    for (const [at, field] of fields.entries()) if (field.use === 'kept' && !found.has(at)) field.use = 'no_signal';
  }
  return { fields, kept: choose(fields, weighed) };
}

function outcomesOf({ won }: CodedTable, rows: Int32Array | undefined): { won: Uint8Array; wins: number } {
  const some = rows === undefined ? won : Uint8Array.from(rows, (row) => won[row] as number);
  return { won: some, wins: some.reduce((sum, value) => sum + value, 0) };
}

function withoutFit({ binning, woe, information }: WeighedField): ModelField {
  const use = binning.bins.length < 2 ? 'constant' : 'kept';
  return { binning, woe, information, coefficient: 0, use, beside: null, points: new Int32Array(woe.length), otherwise: 0 };
}

/** Marks what the fit leaves out. */
function choose(fields: readonly ModelField[], weighed: readonly WeighedField[]): Kept[] {
  const places = [...fields.keys()].filter((at) => fields[at]?.use === 'kept');
  const strongest = places.sort((a, b) => (fields[b]?.information ?? 0) - (fields[a]?.information ?? 0) || a - b);
  const kept: (Kept & { standard: Float64Array })[] = [];
  for (const at of strongest) {
    const field = fields[at] as ModelField;
    if (kept.length === MOST_FIELDS) {
      field.use = 'too_weak';
      continue;
    }
    const weights = (weighed[at] as WeighedField).byRow();
    const like = kept.find((other) => Math.abs(dotOf(other.standard, weights.standard)) >= COLLINEAR);
    if (like === undefined) kept.push({ field, ...weights });
    else [field.use, field.beside] = ['collinear', like.field.binning.field.name];
  }
  return kept;
}

/** Tuned points, and for what has no bin those of the bin whose weight is nearest to no evidence. */
function givePoints(taken: readonly { field: ModelField; bins: Int32Array }[], chances: Float64Array): void {
  const points = tunedPoints(
    taken.map(({ field: { coefficient, woe } }) => worths(coefficient, woe)),
    taken.map(({ bins }) => bins),
    chances,
  );
  for (const [i, { field }] of taken.entries()) {
    field.points = points[i] as Int32Array;
    const distance = field.woe.map(Math.abs);
    field.otherwise = field.points[distance.indexOf(Math.min(...distance))] as number;
  }
}

function add(to: Float64Array, column: Float64Array, weight: number): void {
  for (let row = 0; row < to.length; row += 1) to[row] = (to[row] as number) + weight * (column[row] as number);
}
