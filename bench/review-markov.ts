import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributePaths } from '../src/attribution/attribute-paths.ts';
import { type CountedPath, markovCredits } from '../src/attribution/core/markov.ts';
import { chanceFrom } from '../src/kernel/chance.ts';
import { NO_PROGRESS } from '../src/kernel/context.ts';
import type { Benchmark } from './run.ts';

const PATHS = 100_000;
const CHANNELS = 60;

/**
 * 100,000 paths of 1 to 12 touches over 60 channels, nearly all of them different. `markov_100k_s` and `markov_order2_100k_s`: removal effects of
 * all channels, from paths in memory. `attribute_100k_s`: the command's work on them as a file, all models that need no times.
 */
export const reviewMarkov: Benchmark = async (_, say) => {
  const paths = inventPaths();
  const first = timed(() => markovCredits(paths, 1));
  const second = timed(() => markovCredits(paths, 2));
  const folder = await mkdtemp(join(tmpdir(), 'samepage-paths-'));
  try {
    const file = join(folder, 'paths.csv');
    const lines = paths.map(({ path, conversions, nulls }) => `${path.join(' > ')},${conversions},${conversions * 12.5},${nulls}`);
    await writeFile(file, ['path,conversions,value,nulls', ...lines].join('\n'));
    const start = performance.now();
    const report = await attributePaths({ progress: NO_PROGRESS, signal: new AbortController().signal }, { paths: file });
    const command = (performance.now() - start) / 1000;
    say(`${report.totals.rows} paths, ${report.totals.touches} touches, ${report.totals.channels} channels`);
    return { markov_100k_s: rounded(first), markov_order2_100k_s: rounded(second), attribute_100k_s: rounded(command) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Some channels come often and most seldom, as channels do. */
function inventPaths(): CountedPath[] {
  const chance = chanceFrom(8);
  return Array.from({ length: PATHS }, () => ({
    path: Array.from({ length: 1 + Math.floor(chance() ** 2 * 12) }, () => `channel ${Math.floor(chance() ** 2 * CHANNELS)}`),
    conversions: chance() < 0.2 ? 1 + Math.floor(chance() * 3) : 0,
    nulls: Math.floor(chance() * 20),
  }));
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

const rounded = (n: number) => Math.round(n * 100) / 100;
