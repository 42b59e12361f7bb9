import { auc } from './auc.ts';
import { binsOfRows } from './bins.ts';
import { fitLogistic } from './logistic.ts';
import type { Model } from './model.ts';

/**
 * The area under the curve of a fit without some fields, in sample, on the weights of evidence that a model has already: what those fields hold. A field
 * goes together with those that say the same, which would else stand in for it.
 * @returns a function of the fields' names, each answer computed once; null where no field is left.
 */
export function areaWithout({ fields }: Pick<Model, 'fields'>, won: Uint8Array): (without: readonly string[]) => number | null {
  const usable = fields.filter(({ use }) => use !== 'constant' && use !== 'too_weak');
  const columns = usable.map(({ binning, woe }) => Float64Array.from(binsOfRows(binning), (bin) => woe[bin] as number));
  const known = new Map<string, number | null>();
  return (without) => {
    const gone = new Set(without);
    for (const { binning, beside } of usable) {
      if (beside !== null && without.includes(beside)) gone.add(binning.field.name);
      if (beside !== null && without.includes(binning.field.name)) gone.add(beside);
    }
    const key = JSON.stringify([...gone].sort());
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const kept = columns.filter((_, at) => !gone.has(usable[at]?.binning.field.name ?? ''));
    const area = kept.length === 0 ? null : auc(linear(kept, fitLogistic(kept, won).coefficients), won);
    known.set(key, area);
    return area;
  };
}

function linear(columns: readonly Float64Array[], coefficients: Float64Array): Float64Array {
  const sum = new Float64Array(columns[0]?.length ?? 0);
  for (const [at, column] of columns.entries())
    for (let row = 0; row < sum.length; row += 1) sum[row] = (sum[row] as number) + (coefficients[at] as number) * (column[row] as number);
  return sum;
}
