import { expect, test } from 'vitest';
import { Simulation, sharedWorld } from '../../../bench/support/market-world.ts';

const world = await sharedWorld();

/** A short form of `npm run bench -- enrichment`, on a seed that was not used for anything else. */
test.skipIf(world === undefined)(
  'the simulated market: correct, precise, in time, within the budget (skipped without the shared data)',
  () => {
    if (world === undefined) return;
    const market = world.createWorld(41);
    const simulation = new Simulation(market, world.FIELDS);
    for (const record of market.records(400)) simulation.run(record, true);
    const runs = market.records(250).map((record) => simulation.run(record, true));
    const summary = world.summarize(runs);
    expect(summary.correctOfExisting).toBeGreaterThan(0.85);
    expect(summary.precision).toBeGreaterThan(0.93);
    expect(summary.cost).toBeLessThan(7);
    expect(summary.p95Ms).toBeLessThanOrEqual(5000);
    expect(Math.max(...runs.map(({ cost }) => cost))).toBeLessThanOrEqual(8);
    // the same again is the same to the last digit
    const again = new Simulation(market, world.FIELDS);
    const [record] = market.records(1);
    if (record === undefined) throw new Error('the market has no record');
    const other = new Simulation(market, world.FIELDS);
    expect(other.run(record, true)).toEqual(again.run(record, true));
  },
);
