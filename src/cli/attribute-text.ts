import type { PathCredit, PathsReport } from '../attribution/attribute-paths.ts';
import { rounded } from '../attribution/core/credit-sums.ts';
import { decimalUnits } from '../attribution/core/decimal.ts';
import { counted } from '../attribution/core/path-notes.ts';
import { columns, figureColumns } from './columns.ts';

const MOST_CHANNELS = 40;
const MOST_PROBLEMS = 5;

/** What a person reads after a file of paths was credited: a table of conversions and one of value, the models side by side. */
export function attributeText(report: PathsReport, out: string | undefined): string {
  const { totals, columns: read, models, left_out, refused, notes } = report;
  const used = read
    .filter(({ part }) => part !== 'ignore')
    .map(({ column, part, why }) => `${column}=${part}${why === 'given' ? ' (given)' : ''}`);
  const value = totals.value === null ? '' : `, a value of ${count(totals.value)}`;
  return [
    `${counted(totals.rows, 'row')}: ${used.join(', ')}; touches are separated by "${report.separator}".`,
    `${counted(totals.channels, 'channel')}, ${counted(totals.touches, 'touch', 'touches')}, ${counted(totals.conversions, 'conversion')}${value}, ${counted(totals.nulls, 'path')} without one.`,
    ...refusedText(refused),
    ...notes,
    ...left_out.map(({ model, why }) => `${model} is left out: ${why}.`),
    '',
    ...table('Conversions', report, ({ conversions }) => conversions, totals.conversions),
    ...(totals.value === null ? [] : table('Value', report, ({ value = 0 }) => value, totals.value)),
    ...effects(models),
    ...(out === undefined ? [] : [`Written to ${out}.`]),
  ].join('\n');
}

function table(title: string, { models }: PathsReport, figure: (credit: PathCredit) => number, total: number): string[] {
  const channels = models[0]?.credits ?? [];
  if (channels.length === 0) return [];
  const order = channels.map((_, i) => i).sort((a, b) => most(models, b, figure) - most(models, a, figure) || a - b);
  const figures = models.map(({ credits }) => rounded({ parts: credits.map((credit) => decimalUnits(figure(credit))), whole: 1n }, 2));
  const rows = order.slice(0, MOST_CHANNELS).map((i) => [channels[i]?.channel ?? '', ...figures.map((of) => twoDecimals(of[i] ?? 0))]);
  const more = channels.length - MOST_CHANNELS;
  return [
    `${title}:`,
    figureColumns([' ', ...models.map(({ label }) => label)], [...rows, ['Total', ...models.map(() => twoDecimals(total))]]),
    ...(more > 0 ? [`  and ${counted(more, 'channel')} with less; --out and --json have all.`] : []),
    '',
  ];
}

/** What a channel has at the most. */
const most = (models: PathsReport['models'], i: number, figure: (credit: PathCredit) => number) =>
  Math.max(...models.map(({ credits }) => figure(credits[i] as PathCredit)));

function effects(models: PathsReport['models']): string[] {
  const credits = models.find(({ model }) => model === 'markov')?.credits ?? [];
  const shown = [...credits].sort((a, b) => (b.removal_effect ?? 0) - (a.removal_effect ?? 0)).slice(0, MOST_CHANNELS);
  if (shown.length === 0) return [];
  const lines = shown.map(({ channel, removal_effect = 0 }) => [channel, `${(removal_effect * 100).toFixed(1)} %`]);
  return ['Conversions that would be lost without a channel:', columns([' ', 'removal effect'], lines), ''];
}

function refusedText({ count: refused, problems }: PathsReport['refused']): string[] {
  if (refused === 0) return [];
  const more = refused - MOST_PROBLEMS;
  return [
    `${counted(refused, 'row')} cannot be used and ${refused === 1 ? 'is' : 'are'} left out:`,
    ...problems.slice(0, MOST_PROBLEMS).map(({ path, value, reason }) => `  ${path}: "${value ?? ''}" ${reason}`),
    ...(more > 0 ? [`  and ${count(more)} more; --json has up to twenty.`] : []),
  ];
}

const count = (n: number) => n.toLocaleString('en-US', { maximumFractionDigits: 6 });
const twoDecimals = (n: number) => n.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
