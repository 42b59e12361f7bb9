import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { settleUnknown } from '../../src/enrichment/settle-unknown.ts';
import { listUnsettled } from '../../src/enrichment/unsettled-calls.ts';
import type { Database } from '../../src/kernel/database.ts';
import { childProgram } from '../support/child-program.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { onceLeft } from '../support/owners.ts';
import { placeFolder, usePlace } from '../support/places.ts';
import { PRICE_MICROS, remoteSeller, startSeller } from '../support/remote-seller.ts';

const WANTED = { records: ['acme.com'], fields: ['account.industry'], deadline_seconds: 0.5 };

/** Enriches in a process of its own, which is killed when its request has reached the seller. */
async function killedEnrichment(where: string): Promise<Awaited<ReturnType<typeof startSeller>>> {
  let child: ChildProcess | undefined;
  const seller = await startSeller(() => child?.kill('SIGKILL'));
  await new Promise<void>((done, fail) => {
    let said = '';
    child = spawn(process.execPath, [childProgram('enrich'), where, 'killed', seller.url, 'acme.com'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (text) => {
      said += String(text);
    });
    child.on('error', fail);
    child.on('close', (_code, signal) => (signal === 'SIGKILL' ? done() : fail(new Error(`it ended before it was killed: ${said}`))));
  });
  return seller;
}

/** What the next process makes of it. */
async function expectReconciled(db: Database, seller: Awaited<ReturnType<typeof startSeller>>): Promise<void> {
  const ctx = testContext(db, { workspaceId: 'killed' });
  const balance = async () => {
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select held_micros::int as held, charged_micros::int as charged from spending where workspace_id = $1 and scope = 'workspace'`,
        [ctx.workspaceId],
      ),
    );
    return rows[0];
  };
  const enrich = () => enrichWith(ctx, remoteSeller(seller.url), WANTED);
  expect(await balance()).toEqual({ held: PRICE_MICROS, charged: 0 });
  // its process may still be at it: another waits for the answer
  expect((await enrich()).records[0]?.calls).toMatchObject([{ outcome: 'busy' }]);
  expect(await listUnsettled(ctx)).toEqual([]);
  // it said nothing for too long: nobody knows whether it was billed, so it is not sent again
  ctx.advance(120_000);
  const [unsettled] = await listUnsettled(ctx);
  expect(unsettled).toMatchObject({ provider: 'seller', heldMicros: PRICE_MICROS, state: 'unknown' });
  expect((await enrich()).records[0]?.calls).toMatchObject([{ outcome: 'unknown_before' }]);
  expect(seller.bills).toHaveLength(1);
  // the bill says that it was: then that is what was charged, once
  const call = unsettled?.call ?? '';
  expect(await settleUnknown(ctx, { call, charged_usd: 0.02 })).toEqual({
    provider: 'seller',
    heldMicros: PRICE_MICROS,
    chargedMicros: PRICE_MICROS,
  });
  await expect(settleUnknown(ctx, { call, charged_usd: 0 })).rejects.toMatchObject({ code: 'conflict' });
  expect(await balance()).toEqual({ held: 0, charged: PRICE_MICROS });
  expect(await listUnsettled(ctx)).toEqual([]);
  // and the question may be asked anew
  expect((await enrich()).records[0]?.fields).toMatchObject([{ value: 'software' }]);
  expect(seller.bills).toHaveLength(2);
  expect(await balance()).toEqual({ held: 0, charged: 2 * PRICE_MICROS });
}

async function makeWorkspace(db: Database): Promise<void> {
  const ctx = testContext(db, { workspaceId: 'killed' });
  await ensureWorkspace(ctx);
  await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\n');
}

describe('a process that is killed between a request and its answer', () => {
  const place = usePlace('enrichment-kill');

  test('is paid once, in an embedded folder', async () => {
    const dataDir = await placeFolder(join(place(), 'data'));
    await onceLeft(dataDir, makeWorkspace);
    const seller = await killedEnrichment(dataDir);
    await onceLeft(dataDir, (db) => expectReconciled(db, seller)).finally(seller.close);
  }, 60_000);

  test.skipIf(inject('postgres') === undefined)(
    'and on PostgreSQL',
    async () => {
      const created = await createPostgresDatabase('migrated');
      const db = await openDatabase({ databaseUrl: created.url, dataDir: '' });
      try {
        await makeWorkspace(db);
        const seller = await killedEnrichment(created.url);
        await expectReconciled(db, seller).finally(seller.close);
      } finally {
        await db.close();
        await created.drop();
      }
    },
    60_000,
  );
});
