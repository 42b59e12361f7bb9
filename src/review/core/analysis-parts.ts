import { isoFromDay } from '../../kernel/dates.ts';
import { wilson } from '../../playbook/core/rate-difference.ts';
import type { FieldResult, IcpAnalysis, Leak, LevelResult, Reversal, RubricResult } from './analysis.ts';
import { auc, aucOfRanked } from './auc.ts';
import type { Binning } from './bins.ts';
import { countCodes, sumOf } from './counts.ts';
import { seedOf } from './draws.ts';
import type { Model, ModelField } from './model.ts';
import { scoreRows } from './model-scores.ts';
import type { CodedTable, OutcomeTable } from './outcome-table.ts';
import { FULL, highest, lowest } from './points.ts';
import { detectableLift, rowsNeeded } from './power.ts';
import { supportOf, type Tested } from './screen.ts';
import { halvesAgree, signStability } from './stability.ts';
import { capacityOf, tiersByCapacity, USUAL_CAPACITY } from './tiers.ts';
import { weightsOfEvidence } from './woe.ts';

/** An analysis that has found nothing yet. */
export function emptyAnalysis({ won, closed, digest }: CodedTable, q: number): IcpAnalysis {
  const wins = sumOf(won);
  const days = (closed ?? new Float64Array()).filter((day) => !Number.isNaN(day)).sort();
  const [first, last] = [days[0], days.at(-1)];
  return {
    refused: null,
    digest,
    counts: {
      rows: won.length,
      won: wins,
      lost: won.length - wins,
      base_rate: won.length === 0 ? null : wins / won.length,
      from: first === undefined ? null : isoFromDay(first),
      to: last === undefined ? null : isoFromDay(last),
    },
    settings: { q, support: supportOf(won.length) },
    tested: { levels: 0, below_05: 0, below_q: 0 },
    fields: [],
    levels: [],
    rubric: null,
    proposals: [],
    no_proposals: null,
    held_back: [],
    leaks: [],
    reversals: [],
    backtest: null,
    drift: [],
    power: [],
    cross_validation: null,
    untested: [],
    limits: [],
  };
}

/** The area under the curve of one field: its bins ranked by their weights of evidence, in sample. */
export function weighedAuc({ n, won }: Binning): number | null {
  const woe = weightsOfEvidence(n, won);
  const order = [...woe.keys()].sort((a, b) => (woe[a] as number) - (woe[b] as number) || a - b);
  return aucOfRanked({ won: order.map((bin) => won[bin] as number), lost: order.map((bin) => (n[bin] as number) - (won[bin] as number)) });
}

/** Every level of the fields that may be looked at, tested or not. */
export function levelResults(
  fields: readonly ModelField[],
  tested: readonly Tested[],
  reversals: readonly Reversal[],
  digest: string,
): LevelResult[] {
  return tested.map(({ field: at, bin: place, test, p, q, support }): LevelResult => {
    const { binning, woe } = fields[at] as ModelField;
    const { field, bins } = binning;
    const bin = bins[place] as LevelResult['bin'];
    const [n, won] = [binning.n[place] as number, binning.won[place] as number];
    const [rows, wins] = [sumOf(binning.n), sumOf(binning.won)];
    const others = rows - n;
    const base = others === 0 ? 0 : (wins - won) / others;
    const cells = { won, lost: n - won, othersWon: wins - won, othersLost: others - (wins - won) };
    return {
      field: field.name,
      field_label: field.label,
      bin,
      n,
      won,
      ...wilson({ of: n, hits: won }),
      lift: (won * rows) / (n * wins),
      woe: woe[place] as number,
      test,
      p,
      q,
      support,
      detectable: detectableLift(rows, n / rows, base),
      rows_needed: rowsNeeded(won / n - base, n / rows, base),
      sign_stability: p === null ? null : signStability(cells, seedOf(digest, 'level', field.name, bin.label)),
      reversed: reversals.some((reversal) => reversal.field === field.name && reversal.bin === bin),
    };
  });
}

/** Every column of the table, in its order, with what became of it. */
export function fieldResults(
  table: OutcomeTable,
  coded: CodedTable,
  found: { excluded: ReadonlySet<string>; fields: readonly ModelField[]; leaks: readonly Leak[]; model: Model | null },
): FieldResult[] {
  return table.columns.map(({ name, label, type }): FieldResult => {
    const empty = {
      field: name,
      label,
      type,
      distinct: 0,
      missing: 0,
      information_value: null,
      auc: null,
      coefficient: 0,
      sign_stability: null,
    };
    const at = coded.fields.findIndex((field) => field.name === name);
    const field = coded.fields[at];
    const weighed = found.fields[at];
    if (field === undefined || weighed === undefined) return { ...empty, use: 'excluded', reason: 'It was left out as asked.' };
    const { n } = countCodes(field, coded.won);
    const missing = n[field.size] as number;
    const distinct = n.subarray(0, field.size).filter((count) => count > 0).length;
    const counts = { ...empty, distinct, missing };
    if (distinct === 0) return { ...counts, use: 'all_missing', reason: 'No row has a value.' };
    const { binning, information } = weighed;
    if (binning.bins.length < 2) return { ...counts, use: 'constant', reason: constantReason(distinct) };
    const lost = binning.n.map((rows, bin) => rows - (binning.won[bin] as number));
    return {
      ...counts,
      information_value: information,
      auc: weighedAuc(binning),
      sign_stability: halvesAgree(binning.won, lost, seedOf(coded.digest, 'field', name)),
      ...useOf(name, found),
    };
  });
}

const constantReason = (distinct: number) =>
  distinct === 1 ? 'All rows have one value.' : `None of its ${distinct} values has enough rows to be looked at by itself.`;

function useOf(
  name: string,
  { leaks, model }: { leaks: readonly Leak[]; model: Model | null },
): Pick<FieldResult, 'use' | 'reason' | 'coefficient'> {
  const leak = leaks.find(({ field, left_out }) => field === name && left_out);
  if (leak !== undefined) return { use: 'leak', reason: leak.reasons[0]?.text ?? null, coefficient: 0 };
  const field = model?.fields.find(({ binning }) => binning.field.name === name);
  if (field === undefined) return { use: 'too_weak', reason: 'There are too few deals of one outcome for a fit.', coefficient: 0 };
  return { use: field.use, reason: reasonOf(field), coefficient: field.coefficient };
}

function reasonOf({ use, beside }: ModelField): string | null {
  if (use === 'no_signal') return 'None of its levels differs from the others beyond chance.';
  if (use === 'adds_nothing') return 'Beside the others it adds nothing, or would count against its own win rates.';
  if (use === 'collinear') return `It says the same as ${beside}, which says more.`;
  return use === 'too_weak' ? 'The fit takes the 64 strongest fields, and it is not among them.' : null;
}

/** The rubric of a model with its tiers, which hold as many rows as those in force. */
export function rubricResult(model: Model, table: CodedTable, current: { A: number; B: number } | undefined): RubricResult | null {
  const fields = model.fields.filter(({ points }) => highest(points) > lowest(points));
  if (fields.length === 0) return null;
  const { points, logistic } = scoreRows(model, table);
  const known = table.current?.map((score) => (Number.isFinite(score) ? score : 0));
  const capacity = current === undefined || known === undefined ? USUAL_CAPACITY : capacityOf(known, current);
  return {
    fields: fields.map(({ binning: { field, bins, n, won }, points: worth, otherwise }) => ({
      field: field.name,
      label: field.label,
      least: lowest(worth),
      most: highest(worth),
      levels: bins.map((bin, at) => ({ bin, points: worth[at] as number, n: n[at] as number, won: won[at] as number })),
      otherwise,
    })),
    tiers: tiersByCapacity(points, capacity),
    at_ends: { at_0: points.filter((score) => score === 0).length, at_100: points.filter((score) => score === FULL).length },
    auc: auc(points, table.won) ?? 0.5,
    auc_fit: auc(logistic, table.won) ?? 0.5,
  };
}
