import { basename, dirname, extname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { refuseOverwrite } from '../identity/refuse-overwrite.ts';
import { refuseUnwritable, writeLines } from '../identity/write-lines.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import { cancelled, SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { delimiterInput, ENCODINGS } from '../records/core/file-format.ts';
import { analyseOutcomes } from './core/analyse-outcomes.ts';
import type { AnalysisOptions, IcpAnalysis } from './core/analysis.ts';
import { fileTable } from './core/file-table.ts';
import { outside } from './core/markdown.ts';
import type { OutcomeTable } from './core/outcome-table.ts';
import { type Plots, reportPlots } from './core/plots.ts';
import { type FileRead, fileSection } from './core/report-file.ts';
import { reportMarkdown } from './core/report-markdown.ts';
import { readFile } from './read-file.ts';

const column = z.string().trim().min(1);

const analyseFileInput = z.strictObject({
  path: z.string().min(1),
  /** The column that says how each deal ended. */
  outcome: column,
  /** Its values of deals that were won, and of those that were lost; without the latter the opposite of won, else all others. */
  won: z.array(z.string().trim().min(1)).min(1, 'names the value of a deal that was won (--won)'),
  lost: z.array(z.string().trim().min(1)).default([]),
  id: column.optional(),
  time: column.optional(),
  opened: column.optional(),
  /** The column with each deal's score by the rubric in force, and the lowest score of its tiers A and B. */
  score: column.optional(),
  tiers: z
    .string()
    .regex(/^\d{1,3},\d{1,3}$/, 'is the lowest score of tiers A and B, as "70,45"')
    .default('70,45'),
  /** Columns, or several with commas between. */
  exclude: z.array(z.string()).default([]),
  /** Columns within whose values every finding is looked at again. */
  segments: z.array(column).optional(),
  /** Cross-validates over the folds of the set of this name. */
  folds: z.string().trim().min(1).max(100).optional(),
  /** Names of the columns of a file without a header line. */
  columns: z.array(column).min(1).optional(),
  delimiter: delimiterInput.optional(),
  encoding: z.enum(ENCODINGS).optional(),
  /** The report; its plots are files beside it. */
  out: z.string().min(1),
});

export interface FileAnalysis {
  file: FileRead;
  analysis: IcpAnalysis;
  /** Paths of what was written. */
  written: { report: string } & Plots;
}

/**
 * The analysis of an ICP refresh over a file of deals, without a database: reads it, and writes a report in Markdown with its plots beside it,
 * each whole or not at all. The same rows in any order give the same bytes, unless folds go by the place of a row.
 * @throws SamepageError `file_rejected` for a file that cannot be read or written, `invalid_input` for columns and values that it does not have
 */
export async function analyseFile(
  run: Pick<Context, 'progress' | 'signal' | 'now'>,
  given: z.input<typeof analyseFileInput>,
): Promise<FileAnalysis> {
  const { progress, signal } = run;
  const input = parseInput(analyseFileInput, given, 'icp');
  const written = outFiles(input.out);
  await refuseOverwrite([input.path], { '--out': written.report, ...plotFlags(written) });
  await refuseUnwritable(Object.values(written));
  const read = await readFile(input.path, input, progress, signal);
  const { table, scores, segments, columns, outcomes, notes } = fileTable(read, {
    ...input,
    byPlace: input.folds !== undefined,
    today: dayOf(run.now()),
  });
  const analysis = await analysed(run, table, {
    ...(input.folds !== undefined && { folds: { set: input.folds } }),
    ...(segments !== undefined && { segments }),
    ...(scores !== undefined && { current: { points: scores, tiers: tiersOf(input.tiers) } }),
  });
  const file: FileRead = {
    name: read.name,
    rows: read.rows,
    columns,
    outcome: { column: input.outcome, ...outcomes },
    notes: [...read.notes, ...notes],
  };
  const plots = { lift: basename(written.lift), calibration: basename(written.calibration), tiers: basename(written.tiers) };
  const report = reportMarkdown(analysis, { title: `ICP refresh of ${outside(read.name)}`, read: fileSection(file), plots });
  if (signal.aborted) throw cancelled();
  const drawn = reportPlots(analysis);
  for (const plot of ['lift', 'calibration', 'tiers'] as const) await writeLines(written[plot], [drawn[plot]]);
  // last, so that a report that is there has the plots that it names
  await writeLines(written.report, [report.trimEnd()]);
  return { file, analysis, written };
}

/** Looks up between the parts, for Ctrl-C and the bar. */
async function analysed(
  { progress, signal }: Pick<Context, 'progress' | 'signal'>,
  table: OutcomeTable,
  options: AnalysisOptions,
): Promise<IcpAnalysis> {
  const watch = async (done: number, total: number, what: string) => {
    progress.report(done, total, what);
    await setImmediate();
  };
  try {
    return await analyseOutcomes(table, { ...options, progress: watch, signal });
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}

function tiersOf(given: string): { A: number; B: number } {
  const [A = 0, B = 0] = given.split(',').map(Number);
  if (A > B) return { A, B };
  throw new SamepageError(
    'invalid_input',
    `--tiers ${given}: tier A does not begin above tier B.`,
    'Write the lowest score of A first, as in --tiers 70,45.',
  );
}

function outFiles(out: string): FileAnalysis['written'] {
  const base = join(dirname(out), basename(out, extname(out)));
  return { report: out, lift: `${base}-lift.svg`, calibration: `${base}-calibration.svg`, tiers: `${base}-tiers.svg` };
}

/** What is written beside the report, by what is wrong with it. */
function plotFlags({ lift, calibration, tiers }: Plots): Record<string, string> {
  return { 'the plot of lift': lift, 'the plot of calibration': calibration, 'the plot of tiers': tiers };
}
