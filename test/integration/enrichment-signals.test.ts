import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { ProvidedSignal } from '../../src/enrichment/core/provider.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import { recordSignals } from '../../src/enrichment/record-signals.ts';
import { testContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { hit, offerOf, StaticHouse } from '../support/static-providers.ts';

const rows = z.array(z.object({ type: z.string(), day: z.string(), source: z.string(), domain: z.string() }));

describeDatabases('signals of providers', (open) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await open();
  });

  async function workspace(name: string) {
    const ctx = testContext(db, { workspaceId: name });
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\n');
    return ctx;
  }

  const recorded = (ctx: Awaited<ReturnType<typeof workspace>>) =>
    readWorkspace(ctx, async (tx) =>
      rows.parse(
        await tx.query(
          `select e.type, e.occurred_at::date::text as day, e.source, a.domain from event e
           join account a on a.workspace_id = e.workspace_id and a.id = e.account_id
           where e.workspace_id = $1 and e.superseded_at is null order by e.occurred_at`,
          [ctx.workspaceId],
        ),
      ),
    );

  const jobs: ProvidedSignal[] = [
    { type: 'hiring', occurredAt: '2026-02-10T09:00:00.000Z', title: 'Instrument Engineer' },
    { type: 'hiring', occurredAt: '2026-02-20T09:00:00.000Z', title: 'Sales Lead' },
  ];

  test('a run keeps what happened as signals of the account, from the provider', async () => {
    const ctx = await workspace('run');
    const house = new StaticHouse([
      [offerOf('boards', ['account.open_roles']), () => ({ ...hit({ 'account.open_roles': 2 }), signals: jobs })],
    ]);
    await enrichWith(ctx, house, { records: ['acme.com'], fields: ['account.open_roles'] });
    await lateWork(db);
    expect(await recorded(ctx)).toEqual([
      { type: 'hiring', day: '2026-02-10', source: 'boards', domain: 'acme.com' },
      { type: 'hiring', day: '2026-02-20', source: 'boards', domain: 'acme.com' },
    ]);
  });

  test('the same told again is the same; what the taxonomy does not know, or is still to come, is left out', async () => {
    const ctx = await workspace('again');
    const said = { domain: 'acme.com', provider: 'boards' };
    expect(await recordSignals(ctx, { ...said, signals: [...jobs, ...jobs] })).toBe(2);
    expect(await recordSignals(ctx, { ...said, signals: jobs })).toBe(0);
    const strange: ProvidedSignal[] = [
      { type: 'moon_phase', occurredAt: '2026-02-10T09:00:00.000Z' },
      { type: 'call', occurredAt: '2026-02-10T09:00:00.000Z' },
      { type: 'funding_round', occurredAt: '2031-01-01T00:00:00.000Z' },
    ];
    expect(await recordSignals(ctx, { ...said, signals: strange })).toBe(0);
    expect(await recorded(ctx)).toHaveLength(2);
  });
});
