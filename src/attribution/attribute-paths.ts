import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { csvLine, noFormula } from '../identity/core/csv-line.ts';
import { refuseOverwrite } from '../identity/refuse-overwrite.ts';
import { refuseUnwritable, writeLines } from '../identity/write-lines.ts';
import type { Context } from '../kernel/context.ts';
import { cancelled, type Problem, SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { delimiterInput, ENCODINGS } from '../records/core/file-format.ts';
import { decimalsOf, rounded, unitsToNumber } from './core/credit-sums.ts';
import { givenPathColumns, type PathColumn } from './core/path-columns.ts';
import { givenWeights, type ModelOptions, type PathModel, type PathModelName, pathModels } from './core/path-models.ts';
import { type FileTotals, pathNotes } from './core/path-notes.ts';
import { type ModelResult, PathTally } from './core/path-tally.ts';
import type { Steps } from './core/steps.ts';
import { openPaths, type PathFile } from './open-paths.ts';

const input = z.strictObject({
  paths: z.string().min(1),
  /** Names of models, also several with commas between; without any, all that need no more than paths. */
  model: z.array(z.string()).default([]),
  /** Touches that the chain of removal effects remembers. */
  order: z.union([z.literal(1), z.literal(2)], { error: 'is 1 or 2' }).default(1),
  /** Of time decay, in days. */
  halfLife: z.number().positive().max(36_500).default(7),
  weights: z.string().optional(),
  /** Channels that came by themselves. */
  direct: z.array(z.string().trim().min(1)).default([]),
  /** `column=part`. */
  map: z.array(z.string()).default([]),
  /** What stands between two touches. */
  separator: z.string().min(1).max(20).optional(),
  delimiter: delimiterInput.optional(),
  encoding: z.enum(ENCODINGS).optional(),
  decimal: z.enum(['point', 'comma']).optional(),
  out: z.string().min(1).optional(),
});

export interface PathCredit {
  channel: string;
  conversions: number;
  /** Left out where the file has no values. */
  value?: number;
  /** Of the Markov model: the share of conversions that would be lost without the channel. */
  removal_effect?: number;
}

export interface PathsReport {
  file: string;
  columns: readonly PathColumn[];
  separator: string;
  totals: FileTotals;
  /** Each channel once in each model, sorted; conversions and value of a model sum to the totals, rounded to as many decimals. */
  models: { model: PathModelName; label: string; credits: PathCredit[] }[];
  left_out: { model: PathModelName; why: string }[];
  refused: { count: number; problems: readonly Problem[] };
  notes: readonly string[];
}

/**
 * Credits the conversions and the value of a file of paths to its channels by several models, without a database. Reads a file of any size a
 * piece at a time; memory grows with its channels and the steps between them. The same rows in any order give the same report.
 * @param given what its command line says; see `samepage-mcp attribute --help`
 * @throws SamepageError `file_rejected` for a file that cannot be read or has no row that can be used, `invalid_input` for options that do not fit
 */
export async function attributePaths(run: Pick<Context, 'progress' | 'signal'>, given: z.input<typeof input>): Promise<PathsReport> {
  const { paths, model, order, halfLife, weights, direct, map, out, ...reading } = parseInput(input, given, 'attribute');
  const options: ModelOptions = {
    names: model,
    order,
    halfLifeDays: halfLife,
    ...(weights !== undefined && { weights: givenWeights(weights) }),
  };
  const asked = pathModels(options);
  const columnMap = givenPathColumns(map);
  await refuseOverwrite([paths], { '--out': out });
  await refuseUnwritable([out]);
  const file = await openPaths(paths, { map: columnMap, ...reading }, run.signal);
  const isTimed = file.columns.some(({ part }) => part === 'days' || part === 'hours' || part === 'times');
  const isDirect = directNames(direct);
  const models = asked.filter((one) => isTimed || one.model !== 'time_decay');
  const tally = new PathTally({ models, order, isDirect });
  const totals = await tallied(file, tally, run);
  const leftOut = asked.flatMap((one) => {
    const why = models.includes(one)
      ? tally.cannot(one)
      : 'the file does not tell when the touches were: it needs a column of days, hours or times';
    return why === undefined ? [] : [{ model: one.model, why }];
  });
  const had = models.filter((one) => !leftOut.some((left) => left.model === one.model));
  const results = await stepwise(tally.results(had), run);
  const hasValue = file.columns.some(({ part }) => part === 'value');
  const channels = tally.channels;
  const report: PathsReport = {
    file: file.name,
    columns: file.columns,
    separator: file.separator,
    totals,
    models: had.map((one, i) => ({ ...named(one), credits: creditsOf(channels, results[i] as ModelResult, tally, hasValue) })),
    left_out: leftOut,
    refused: file.refused,
    notes: [...file.notes, ...pathNotes(file, totals, { models: had, channels, isDirect, hasValue })],
  };
  if (out !== undefined) await writeLines(out, csvLines(report, hasValue));
  return report;
}

async function tallied(file: PathFile, tally: PathTally, { progress, signal }: Pick<Context, 'progress' | 'signal'>): Promise<FileTotals> {
  const apart = { conversions: 0n, value: 0n };
  const found = { rows: 0, without_touch: 0, without_count: 0, unnamed_touches: 0, marked: 0, folded: 0 };
  for await (const { paths, bytes } of file.paths()) {
    if (signal.aborted) throw cancelled();
    for (const path of paths) {
      found.rows += 1;
      found.unnamed_touches += path.unnamed;
      if (path.isMarked) found.marked += 1;
      if (path.isFolded) found.folded += 1;
      if (path.conversions === 0n && path.nulls === 0n && path.value === 0n) found.without_count += 1;
      if (path.channels.length > 0) tally.add(path);
      else {
        found.without_touch += 1;
        apart.conversions += path.conversions;
        apart.value += path.value;
      }
    }
    progress.report(bytes, file.size, 'reading');
  }
  if (found.rows === 0) throw noRows(file);
  const { total } = tally;
  return {
    ...found,
    touches: tally.touches,
    channels: tally.channels.length,
    conversions: unitsToNumber(total.conversions),
    nulls: unitsToNumber(total.nulls),
    value: file.columns.some(({ part }) => part === 'value') ? unitsToNumber(total.value) : null,
    conversions_without_touch: unitsToNumber(apart.conversions),
    value_without_touch: unitsToNumber(apart.value),
  };
}

function creditsOf(
  channels: readonly string[],
  { conversions, value, removalEffects }: ModelResult,
  tally: PathTally,
  hasValue: boolean,
): PathCredit[] {
  const counts = rounded(conversions, decimalsOf(tally.total.conversions));
  const values = hasValue ? rounded(value, decimalsOf(tally.total.value)) : undefined;
  return channels.map((channel, i) => ({
    channel,
    conversions: counts[i] as number,
    ...(values !== undefined && { value: values[i] as number }),
    ...(removalEffects !== undefined && { removal_effect: removalEffects[i] as number }),
  }));
}

const named = ({ model, label }: PathModel) => ({ model, label });

/** The channels given; without any, one that is called direct, also as `(direct) / (none)`. */
function directNames(given: readonly string[]): (channel: string) => boolean {
  const names = new Set(given.map((name) => name.normalize('NFC').replace(/\s+/g, ' ').toLowerCase()));
  if (names.size > 0) return (channel) => names.has(channel.toLowerCase());
  return (channel) => /^\(?direct\)?(?: ?\/ ?\(?none\)?)?(?: traffic)?$/i.test(channel);
}

/** Goes through the steps, looking up between them: for Ctrl-C, and so that the bar is drawn. */
async function stepwise<T>(steps: Steps<T>, { progress, signal }: Pick<Context, 'progress' | 'signal'>): Promise<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    progress.report(next.value.done, next.value.total, 'removal effects');
    await setImmediate();
    if (signal.aborted) throw cancelled();
  }
}

/** One line a channel, the models side by side. */
function* csvLines({ models }: PathsReport, hasValue: boolean): Iterable<string> {
  yield csvLine([
    'channel',
    ...models.flatMap(({ model }) => [
      `${model}_conversions`,
      ...(hasValue ? [`${model}_value`] : []),
      ...(model === 'markov' ? ['removal_effect'] : []),
    ]),
  ]);
  for (const [i, { channel }] of (models[0]?.credits ?? []).entries()) {
    const cells = models.flatMap(({ credits }) => {
      const { conversions, value, removal_effect } = credits[i] as PathCredit;
      return [conversions, value, removal_effect].filter((one) => one !== undefined).map(String);
    });
    yield csvLine([noFormula(channel), ...cells]);
  }
}

function noRows({ name, columns, refused }: PathFile): SamepageError {
  if (refused.count > 0) {
    return new SamepageError(
      'file_rejected',
      `No row of "${shown(name)}" can be used; the first: ${refused.problems[0]?.path} ${refused.problems[0]?.reason}.`,
      'Mend the rows, or say what the columns hold with --map and what stands between cells with --delimiter.',
      { problems: refused.problems },
    );
  }
  return new SamepageError(
    'file_rejected',
    `"${shown(name)}" has a header line (${shown(columns.map(({ column }) => column).join(', '))}) and no rows.`,
    'Export it again with its paths, one a row.',
  );
}
