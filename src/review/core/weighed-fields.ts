import { type Binning, binField, binsOfRows } from './bins.ts';
import { sumOf } from './counts.ts';
import { dotOf } from './logistic.ts';
import type { CodedTable } from './outcome-table.ts';
import { informationValue, weightsOfEvidence } from './woe.ts';

/** A field as some rows have it, for every model that is made of those rows. */
export interface WeighedField {
  binning: Binning;
  /** Weight of evidence of each bin. */
  woe: Float64Array;
  information: number;
  /** Made when it is asked for, once. */
  byRow(): RowWeights;
}

interface RowWeights {
  /** The bin of each row, and its weight of evidence. */
  bins: Int32Array;
  column: Float64Array;
  /** The column with a mean of 0 and a length of 1, so that the product of two is their correlation. */
  standard: Float64Array;
}

/** @param rows all when left out. @param names of the fields that take part; all when left out. */
export function weighedFields(table: CodedTable, rows?: Int32Array, names?: ReadonlySet<string>): WeighedField[] {
  const used = table.fields.filter(({ name }) => names === undefined || names.has(name));
  return used.map((field) => {
    const binning = binField(field, table.won, rows);
    const woe = weightsOfEvidence(binning.n, binning.won);
    let known: RowWeights | undefined;
    const byRow = () => {
      known ??= weightsOfRows(binning, woe, rows);
      return known;
    };
    return { binning, woe, information: informationValue(binning.n, binning.won) ?? 0, byRow };
  });
}

function weightsOfRows(binning: Binning, woe: Float64Array, rows: Int32Array | undefined): RowWeights {
  const bins = binsOfRows(binning, rows);
  const column = new Float64Array(bins.length);
  for (let row = 0; row < bins.length; row += 1) column[row] = woe[bins[row] as number] as number;
  return { bins, column, standard: standardised(column) };
}

function standardised(column: Float64Array): Float64Array {
  const mean = sumOf(column) / column.length;
  const centred = new Float64Array(column.length);
  for (let row = 0; row < column.length; row += 1) centred[row] = (column[row] as number) - mean;
  const length = Math.sqrt(dotOf(centred, centred));
  if (length > 0) for (let row = 0; row < centred.length; row += 1) centred[row] = (centred[row] as number) / length;
  return centred;
}
