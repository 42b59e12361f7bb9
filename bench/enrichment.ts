import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { openDatabase } from '../src/db/client.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { enrichWith } from '../src/enrichment/enrich-record.ts';
import { lateWork } from '../src/enrichment/late-work.ts';
import { askCompanyLists, bestSingleFill, fillOf, plannedFill } from '../test/support/company-fill.ts';
import { testContext } from '../test/support/context.ts';
import { type FaultReport, faultRuns } from '../test/support/fault-runs.ts';
import { importText } from '../test/support/imports.ts';
import { startPostgres } from '../test/support/postgres-server.ts';
import { hit, offerOf, StaticHouse } from '../test/support/static-providers.ts';
import type { Figures } from './run.ts';
import { Simulation, type Summary, sharedWorld } from './support/market-world.ts';
import { plannerMs } from './support/planner-speed.ts';

const WARM_UP = 1_500;
const MEASURED = 1_000;

/**
 * The planner on the simulated market beside the shared data (without it, those figures are left out): mean over the seeds, after
 * a warm-up and without anything learned. Then its speed, that of records whose answers are kept, and the money under faults.
 */
export async function enrichmentBench(args: readonly string[], say: (line: string) => void): Promise<Figures> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1-8' },
      faults: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: 'sim,real,planner,kept,faults' },
    },
  });
  const parts: Record<string, () => Promise<Figures>> = {
    sim: () => simulated(seedsOf(values.seeds), say),
    real: () => realFigures(say),
    planner: async () => ({ planner_ms: round(plannerMs(), 3) }),
    kept: () => keptRecords(say),
    faults: () => moneyFigures(Number(values.faults), Number(values.seed), say),
  };
  const figures: Figures = {};
  for (const name of values.only.split(',')) Object.assign(figures, await parts[name]?.());
  return figures;
}

async function simulated(seeds: readonly number[], say: (line: string) => void): Promise<Figures> {
  const world = await sharedWorld();
  if (world === undefined) {
    say('The simulated market is not beside the shared data: no figures of it.');
    return {};
  }
  const warm: Summary[] = [];
  const cold: Summary[] = [];
  for (const seed of seeds) {
    const market = world.createWorld(seed);
    const simulation = new Simulation(market, world.FIELDS);
    for (const record of market.records(WARM_UP)) simulation.run(record, true);
    const records = market.records(MEASURED);
    const learned = world.summarize(records.map((record) => simulation.run(record, true)));
    const fresh = new Simulation(market, world.FIELDS);
    const unlearned = world.summarize(records.map((record) => fresh.run(record, false)));
    warm.push(learned);
    cold.push(unlearned);
    say(`seed ${seed}: ${summaryText(learned)}; cold ${summaryText(unlearned)}`);
  }
  const mean = (of: readonly Summary[], key: keyof Summary) => of.reduce((sum, summary) => sum + summary[key], 0) / of.length;
  return {
    sim_correct: round(mean(warm, 'correctOfExisting'), 4),
    sim_precision: round(mean(warm, 'precision'), 4),
    sim_cost: round(mean(warm, 'cost'), 2),
    sim_calls: round(mean(warm, 'calls'), 1),
    sim_p50_ms: Math.round(mean(warm, 'p50Ms')),
    sim_p95_ms: Math.round(mean(warm, 'p95Ms')),
    sim_cold_correct: round(mean(cold, 'correctOfExisting'), 4),
    sim_cold_precision: round(mean(cold, 'precision'), 4),
    sim_cold_cost: round(mean(cold, 'cost'), 2),
  };
}

const COMPANIES = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', 'companies');

/** Five fields of the companies beside the shared data, from the lists there. */
async function realFigures(say: (line: string) => void): Promise<Figures> {
  if (!existsSync(COMPANIES)) {
    say('The lists of companies are not beside the shared data: no figures of them.');
    return {};
  }
  const db = await memoryDatabase();
  try {
    const ctx = testContext(db);
    await ensureWorkspace(ctx);
    const companies = await askCompanyLists(ctx, COMPANIES);
    const { fill, conflicts } = plannedFill(companies, ctx.now());
    return {
      real_fill: round(fill, 4),
      real_fill_any: round(fillOf(companies, [...companies.answers.keys()]), 4),
      best_single_fill: round(bestSingleFill(companies), 4),
      real_conflicts: conflicts,
    };
  } finally {
    await db.close();
  }
}

/** How many records a second are answered from what is kept, embedded: fifty in a call, and one in a call. */
async function keptRecords(say: (line: string) => void): Promise<Figures> {
  const db = await memoryDatabase();
  const ctx = testContext(db);
  await ensureWorkspace(ctx);
  const domains = Array.from({ length: 300 }, (_, i) => `company-${i}.example`);
  await importText(ctx, 'accounts', `domain\n${domains.join('\n')}\n`);
  const fields = ['account.industry', 'account.employees', 'account.city'];
  const house = new StaticHouse(
    Array.from({ length: 6 }, (_, i) => [
      offerOf(`vendor-${i}`, fields, { billing: 'hit', priceMicros: 1000, latency: { medianMs: 1, spread: 0.3 } }),
      () => hit({ 'account.industry': 'software', 'account.employees': 12 }, 1000),
    ]),
  );
  const enrich = async (size: number) => {
    const started = performance.now();
    for (let i = 0; i < domains.length; i += size) {
      await enrichWith(ctx, house, { records: domains.slice(i, i + size), fields, min_confidence: 1, deadline_seconds: 60 });
    }
    return (domains.length * 1000) / (performance.now() - started);
  };
  await enrich(50);
  await lateWork(db);
  const asked = house.asked.length;
  // nothing was sure enough to be written: every field is wanted again, and answered from what is kept
  const figures = { records_per_s: Math.round(await enrich(50)), single_records_per_s: Math.round(await enrich(1)) };
  say(`${domains.length} records from kept answers, twice; ${house.asked.length - asked} calls were made`);
  await db.close();
  return figures;
}

const memoryDatabase = () => openDatabase({ databaseUrl: undefined, dataDir: 'memory' });

/** Runs of one workspace: each has its own seed, its own records and its own money. */
const RUNS_A_WORLD = 1_000;
const WORLDS_AT_ONCE = 4;

async function moneyFigures(runs: number, seed: number, say: (line: string) => void): Promise<Figures> {
  if (runs === 0) return {};
  const server = await startPostgres();
  const db =
    server === undefined ? await memoryDatabase() : await openDatabase({ databaseUrl: `${server.url}/postgres`, dataDir: 'memory' });
  const limit = pLimit(WORLDS_AT_ONCE);
  const started = performance.now();
  const reports = await Promise.all(
    Array.from({ length: Math.ceil(runs / RUNS_A_WORLD) }, (_, i) =>
      limit(() => faultRuns(db, { runs: Math.min(RUNS_A_WORLD, runs - i * RUNS_A_WORLD), seed: seed * 1_000 + i, atOnce: 8 })),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  const sum = (of: (report: FaultReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const faults = new Map<string, number>();
  for (const report of reports) for (const [fault, n] of Object.entries(report.faults)) faults.set(fault, (faults.get(fault) ?? 0) + n);
  say(
    `faults on ${db.dialect}: ${JSON.stringify(Object.fromEntries(faults))} in ${sum(({ calls }) => calls)} calls, ${((1000 * seconds) / runs).toFixed(1)} ms a run`,
  );
  await db.close();
  await server?.stop();
  return {
    faults_runs: sum((report) => report.runs),
    double_payments: sum(({ doublePayments }) => doublePayments),
    ceiling_breaches: sum(({ ceilingBreaches }) => ceilingBreaches),
    unaccounted_micros: sum(({ unaccounted }) => unaccounted),
  };
}

/** `1-8` or `1,5,9`. */
function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

function summaryText(summary: Summary): string {
  const { correctOfExisting, precision, cost, p50Ms, p95Ms } = summary;
  return `${(correctOfExisting * 100).toFixed(1)} % correct, ${(precision * 100).toFixed(1)} % precise, ${cost.toFixed(2)} credits, ${p50Ms} and ${p95Ms} ms`;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
