import { parseArgs } from 'node:util';
import { readWorkspace } from '../src/db/workspace.ts';
import { currentDefinition } from '../src/definitions/current-definition.ts';
import { ensureWorkspace } from '../src/definitions/ensure-workspace.ts';
import type { Context } from '../src/kernel/context.ts';
import { dayFromIso, dayOf } from '../src/kernel/dates.ts';
import { analyzeIcpRefresh } from '../src/review/analyze-icp-refresh.ts';
import { closedDeals } from '../src/review/closed-deals.ts';
import { outcomeOf } from '../src/review/core/deal-outcomes.ts';
import { fieldsToRead } from '../src/review/core/outcome-fields.ts';
import { type Asked, knownFields, peopleThen } from '../src/review/known-fields.ts';
import type { Benchmark } from './run.ts';
import { benchContext } from './support/bench-context.ts';
import { withPostgres } from './support/bench-postgres.ts';
import { fillOutcomes } from './support/fill-outcomes.ts';

const SETTINGS = { shared_buffers: '512MB', work_mem: '32MB', max_wal_size: '4GB', random_page_cost: 1.1 };
const PART = 5_000;

/**
 * The refresh of a workspace with 78,000 closed deals (`--deals`) on PostgreSQL: `refresh_fields_s`, reading the deals with the fields and
 * people that were known of each, and `refresh_workspace_s`, the whole of `analyze_icp_refresh` with its scores, analysis and draft. With
 * `--not-analysed` the tables have the statistics of a time before the deals came, and the figure is `refresh_not_analysed_s`.
 */
export const reviewRefresh: Benchmark = async (args, say) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      deals: { type: 'string', default: '78000' },
      'not-analysed': { type: 'boolean', default: false },
      'skip-postgres': { type: 'boolean', default: false },
    },
    strict: false,
  });
  if (values['skip-postgres'] === true) return {};
  const isAnalysed = values['not-analysed'] !== true;
  return withPostgres({ ...SETTINGS, ...(!isAnalysed && { autovacuum: 'off' }) }, async (db) => {
    let told = '';
    let began = performance.now();
    const report = (done: number, _: number | undefined, what: string) => {
      if (what !== told) say(`${((performance.now() - began) / 1000).toFixed(1)} s, ${done} %: ${what}`);
      told = what;
    };
    const ctx: Context = { ...benchContext(db, 'refresh'), now: () => new Date('2026-03-02T09:00:00Z') };
    await ensureWorkspace({ ...ctx, now: () => new Date('2024-11-01T09:00:00Z') });
    // what statistics there are are of another workspace, as right after an import
    const other: Context = { ...ctx, workspaceId: 'other' };
    await ensureWorkspace(other);
    await fillOutcomes(other, 10);
    await fillOutcomes(ctx, Number(values.deals), isAnalysed);
    say(`${values.deals} deals are made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    began = performance.now();
    const deals = await readFields(ctx);
    const fields = (performance.now() - began) / 1000;
    say(`${deals} deals with their fields in ${fields.toFixed(1)} s`);
    began = performance.now();
    const { analysis, draft } = await analyzeIcpRefresh({ ...ctx, progress: { report } }, { period: '2025-Q4' });
    const whole = (performance.now() - began) / 1000;
    say(
      `${analysis.proposals.length} findings, ${draft?.lines.length ?? 0} lines: ${analysis.proposals.map(({ text }) => text).join('; ')}`,
    );
    return { refresh_deals: deals, refresh_fields_s: fields, [isAnalysed ? 'refresh_workspace_s' : 'refresh_not_analysed_s']: whole };
  });
};

async function readFields(ctx: Context): Promise<number> {
  const taxonomy = (await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'taxonomy'))).document;
  const today = dayOf(ctx.now());
  const { deals } = await closedDeals(ctx, { from: dayFromIso('2025-01-01'), to: dayFromIso('2026-01-01'), today });
  const cutOff = { daysBeforeClose: null, values: 'then' as const };
  const asked = deals.flatMap((deal): Asked[] => {
    const outcome = outcomeOf(deal, { today, knownAt: ctx.now().getTime(), cutOff });
    return typeof outcome === 'string' ? [] : [{ id: outcome.id, node: outcome.account, knownAt: outcome.knownAt, day: outcome.cutOffDay }];
  });
  const keys = (entity: 'account' | 'person') =>
    fieldsToRead(taxonomy).read.flatMap((field) => (field.entity === entity ? [field.key] : []));
  for (let start = 0; start < asked.length; start += PART) {
    const part = asked.slice(start, start + PART);
    const people = await peopleThen(ctx, part);
    await knownFields(ctx, 'account', part, { fields: keys('account'), policy: taxonomy });
    const withPerson = part.flatMap((one) => (people.has(one.id) ? [{ ...one, node: people.get(one.id) ?? '' }] : []));
    await knownFields(ctx, 'person', withPerson, { fields: keys('person'), policy: taxonomy });
  }
  return asked.length;
}
