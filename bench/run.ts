/** What a benchmark gives back: its figures, under the names by which they are quoted. */
export type Figures = Record<string, number>;
/** @param args the options after the name, without `--json`. @param say a line for whoever watches. */
export type Benchmark = (args: readonly string[], say: (line: string) => void) => Promise<Figures>;

const BENCHMARKS: Record<string, () => Promise<Benchmark>> = {
  definitions: async () => (await import('./definitions.ts')).definitionsBench,
  enrichment: async () => (await import('./enrichment.ts')).enrichmentBench,
  'find-plays': async () => (await import('./find-plays.ts')).findPlaysBench,
  handoff: async () => (await import('./handoff.ts')).handoffBench,
  identity: async () => (await import('./identity.ts')).identityBench,
  import: async () => (await import('./import.ts')).importBench,
  move: async () => (await import('./move.ts')).moveBench,
  review: async () => (await import('./review.ts')).reviewBench,
  scoring: async () => (await import('./scoring.ts')).scoringBench,
  startup: async () => (await import('./startup.ts')).startupBench,
};

const [name = '', ...args] = process.argv.slice(2);
const load = BENCHMARKS[name];
if (load === undefined) {
  console.error(`npm run bench -- NAME [options] [--json], where NAME is one of ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(1);
}
const json = args.includes('--json');
const benchmark = await load();
const figures = await benchmark(
  args.filter((arg) => arg !== '--json'),
  (line) => console.error(line),
);
if (json) console.log(JSON.stringify(figures));
else {
  const width = Math.max(...Object.keys(figures).map((key) => key.length));
  for (const [key, value] of Object.entries(figures)) console.log(`${key.padEnd(width)}  ${value}`);
}
