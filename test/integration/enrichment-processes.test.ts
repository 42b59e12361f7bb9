import { spawn } from 'node:child_process';
import { expect, inject, test } from 'vitest';
import { openPostgres } from '../../src/db/postgres.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { childProgram } from '../support/child-program.ts';
import { testContext } from '../support/context.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { PRICE_MICROS, remoteSeller, startSeller } from '../support/remote-seller.ts';

const SETTINGS = { folder: undefined, secretsFile: undefined, contact: undefined, workspaceUsd: undefined, variable: () => undefined };
const DOMAINS = Array.from({ length: 30 }, (_, i) => `company-${i}.com`);
/** What a day's ceiling of theirs allows. */
const AFFORDABLE = 12;
/** Records that a process enriches at once. */
const AT_ONCE = 8;

function signal(): [promise: Promise<void>, resolve: () => void] {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return [promise, resolve];
}

function child(...args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const process_ = spawn(process.execPath, [childProgram('enrich'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    process_.stderr.on('data', (text) => {
      said += String(text);
    });
    process_.on('error', fail);
    process_.on('close', (code) => (code === 0 ? done() : fail(new Error(`it ended with ${code}: ${said}`))));
  });
}

test.skipIf(inject('postgres') === undefined)(
  'processes that enrich the same records share the ceiling of the day, and ask each question once',
  async () => {
    const created = await createPostgresDatabase('migrated');
    const db = await openPostgres(created.url);
    // the first process has as many out as it asks at once, and has an answer when the second has asked too
    const [isAtWork, begun] = signal();
    const [bothAsked, met] = signal();
    let bills = 0;
    const seller = await startSeller(() => {
      bills += 1;
      begun();
      if (bills > AT_ONCE) met();
      return bothAsked;
    });
    try {
      const ctx = testContext(db, { workspaceId: 'shared' });
      await ensureWorkspace(ctx);
      await importText(ctx, 'accounts', `domain\n${DOMAINS.join('\n')}\n`);
      const dayUsd = (AFFORDABLE * PRICE_MICROS) / 1_000_000;
      const other = child(created.url, 'shared', seller.url, DOMAINS.join(','), String(dayUsd));
      // this one joins in from the other end
      await Promise.race([isAtWork, other]);
      const poor = { ...ctx, providers: { ...SETTINGS, dayUsd } };
      const here = enrichWith(poor, remoteSeller(seller.url), { records: [...DOMAINS].reverse(), fields: ['account.industry'] });
      const [{ records }] = await Promise.all([here, other]);
      const asked = records.filter(({ calls }) => calls.some(({ outcome }) => outcome === 'hit')).length;
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThan(AFFORDABLE);
      expect(seller.bills).toHaveLength(AFFORDABLE);
      expect(new Set(seller.bills).size).toBe(AFFORDABLE);
      const rows = await readWorkspace(ctx, (tx) =>
        tx.query(
          `select sum(held_micros)::int as held, sum(charged_micros)::int as charged from spending where workspace_id = $1 and scope = 'day'`,
          [ctx.workspaceId],
        ),
      );
      expect(rows).toEqual([{ held: 0, charged: AFFORDABLE * PRICE_MICROS }]);
    } finally {
      await db.close();
      await seller.close();
      await created.drop();
    }
  },
  60_000,
);
