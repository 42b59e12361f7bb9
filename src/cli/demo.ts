import { InvalidArgumentError } from 'commander';
import type { DemoStep } from '../demo/run-demo.ts';
import type { Context } from '../kernel/context.ts';
import { dayFromIso, dayOf, isIsoDate } from '../kernel/dates.ts';
import { SamepageError } from '../kernel/errors.ts';
import type { CliDeps, Register } from './deps.ts';

interface Options {
  seed: number;
  companies?: string;
  keep?: string;
  date?: number;
  json: boolean;
}

/** `samepage-mcp demo`: the whole loop on a workspace that is made for it, and thrown away unless it is to be kept. */
export const register: Register = (program, deps) => {
  program
    .command('demo')
    .description('the demonstration: invented companies are imported, scored and asked about, in a workspace of their own')
    .option('--seed <number>', 'another seed invents other companies', readSeed, 7)
    .option('--companies <folder>', 'build on the company lists of a folder instead; people and engagement are invented on top')
    .option('--keep <folder>', 'keep the workspace and the files in a new folder, to connect a client to')
    .option('--date <YYYY-MM-DD>', 'tell it as of this day; today when left out', readDate)
    .option('--json', 'print the main figures as one JSON object', false)
    .action((options: Options) => demonstrate(options, deps));
};

async function demonstrate(options: Options, deps: CliDeps): Promise<void> {
  const started = performance.now();
  if (options.companies !== undefined) await (await import('../records/list-data-files.ts')).listDataFiles([options.companies]);
  const { place, keepDir } = await findPlace(options.keep);
  const { signal } = deps;
  try {
    const steps = await runSteps(options, deps, place, signal);
    if (options.json) {
      const { demoFigures } = await import('../demo/figures.ts');
      deps.out(JSON.stringify(demoFigures(demoDay(options), steps), null, 2));
      return;
    }
    const [{ connectText }, { section }] = await Promise.all([import('./demo-connect.ts'), import('./demo-text.ts')]);
    deps.out(section('Connect a client', []));
    const asked = steps.find((step) => step.step === 'heat')?.asked ?? '';
    deps.out(connectText(keepDir === undefined ? undefined : place.dataDir, asked));
    deps.err(`\n${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    if (!signal.aborted) throw error;
    deps.err('Stopped.');
  } finally {
    if (keepDir === undefined) await remove(place.folder);
  }
}

async function runSteps(options: Options, deps: CliDeps, place: Place, signal: AbortSignal): Promise<DemoStep[]> {
  const [{ openWorkspace }, { createProgress }, { runDemo }, { stepText }] = await Promise.all([
    import('../open-workspace.ts'),
    import('./progress.ts'),
    import('../demo/run-demo.ts'),
    import('./demo-text.ts'),
  ]);
  const { seed, day } = demoDay(options);
  const say = options.json ? () => {} : deps.out;
  const known = options.companies === undefined ? 'Companies, people' : 'The companies are those of your lists; people';
  say(`The demonstration of Samepage, seed ${seed}. ${known} and engagement are invented.`);
  const progress = await createProgress(process.stderr, deps.err);
  progress.report(0, 1, 'making a workspace');
  // a day that was given stands still, so that the same day tells the same story
  const at = options.date === undefined ? new Date() : new Date(day * DAY_MS + NOON);
  const clock = options.date === undefined ? () => new Date() : () => at;
  const config = { databaseUrl: undefined, dataDir: place.dataDir, workspaceId: 'default', logLevel: 'error' as const, ownerIdleMs: 0 };
  const workspace = await openWorkspace(config, clock);
  const steps: DemoStep[] = [];
  try {
    const ctx = workspace.context({ actor: { id: 'demo', scopes: new Set(['read', 'write'] as const) }, progress, signal });
    signal.throwIfAborted();
    for await (const step of runDemo(ctx, { seed, day, lists: options.companies, exports: place.exports, providers: place.providers })) {
      progress.stop();
      say(stepText(step, step.step === 'heat' && !options.json ? await askHeat(ctx, step.asked) : undefined));
      steps.push(step);
      signal.throwIfAborted();
    }
    return steps;
  } finally {
    progress.stop();
    await workspace.close();
  }
}

async function askHeat(ctx: Context, account: string): Promise<string> {
  const [{ getAccountHeatTool }, { answer }] = await Promise.all([import('../tools/get-account-heat.ts'), import('./print-tool.ts')]);
  return answer(getAccountHeatTool, { account }, ctx, false);
}

const DAY_MS = 86_400_000;
const NOON = DAY_MS / 2;

function demoDay({ seed, date }: Options): { seed: number; day: number } {
  return { seed, day: date ?? dayOf(new Date()) };
}

interface Place {
  /** Holds everything of this demonstration. */
  folder: string;
  dataDir: string;
  exports: string;
  providers: string;
}

/** A temporary folder and a database in memory, or the folder that was asked for, which must not hold anything. */
async function findPlace(keep: string | undefined): Promise<{ place: Place; keepDir: string | undefined }> {
  const [{ mkdir, mkdtemp, readdir }, { tmpdir }, { join, resolve }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  if (keep === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'samepage-demo-'));
    return {
      place: { folder, dataDir: 'memory', exports: join(folder, 'exports'), providers: join(folder, 'providers') },
      keepDir: undefined,
    };
  }
  const folder = resolve(keep);
  const refuse = (reason: string, cause?: unknown) =>
    new SamepageError('folder_rejected', `--keep: ${folder} ${reason}.`, 'Give a new folder, or an empty one.', { cause });
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw refuse('cannot be made', cause);
  });
  if ((await readdir(folder)).length > 0) throw refuse('is not empty');
  return {
    place: { folder, dataDir: join(folder, 'workspace'), exports: join(folder, 'exports'), providers: join(folder, 'providers') },
    keepDir: folder,
  };
}

async function remove(folder: string): Promise<void> {
  const { rm } = await import('node:fs/promises');
  await rm(folder, { recursive: true, force: true });
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A seed is a whole number from 0 to 999999999.');
  return seed;
}

function readDate(text: string): number {
  if (!isIsoDate(text)) throw new InvalidArgumentError('A day is written YYYY-MM-DD.');
  const day = dayFromIso(text);
  if (day > dayOf(new Date())) throw new InvalidArgumentError('The day lies in the future.');
  return day;
}
