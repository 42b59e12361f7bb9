import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import type { Database } from '../../src/kernel/database.ts';
import { dayFromIso, dayOf } from '../../src/kernel/dates.ts';
import { closedDeals } from '../../src/review/closed-deals.ts';
import { type Asked, knownFields } from '../../src/review/known-fields.ts';
import { type ReadOutcomes, readOutcomes } from '../../src/review/read-outcomes.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { believedWorld, readLogs } from '../support/identity-oracle.ts';
import { happen, turn } from '../support/identity-story.ts';
import { clockOf, definitionsOf, storyWorld } from '../support/identity-world.ts';
import { importText } from '../support/imports.ts';
import { accountsText, earlyWorkspace, inventDeals, makeDeals, makeOutcomes, peopleText } from '../support/outcome-world.ts';

const DEALS = inventDeals(7, 40, true);
const YEAR = { from: dayFromIso('2025-01-01'), to: dayFromIso('2026-01-01') };

async function read(ctx: TestContext, cutOff: { daysBeforeClose?: number; values?: 'then' | 'today' } = {}): Promise<ReadOutcomes> {
  const definitions = await readWorkspace(ctx, async (tx) => ({
    rubric: (await currentDefinition(tx, ctx, 'rubric')).document,
    icp: (await currentDefinition(tx, ctx, 'icp')).document,
    taxonomy: (await currentDefinition(tx, ctx, 'taxonomy')).document,
  }));
  const closed = await closedDeals(ctx, { ...YEAR, today: dayOf(ctx.now()) });
  return readOutcomes(ctx, { ...YEAR, ...definitions, closed, cutOff: { daysBeforeClose: null, values: 'then', ...cutOff } });
}

/** Each deal's values by column, as text. */
function rowsOf({ table }: ReadOutcomes): Record<string, Record<string, string>> {
  const value = (column: ReadOutcomes['table']['columns'][number], row: number) =>
    column.type === 'level' ? (column.levels[column.codes[row] ?? -1] ?? '–') : String(column.values[row]);
  return Object.fromEntries(
    table.ids.map((id, row) => [id, Object.fromEntries(table.columns.map((column) => [column.name, value(column, row)]))]),
  );
}

describeDatabases('outcomes as they were known before', (open, dialect) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });

  it('has each deal once, with the values, person, events and score of its cut-off', async () => {
    const ctx = await earlyWorkspace(db);
    await makeOutcomes(ctx, DEALS);
    const found = await read(ctx);
    expect(found.table.ids).toEqual([...found.table.ids].sort());
    expect(found.table.won.reduce((sum, won) => sum + won, 0)).toBe(DEALS.filter(({ won }) => won).length);
    expect([found.witnessed, found.nothingKnown, found.accounts]).toEqual([DEALS.length, 0, DEALS.length]);
    const names = await readWorkspace(ctx, (tx) => tx.query('select id, name from opportunity where workspace_id = $1', [ctx.workspaceId]));
    const rows = rowsOf(found);
    for (const { id, name } of names) {
      const deal = DEALS.find((one) => `Deal ${one.id}` === name);
      // the event was recorded long after the cut-off
      expect(rows[String(id)]).toMatchObject({
        'account.industry': deal?.industry,
        'account.employees': String(deal?.employees),
        'account.country': deal?.country,
        'person.seniority': deal?.seniority,
      });
    }
    expect(found.table.columns.some(({ name }) => name.startsWith('events.'))).toBe(false);
    expect(found.scores.every(({ score }) => score > 0)).toBe(true);
  });

  it('never sees what was recorded or became true after the cut-off', async () => {
    const ctx = await earlyWorkspace(db);
    await makeOutcomes(ctx, DEALS);
    const before = await read(ctx);
    // what sales learned of those that bought: with a time of long before, and with its own
    const telling = DEALS.map((deal) => ({ ...deal, industry: deal.won ? 'software' : 'banking', employees: deal.won ? 1 : 2 }));
    await importText(ctx, 'accounts', accountsText(telling), { source: 'hubspot', observed_at: '2024-11-01T00:00:00Z' });
    await importText(ctx, 'accounts', accountsText(telling), { source: 'salesforce', observed_at: '2026-02-01T00:00:00Z' });
    const people = DEALS.map((deal) => ({ ...deal, seniority: deal.won ? 'vp' : 'manager' }));
    await importText(ctx, 'people', peopleText(people), { source: 'salesforce', observed_at: '2024-12-14T00:00:00Z' });
    const after = await read(ctx);
    expect(rowsOf(after)).toEqual(rowsOf(before));
    expect(after.scores).toEqual(before.scores);
  });

  it('believes the times of a history that was imported later, and says so', async () => {
    const ctx = await newWorkspace(db);
    ctx.setNow('2026-03-02T09:00:00Z');
    await importText(ctx, 'accounts', accountsText(DEALS), { source: 'salesforce', observed_at: '2024-12-01T00:00:00Z' });
    const late = DEALS.map((deal) => ({ ...deal, industry: deal.won ? 'energy' : 'media' }));
    await importText(ctx, 'accounts', accountsText(late), { source: 'salesforce', observed_at: '2026-01-15T00:00:00Z' });
    await makeDeals(ctx, DEALS);
    const found = await read(ctx);
    expect(found.witnessed).toBe(0);
    const industries = Object.values(rowsOf(found)).map((row) => row['account.industry']);
    expect(new Set(industries)).toEqual(new Set(DEALS.map(({ industry }) => industry)));
    expect(found.table.columns.map(({ name }) => name)).toContain('events.demo_request');
    const today = await read(ctx, { values: 'today' });
    expect(new Set(Object.values(rowsOf(today)).map((row) => row['account.industry']))).toEqual(new Set(['energy', 'media']));
  });

  it('leaves out what has no outcome or no cut-off, each with its reason', async () => {
    const ctx = await newWorkspace(db);
    await importText(ctx, 'accounts', 'domain,name\nf1.com,One\n', { observed_at: '2024-12-01T00:00:00Z' });
    const odd = [
      'a,Created after its close,f1.com,Closed Won,2025-05-02,2025-05-01,',
      'b,Closes in the future,f1.com,Closed Won,2025-05-02,2027-05-01,',
      'c,No account,,Closed Lost,2025-05-02,2025-06-01,',
      'd,No day of its creation,f1.com,Closed Lost,,2025-06-01,',
      'e,Still open,f1.com,Proposal,2025-05-02,2025-06-01,',
      'f,Good,f1.com,Closed Lost,2025-05-02,2025-06-01,-5',
      'g,Of another year,f1.com,Closed Lost,2023-05-02,2023-06-01,',
      'h,Of one day,f1.com,Closed Won,2025-05-02,2025-05-02,',
    ];
    await importText(
      ctx,
      'opportunities',
      `Opportunity ID,Opportunity Name,domain,Stage,Created Date,Close Date,Amount\n${odd.join('\n')}\n`,
    );
    const found = await read(ctx);
    expect(found.leftOut).toEqual({ closed_before_created: 1, closes_in_future: 1, no_account: 1, no_created_date: 1 });
    expect([found.table.ids.length, found.all, found.negative]).toEqual([2, { closed: 7, open: 1 }, 1]);
    // the day before its close at the latest
    expect(found.asked.map(({ day }) => day).sort()).toEqual(['2025-05-01', '2025-05-02'].map(dayFromIso));
    expect((await read(ctx, { daysBeforeClose: 10 })).leftOut).toEqual({ closed_before_created: 1, closes_in_future: 1, no_account: 1 });
  });

  it('is empty where there are no deals', async () => {
    const ctx = await newWorkspace(db);
    const found = await read(ctx);
    expect([found.table.ids, found.table.columns, found.scores]).toEqual([[], [], []]);
  });

  it('stops when it is cancelled', async () => {
    const ctx = await earlyWorkspace(db);
    await makeOutcomes(ctx, DEALS.slice(0, 12));
    const stop = new AbortController();
    let told = 0;
    const progress = {
      report() {
        told += 1;
        stop.abort();
      },
    };
    await expect(read({ ...ctx, progress, signal: stop.signal })).rejects.toThrow();
    expect(told).toBeGreaterThan(0);
  });

  it('gives the fields of many standpoints as the logs say of each, also of merged records', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), fc.array(turn, { minLength: 3, maxLength: 6 }), async (seed, turns) => {
        const { ctx, told } = await storyWorld(db, seed, 1);
        const standpoints: { knownAt: number; day: number }[] = [];
        for (const now of turns) {
          await happen(ctx, told, now);
          standpoints.push({ knownAt: Date.parse(await clockOf(ctx)), day: dayOf(ctx.now()) - standpoints.length });
        }
        const { policy } = await definitionsOf(ctx);
        const fields = policy.fields.map(({ name }) => name.slice(name.indexOf('.') + 1));
        const logs = await readLogs(ctx);
        for (const kind of ['account', 'person'] as const) {
          const nodes = await readWorkspace(ctx, (tx) => tx.query(`select id from ${kind} where workspace_id = $1`, [ctx.workspaceId]));
          const asked = standpoints.flatMap((at, i) =>
            nodes.map(({ id }): Asked => ({ id: idOf(i, String(id)), node: String(id), ...at })),
          );
          const known = await knownFields(ctx, kind, asked, { fields, policy });
          for (const [i, { knownAt, day }] of standpoints.entries()) {
            const world = believedWorld(logs, { knownAt, asOfDay: day, policy });
            for (const { id } of nodes) {
              const entity = world.entityOf.get(String(id)) ?? String(id);
              const expected = kind === 'account' ? world.accounts.get(entity) : world.people.get(entity)?.fields;
              expect(known.get(idOf(i, String(id))) ?? {}, `${kind} ${id} at ${i}`).toEqual(expected ?? {});
            }
          }
        }
      }),
      { numRuns: dialect === 'pglite' ? 1 : 2, seed: 20_261_123 },
    );
  }, 60_000);
});

/** An id of its own for a node at a standpoint. */
const idOf = (standpoint: number, node: string) => `${String(standpoint).padStart(8, '0')}${node.slice(8)}`;
