import { chanceAt } from './logistic.ts';
import type { Model, ModelField } from './model.ts';
import type { CodedField, CodedTable } from './outcome-table.ts';
import { scoreOf } from './points.ts';

/** What a model says of each row, three ways, and as chances of a win. */
interface ModelScores {
  /** Naive Bayes: the prior and the weight of evidence of every field, as if each stood alone (Good 1950). */
  naive: Float64Array;
  /** The fit: logarithm of the odds. */
  logistic: Float64Array;
  /** The score by the rubric: whole points, from 0 to 100. */
  points: Float64Array;
}

/**
 * Scores rows by a model of the same table's fields, of whichever rows it was made. A value without a bin weighs nothing.
 * @param rows all when left out.
 */
export function scoreRows(model: Model, table: Pick<CodedTable, 'won'>, rows?: Int32Array): ModelScores {
  const length = rows?.length ?? table.won.length;
  const scores = {
    naive: new Float64Array(length).fill(model.prior),
    logistic: new Float64Array(length).fill(model.intercept),
    points: new Float64Array(length),
  };
  for (const field of model.fields) {
    const { binning, woe, coefficient, points, otherwise } = field;
    const weight = byCode(field, (bin) => woe[bin] as number, 0);
    const worth = byCode(field, (bin) => points[bin] as number, otherwise);
    const { codes, size }: CodedField = binning.field;
    for (let i = 0; i < length; i += 1) {
      const code = codes[rows === undefined ? i : (rows[i] as number)] as number;
      const place = code < 0 ? size : code;
      scores.naive[i] = (scores.naive[i] as number) + (weight[place] as number);
      scores.logistic[i] = (scores.logistic[i] as number) + coefficient * (weight[place] as number);
      scores.points[i] = (scores.points[i] as number) + (worth[place] as number);
    }
  }
  return { ...scores, points: scores.points.map(scoreOf) };
}

/** The chance of a win that each way of scoring states. */
export function chancesOf({ naive, logistic, points }: ModelScores, { curve }: Model): ModelScores {
  return {
    naive: naive.map(chanceAt),
    logistic: logistic.map(chanceAt),
    points: points.map((sum) => chanceAt(curve.intercept + curve.slope * sum)),
  };
}

function byCode({ binning: { binOf } }: ModelField, of: (bin: number) => number, otherwise: number): Float64Array {
  return Float64Array.from(binOf, (bin) => (bin < 0 ? otherwise : of(bin)));
}
