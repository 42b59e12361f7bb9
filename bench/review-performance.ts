import { parseArgs } from 'node:util';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { reviewPerformance } from '../src/review/review-performance.ts';
import type { Benchmark } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { timed, withPostgres } from './support/bench-postgres.ts';
import { fillPerformance } from './support/fill-performance.ts';
import { percentile } from './support/owner.ts';
import { settle } from './support/settle.ts';

const ROUNDS = 3;
const SETTINGS = { shared_buffers: '512MB', work_mem: '32MB', max_wal_size: '4GB', random_page_cost: 1.1 };

/** `performance_s`: the review of the last whole month over a year of so many leads on PostgreSQL, the middle of the rounds. */
export const reviewPerformanceBench: Benchmark = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: { leads: { type: 'string', default: '1000000' }, 'skip-postgres': { type: 'boolean', default: false } },
    strict: false,
  });
  if (values['skip-postgres'] === true) return {};
  return withPostgres(SETTINGS, async (db, url) => {
    const ctx = benchContext(db, 'performance');
    await ensureWorkspace(ctx);
    const filled = await timed(() => fillPerformance(db, ctx.workspaceId, Number(values.leads), ctx.now()));
    await settle(url);
    say(`${values.leads} leads are made in ${filled.toFixed(0)} s`);
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      let last = performance.now();
      const steps: string[] = [];
      const progress = {
        report(_done: number, _total: number | undefined, message: string) {
          const now = performance.now();
          steps.push(`${message.split(' of ')[0]} ${((now - last) / 1000).toFixed(2)} s`);
          last = now;
        },
      };
      rounds.push(await timed(() => reviewPerformance({ ...ctx, progress }, {})));
      say(steps.join(', '));
    }
    return { performance_s: percentile(rounds, 0.5) };
  });
};
