import { count } from '../../kernel/markdown.ts';
import type { Backtest, Estimate, IcpAnalysis } from './analysis.ts';
import { figuresTable, outside, picture, section } from './markdown.ts';
import type { Plots } from './plots.ts';
import { fixed, percent, range, signed, whole } from './report-format.ts';

export function crossValidationSection({ cross_validation: found }: IcpAnalysis): string {
  if (found === null) return '';
  const models = [found.naive_bayes, found.logistic, found.rubric, found.proposed];
  const area = (value: number | null) => fixed(value, 4);
  return section(
    'Cross-validation',
    `Five folds of the set ${outside(found.set)}; each deal is scored by what was made without its fold. “Rubric” is whole points that rank as the logistic fit does; “as proposed” is the rubric of this report, in which no field counts against its own win rates.`,
    figuresTable(
      ['fold', 'deals', 'won', 'naive Bayes', 'logistic on WoE', 'rubric', 'as proposed'],
      [
        ...found.folds.map((one) => [
          whole(one.fold),
          whole(one.rows),
          whole(one.won),
          area(one.naive_bayes),
          area(one.logistic),
          area(one.rubric),
          '',
        ]),
        ['mean AUC', ' ', ' ', ...models.map(({ auc }) => area(auc))],
        ['top-10 % lift', ' ', ' ', ...models.map(({ lift_top_tenth }) => fixed(lift_top_tenth, 2))],
        ['calibration error', ' ', ' ', ...models.map(({ calibration_error }) => fixed(calibration_error, 4))],
      ],
    ),
  );
}

/** How the rubric, made from earlier deals, does on later ones. */
export function backtestSection({ backtest }: IcpAnalysis, plots: Plots | undefined): string {
  if (backtest === null) return section('Backtest', 'None: what could not be tested, below, says why.');
  const { trained, tested, censored } = backtest;
  return section(
    'Backtest',
    `Made from ${count(trained.rows, 'deal')} of ${trained.from} to ${trained.to} (${whole(trained.won)} won), held against ${count(tested.rows, 'deal')} of ${tested.from} to ${tested.to} (${whole(tested.won)} won).`,
    censored.rows > 0 &&
      `${count(censored.rows, 'deal')} of the last ${count(censored.days, 'day')} left out: others as young are still open, and those that close fast are not like them.`,
    figuresTable(['figure', 'value', '95 % interval'], figures(backtest)),
    tiersTable(backtest),
    plots !== undefined && picture('Tiers: who moves, or how often each is won', plots.tiers),
    migrationTable(backtest),
    capacityTable(backtest),
    plots !== undefined && picture('Calibration: what was predicted against what came', plots.calibration),
    figuresTable(
      ['group', 'deals', 'predicted', 'seen', 'won'],
      backtest.calibration.map(({ n, won, predicted, rate }, i) => [whole(i + 1), whole(n), percent(predicted), percent(rate), whole(won)]),
    ),
  );
}

function figures({ auc_new, auc_current, auc_difference, lift_top_tenth, calibration_error }: Backtest): string[][] {
  const row = (name: string, one: Estimate | null, text: (value: number | null | undefined) => string) =>
    one === null ? [] : [[name, text(one.value), range(one.low, one.high, text)]];
  return [
    ...row('AUC of the new rubric', auc_new, (value) => fixed(value, 4)),
    ...row('AUC of the rubric in force', auc_current, (value) => fixed(value, 4)),
    ...row('difference', auc_difference, (value) => signed(value, 4)),
    ['top-10 % lift', fixed(lift_top_tenth, 2), ''],
    ['calibration error', fixed(calibration_error, 4), ''],
  ];
}

function tiersTable({ tiers }: Backtest): string {
  return figuresTable(
    ['rubric', 'tier', 'deals', 'won', 'win rate', '95 % interval', 'lift'],
    tiers.map((one) => [
      one.rubric === 'new' ? 'new' : 'in force',
      one.tier,
      whole(one.n),
      whole(one.won),
      percent(one.rate),
      range(one.low, one.high, percent),
      fixed(one.lift, 2),
    ]),
    ['rubric', 'tier'],
  );
}

function migrationTable({ migration }: Backtest): string {
  return figuresTable(
    ['tier now', 'new tier', 'deals', 'won', 'win rate'],
    migration.filter(({ n }) => n > 0).map(({ from, to, n, won }) => [from, to, whole(n), whole(won), percent(won / n)]),
    ['tier now', 'new tier'],
  );
}

function capacityTable({ capacity }: Backtest): string {
  return figuresTable(
    ['tier', 'share now', 'share by the new rubric'],
    capacity.map(({ tier, current, new: share }) => [tier, percent(current), percent(share)]),
  );
}

const VERDICTS = { steady: 'steady', watch: 'watch (.10 and more)', act: 'act (.25 and more)' } as const;

export function driftSection({ drift }: IcpAnalysis): string {
  return section(
    'Drift',
    drift.length > 0 && 'How far the deals of the last part differ from those of the first, by the population stability index.',
    figuresTable(
      ['field', 'PSI', 'verdict'],
      drift.map(({ label, psi, verdict }) => [outside(label), fixed(psi, 3), VERDICTS[verdict]]),
      ['field', 'verdict'],
    ),
  );
}
