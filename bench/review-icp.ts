import { performance } from 'node:perf_hooks';
import { analyseOutcomes } from '../src/review/core/analyse-outcomes.ts';
import { auc } from '../src/review/core/auc.ts';
import { crossValidate } from '../src/review/core/cross-validate.ts';
import { trainModel } from '../src/review/core/model.ts';
import { scoreRows } from '../src/review/core/model-scores.ts';
import { type CodedTable, codedTable } from '../src/review/core/outcome-table.ts';
import { bankOutcomes, germanOutcomes, nullOutcomes, sharedOutcomes, without } from '../test/support/outcome-sets.ts';
import type { Benchmark, Figures } from './run.ts';
import { generatedOutcomes } from './support/generated-outcomes.ts';

const ROWS = 78_000;
const COLUMNS = 12;

/**
 * The refresh's figures on public sets: areas under the curve held out by fold (`bank_auc_lr` of the logistic fit, `_rubric` of whole points, `_nb` of naive Bayes,
 * `_proposed` of the rubric without coefficients below 0), `bank_time_auc` of the last quarter of the bank's rows by a fit on the first three, and
 * `null_proposals` on a set without any signal. `refresh_78k_s`: the whole analysis of 78,000 rows of 12 columns with a rubric in force.
 */
export const reviewIcp: Benchmark = async (_, say) => {
  const folder = sharedOutcomes();
  if (folder === undefined)
    say('The shared data (SAMEPAGE_SHARED_DATA, or ../shared/data) is not there: only the generated set is measured.');
  return { ...(folder === undefined ? {} : await publicSets(folder)), refresh_78k_s: await refreshSeconds() };
};

async function publicSets(folder: string): Promise<Figures> {
  const bank = codedTable(without(bankOutcomes(folder), 'duration'));
  const nothing = await analyseOutcomes(nullOutcomes(folder));
  return {
    ...(await heldOut(bank, 'bank')),
    ...lastQuarter(bank),
    ...(await heldOut(codedTable(germanOutcomes(folder)), 'german')),
    null_proposals: nothing.proposals.length,
  };
}

async function heldOut(table: CodedTable, set: string): Promise<Figures> {
  const figures = await crossValidate(table, set);
  if (figures === null) throw new Error(`nothing could be held out of ${set}`);
  return {
    [`${set}_auc_nb`]: rounded(figures.naive_bayes.auc),
    [`${set}_auc_lr`]: rounded(figures.logistic.auc),
    [`${set}_auc_rubric`]: rounded(figures.rubric.auc),
    [`${set}_auc_proposed`]: rounded(figures.proposed.auc),
  };
}

/** The set's ids are the places of its rows, which are in the order of time. */
function lastQuarter(bank: CodedTable): Figures {
  const from = Math.floor(bank.ids.length * 0.75);
  const rows = Int32Array.from(bank.ids.keys());
  const [trained, tested] = [rows.filter((row) => Number(bank.ids[row]) < from), rows.filter((row) => Number(bank.ids[row]) >= from)];
  const scores = scoreRows(trainModel(bank, { rows: trained, signs: 'free' }), bank, tested);
  const won = Uint8Array.from(tested, (row) => bank.won[row] as number);
  return { bank_time_auc: rounded(auc(scores.logistic, won) ?? 0), bank_time_auc_rubric: rounded(auc(scores.points, won) ?? 0) };
}

async function refreshSeconds(): Promise<number> {
  const { table, current } = generatedOutcomes(ROWS, COLUMNS, 11);
  const from = performance.now();
  await analyseOutcomes(table, { current: { points: current, tiers: { A: 60, B: 45 } } });
  return Math.round((performance.now() - from) / 10) / 100;
}

const rounded = (value: number) => Math.round(value * 1e5) / 1e5;
