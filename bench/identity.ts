import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stitchFile } from '../src/identity/stitch-file.ts';
import { NO_PROGRESS } from '../src/kernel/context.ts';
import { sharedIdentityData } from '../test/support/identity-data.ts';
import { identityAccountsFigures } from './identity-accounts.ts';
import { identityLookupFigures } from './identity-lookup.ts';
import { identityStreamFigures } from './identity-stream.ts';
import { unmergeFigures } from './identity-unmerge.ts';
import type { Figures } from './run.ts';
import { writeAdversary } from './support/adversary.ts';
import { labelledSets, pairsWithin, pairwise } from './support/identity-sets.ts';

/** People of whom some are leads. */
const LEADS = 100_000;

/**
 * Stitches the public sets of people and restaurants, then generated people as the built command does it (`npm run build` first), always
 * at the default threshold with the kinds of columns guessed. Without the shared data it says so and measures nothing. `--part lookup` measures
 * look-ups and intakes alone (`lookup_*`, `intake_*`, `index_accounts_per_s`), among as many accounts as `--records` says.
 */
export async function identityBench(args: readonly string[], say: (line: string) => void): Promise<Figures> {
  const { values } = parseArgs({
    args: [...args],
    options: { records: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '7' }, part: { type: 'string' } },
  });
  if (values.part !== undefined && values.part !== 'lookup') throw new Error(`--part ${values.part} is none: give lookup, or leave it out`);
  const shared = sharedIdentityData();
  if (shared === undefined) {
    say('The shared data (SAMEPAGE_SHARED_DATA, or ../shared/data) is not there: no figures.');
    return {};
  }
  if (values.part === 'lookup') return identityLookupFigures({ shared, accounts: Number(values.records) }, say);
  const folder = await mkdtemp(join(tmpdir(), 'samepage-bench-'));
  try {
    const figures: Figures = {};
    for (const set of await labelledSets(shared)) {
      const [path, out] = [join(folder, `${set.name}.csv`), join(folder, `${set.name}-clusters.csv`)];
      await writeFile(path, set.csv);
      await stitchFile({ path, map: new Map(), out }, NO_PROGRESS);
      const { f1, precision, recall } = pairwise(await readFile(out, 'utf8'), set);
      say(`${set.name}: F1 ${f1.toFixed(4)}, precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`);
      figures[`${set.name}_f1`] = round(f1, 4);
    }
    const records = Number(values.records);
    const generator = resolve(shared, '../../tools/generate-people.mjs');
    const tenth = await people(folder, generator, Math.round(records / 10), values.seed, say);
    const whole = await people(folder, generator, records, values.seed, say);
    Object.assign(
      figures,
      whole,
      { growth_100k_1m: round(whole.people_1m_s / tenth.people_1m_s, 1) },
      await adversary(folder, records, say),
    );
    Object.assign(figures, await identityAccountsFigures({ records: Math.min(records, LEADS), seed: Number(values.seed) }, say));
    Object.assign(figures, await unmergeFigures(say));
    Object.assign(figures, await identityStreamFigures({ shared, people: 20_000, seed: values.seed }, say));
    Object.assign(figures, await identityLookupFigures({ shared, accounts: records }, say));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function people(folder: string, generator: string, records: number, seed: string, say: (line: string) => void) {
  const [path, out] = [join(folder, 'people.csv'), join(folder, 'clusters.csv')];
  await ended(spawn(process.execPath, [generator, '--records', String(records), '--seed', seed, '--people', path], { stdio: 'ignore' }));
  say(`${records} people generated, seed ${seed}`);
  const { seconds, peak, report } = await stitched(path, out);
  const truth = column(await readFile(path, 'utf8'), 9);
  const found = column(await readFile(out, 'utf8'), 1);
  const right = pairsWithin(truth.map((person, i) => `${person}|${found[i]}`));
  const [precision, recall] = [right / pairsWithin(found), right / pairsWithin(truth)];
  return {
    people_1m_s: round(seconds, 1),
    people_1m_f1: round((2 * precision * recall) / (precision + recall), 4),
    people_1m_precision: round(precision, 4),
    people_1m_largest: report.largest,
    people_1m_peak_mb: Math.round(peak),
    pairs_per_s: Math.round(report.pairs_compared / seconds),
  };
}

/** People who share what says little: none of them are one, but for those who are alike in all. */
async function adversary(folder: string, records: number, say: (line: string) => void): Promise<Figures> {
  const [path, out] = [join(folder, 'adversary.csv'), join(folder, 'adversary-clusters.csv')];
  await writeAdversary(path, records);
  say(`${records} people who share phones, addresses, domains and names`);
  const { seconds, peak, report } = await stitched(path, out);
  return { adversary_s: round(seconds, 1), adversary_largest: report.largest, adversary_peak_mb: Math.round(peak) };
}

interface Run {
  seconds: number;
  /** Megabytes at most. */
  peak: number;
  report: { pairs_compared: number; largest: number };
}

/** Runs the built command on a file. */
async function stitched(path: string, out: string): Promise<Run> {
  const started = performance.now();
  // the process says itself what memory it took at most
  const hook = "data:text/javascript,process.on('exit',()=>process.send(process.resourceUsage().maxRSS))";
  const child = spawn(process.execPath, ['--import', hook, 'dist/main.js', 'stitch', path, '--out', out, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  let report = '';
  let peak = 0;
  child.stdout?.on('data', (text) => {
    report += String(text);
  });
  child.on('message', (kilobytes) => {
    peak = Number(kilobytes) / 1024;
  });
  await ended(child);
  return { seconds: (performance.now() - started) / 1000, peak, report: JSON.parse(report) as Run['report'] };
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the process ended with ${code}; is the project built?`);
}

/** The cells of one column; generated cells have neither quotes nor line ends in them. */
function column(csv: string, at: number): string[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => (line.includes('"') ? line.replace(/"[^"]*"/g, '') : line).split(',')[at] ?? '');
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
