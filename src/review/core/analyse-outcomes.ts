import type { AnalysisOptions, IcpAnalysis, Leak, Statement } from './analysis.ts';
import { emptyAnalysis, fieldResults, levelResults, rubricResult, weighedAuc } from './analysis-parts.ts';
import { LIMITS, untestedFields } from './analysis-statements.ts';
import { areaWithout } from './area-without.ts';
import { backtest } from './backtest.ts';
import { sumOf } from './counts.ts';
import { crossValidate } from './cross-validate.ts';
import { FOLDS } from './folds.ts';
import { findLeaks } from './leaks.ts';
import { DEFAULT_Q, type ModelField, trainModel, weighFields } from './model.ts';
import { type CodedTable, codedTable, type OutcomeTable } from './outcome-table.ts';
import { powerTable } from './power.ts';
import { proposalsOf } from './proposals.ts';
import { screen } from './screen.ts';
import { findReversals } from './simpson.ts';
import { tidy } from './tidy.ts';
import { weighedFields } from './weighed-fields.ts';

/** With fewer of an outcome there is nothing to fit. */
const FEWEST = 10;
const PARTS = 7;

/**
 * Everything that closed deals say of who wins: which levels differ, a rubric made of them, what speaks against believing it, and what could not be
 * looked at. The same rows in any order give the same bytes; every number is finite, to six digits.
 * @throws what `signal` was aborted with.
 */
export async function analyseOutcomes(table: OutcomeTable, options: AnalysisOptions = {}): Promise<IcpAnalysis> {
  const { q = DEFAULT_Q, exclude = [], signal } = options;
  const excluded = new Set(exclude);
  const coded = codedTable({ ...table, columns: table.columns.filter(({ name }) => !excluded.has(name)) }, options.current?.points);
  const total = PARTS + (options.folds === undefined ? 0 : FOLDS);
  const passed = async (done: number, what: string) => {
    await options.progress?.(done, total, what);
    signal?.throwIfAborted();
  };
  const empty = emptyAnalysis(coded, q);
  const refused = refusal(coded);
  if (refused !== null) return { ...empty, refused };
  await passed(1, 'Read');

  const { fields } = weighFields(weighedFields(coded));
  const leaks = await leaksOf(fields, coded, async () => passed(1, 'Looking for leaks'));
  const leftOut = new Set(leaks.filter(({ left_out }) => left_out).map(({ field }) => field));
  const names = new Set(fields.map(({ binning }) => binning.field.name).filter((name) => !leftOut.has(name)));
  await passed(2, 'Leaks');

  const usable = fields.filter(({ binning }) => names.has(binning.field.name));
  const tested = screen(usable.map(({ binning }) => binning));
  const isTested = new Set(tested.filter(({ p }) => p !== null).map(({ field, bin }) => `${bin} ${usable[field]?.binning.field.name}`));
  await passed(3, 'Screening');

  const binnings = fields.map(({ binning }) => binning);
  // what holds the lift is no finding, yet may be what turns another round; what is the outcome, or comes after it, is neither: among deals
  // that ended alike everything is alike
  const outcomes = leaks.filter(({ reasons }) => reasons.some(({ rule }) => rule === 'known_after_close' || rule === 'single_field_auc'));
  const { reversals, against } = await findReversals(binnings, coded.won, (field, bin) => isTested.has(`${bin} ${field}`), {
    digest: coded.digest,
    leftOut: new Set(outcomes.map(({ field }) => field)),
    ...(options.segments === undefined ? {} : { segments: options.segments }),
    step: () => passed(3, 'Looking within strata'),
  });
  await passed(4, 'Strata');

  const levels = levelResults(usable, tested, reversals, coded.digest);
  const { model, rubric } = fitted(coded, { names, q }, options.current?.tiers);
  await passed(5, 'Fit and points');

  const base = sumOf(coded.won) / coded.won.length;
  const { proposals, no_proposals, held_back } = proposalsOf({ levels, leaks, rubric, against, base, q });
  const tests = backtest(coded, {
    names,
    q,
    ...(coded.current === null || options.current === undefined
      ? {}
      : { current: { points: coded.current, tiers: options.current.tiers } }),
    ...(coded.opened === null ? {} : { opened: coded.opened }),
  });
  await passed(6, 'Backtest');

  const untested = [...untestedFields(coded, usable, tested), ...tests.untested];
  if (model === null) untested.push(tooFew(coded));
  else if (rubric === null) untested.push(NO_RUBRIC);
  const folds = options.folds?.set;
  const cross_validation =
    folds === undefined || model === null
      ? null
      : await crossValidate(coded, folds, { names, q, afterFold: (done) => passed(PARTS - 1 + done, 'Cross-validation') });
  if (folds !== undefined && cross_validation === null && model !== null)
    untested.push({ code: 'no_folds', subject: null, text: 'No fold has both outcomes, so nothing could be cross-validated.' });
  const p = levels.flatMap((level) => level.p ?? []);
  const analysis: IcpAnalysis = {
    ...empty,
    tested: {
      levels: p.length,
      below_05: p.filter((chance) => chance < 0.05).length,
      below_q: levels.filter((level) => (level.q ?? 1) <= q).length,
    },
    fields: fieldResults(table, coded, { excluded, fields, leaks, model }),
    levels,
    rubric,
    proposals,
    no_proposals,
    held_back,
    leaks,
    reversals,
    backtest: rubric === null ? null : tests.backtest,
    drift: tests.drift,
    power: powerTable(coded.won.length, base),
    cross_validation,
    untested,
    limits: LIMITS,
  };
  await passed(total, 'Done');
  return tidy(analysis);
}

function refusal({ won, fields }: CodedTable): Statement | null {
  const wins = sumOf(won);
  const refuse = (code: string, text: string): Statement => ({ code, subject: null, text });
  if (won.length === 0) return refuse('no_rows', 'There is no closed deal to analyse.');
  if (won.length === 1) return refuse('one_row', 'There is one closed deal: nothing can be compared with it.');
  if (wins === 0) return refuse('no_wins', `None of the ${won.length} deals was won, so nothing tells won from lost.`);
  if (wins === won.length) return refuse('no_losses', `All ${won.length} deals were won, so nothing tells won from lost.`);
  if (fields.length === 0) return refuse('no_columns', 'No column is left to compare deals by.');
  return null;
}

async function leaksOf(fields: readonly ModelField[], { won }: CodedTable, step: () => Promise<void>): Promise<Leak[]> {
  const wins = sumOf(won);
  const suspects = fields.map(({ binning, information }) => {
    const missing = binning.bins.findIndex(({ kind }) => kind === 'missing');
    const [n, w] = missing < 0 ? [0, 0] : [binning.n[missing] as number, binning.won[missing] as number];
    const { name, label } = binning.field;
    const bins = binning.bins.length;
    return { field: name, label, auc: weighedAuc(binning), information_value: information, bins, missing: { won: w, lost: n - w } };
  });
  const without = areaWithout({ fields: [...fields] }, won);
  return findLeaks(suspects, { won: wins, lost: won.length - wins }, async (names) => {
    await step();
    return without(names);
  });
}

function fitted(coded: CodedTable, options: { names: ReadonlySet<string>; q: number }, current: { A: number; B: number } | undefined) {
  const wins = sumOf(coded.won);
  if (Math.min(wins, coded.won.length - wins) < FEWEST) return { model: null, rubric: null };
  const model = trainModel(coded, options);
  return { model, rubric: rubricResult(model, coded, current) };
}

const NO_RUBRIC: Statement = {
  code: 'no_rubric',
  subject: null,
  text: 'No field has a level that differs from the others beyond chance, so there is no rubric to test.',
};

function tooFew({ won }: CodedTable): Statement {
  const wins = sumOf(won);
  const text = `A fit needs ${FEWEST} won and ${FEWEST} lost deals; there are ${wins} and ${won.length - wins}.`;
  return { code: 'fit_too_small', subject: null, text };
}
