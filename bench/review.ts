import { parseArgs } from 'node:util';
import type { Benchmark, Figures } from './run.ts';

/** Parts of the benchmark, in the order in which they run; each measures its own figures. */
const PARTS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  icp: async () => (await import('./review-icp.ts')).reviewIcp,
  guards: async () => (await import('./review-guards.ts')).reviewGuards,
  performance: async () => (await import('./review-performance.ts')).reviewPerformanceBench,
  refresh: async () => (await import('./review-refresh.ts')).reviewRefresh,
  attribution: async () => (await import('./review-attribution.ts')).reviewAttribution,
  markov: async () => (await import('./review-markov.ts')).reviewMarkov,
};

/**
 * Attribution, monthly performance and the refresh of the ICP, each part's figures in one table. `--part NAME` measures that one alone; it may be
 * repeated. The part `refresh` gives `refresh_deals`, `refresh_fields_s` and `refresh_workspace_s` (of a workspace; with `--not-analysed`, `refresh_not_analysed_s`; `refresh_78k_s` of `icp` is of a
 * table); what the others give stands in their files.
 */
export const reviewBench: Benchmark = async (args, say) => {
  const { values } = parseArgs({ args: [...args], options: { part: { type: 'string', multiple: true } }, strict: false });
  const asked = Array.isArray(values.part) ? values.part.map(String) : Object.keys(PARTS);
  const figures: Figures = {};
  for (const name of asked) {
    const load = PARTS[name];
    if (load === undefined) throw new Error(`--part ${name} is none of ${Object.keys(PARTS).join(', ')}`);
    const part = await load();
    Object.assign(figures, await part(args, say));
  }
  return figures;
};
