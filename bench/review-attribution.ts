import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { CreditInput } from '../src/attribution/core/credited-row.ts';
import { creditedAmounts } from '../src/attribution/credited.ts';
import { readWorkspace } from '../src/db/workspace.ts';
import type { AttributionModel } from '../src/definitions/core/attribution.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import { dayOf } from '../src/kernel/dates.ts';
import type { Benchmark, Figures } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { timed, withPostgres } from './support/bench-postgres.ts';
import { fillAttributed } from './support/fill-attributed.ts';
import { settle } from './support/settle.ts';

const SETTINGS = { shared_buffers: '512MB', work_mem: '32MB', max_wal_size: '4GB', random_page_cost: 1.1 };
const LINEAR: AttributionModel = { type: 'linear' };
const W_SHAPED: AttributionModel = {
  type: 'weighted',
  weights: { first_touch: 30, lead_created: 30, opportunity_created: 30, others: 10 },
};

/**
 * Twenty touches each of so many opportunities on PostgreSQL (BENCH_DATABASE_URL, or a server started for it): `attribution_1m_s`, the slower of a linear
 * model and a W-shaped one by channel; `attribution_1m_source_s`, the W-shaped one by source and month.
 */
export const reviewAttribution: Benchmark = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: { opportunities: { type: 'string', default: '50000' }, 'skip-postgres': { type: 'boolean', default: false } },
    strict: false,
  });
  if (values['skip-postgres'] === true) return {};
  return withPostgres(SETTINGS, async (db, url) => {
    const ctx = benchContext(db, 'attribution');
    await ensureWorkspace(ctx);
    const to = dayOf(ctx.now());
    const filled = await timed(() =>
      fillAttributed(db, ctx.workspaceId, { opportunities: Number(values.opportunities), touches: 20, lastDay: to }),
    );
    await settle(url);
    const [{ n }] = z
      .tuple([z.object({ n: z.coerce.number() })])
      .parse(await readWorkspace(ctx, (tx) => tx.query('select count(*) as n from event where workspace_id = $1', [ctx.workspaceId])));
    say(`${n} touches are made in ${filled.toFixed(0)} s`);
    const credit = (name: string, model: AttributionModel, by: CreditInput['by']) =>
      timed(async () => {
        const rows = await readWorkspace(ctx, (tx) =>
          creditedAmounts(tx, ctx, { from: to - 90, to, conversion: 'opportunity_created', model, by }),
        );
        const deals = rows.reduce((sum, { millionths }) => sum + millionths, 0) / 1_000_000;
        say(`${name}: ${deals} opportunities, ${rows.length} rows`);
      });
    const linear = await credit('linear', LINEAR, ['channel']);
    const shaped = await credit('W-shaped', W_SHAPED, ['channel']);
    say(`linear ${linear.toFixed(2)} s, W-shaped ${shaped.toFixed(2)} s`);
    const figures: Figures = { attribution_1m_s: Math.max(linear, shaped) };
    figures.attribution_1m_source_s = await credit('W-shaped by source and month', W_SHAPED, ['source', 'period']);
    return figures;
  });
};
