import { beforeAll, expect, it } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { isoFromDay } from '../../src/kernel/dates.ts';
import { recordFacts } from '../../src/records/record-facts.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyReceipts } from '../../src/scoring/verify-receipts.ts';
import { verifyScore } from '../../src/scoring/verify-score.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';

const accounts = (employees: number) => `account id,domain,name,industry,employees\nA1,acme.com,Acme,software,${employees}\n`;

describeDatabases('a clock that is behind what was recorded', (open) => {
  let db: TestDatabase;
  let ctx: TestContext;
  const set = (employees: number) => importText(ctx, 'accounts', accounts(employees), { observed_at: undefined });
  const employees = async () =>
    (await getAccount(ctx, { account: 'acme.com' })).facts.shown.find(({ field }) => field === 'account.employees');

  beforeAll(async () => {
    db = await open();
  });

  it('lets the row that came last stand, in the view and in the score alike', async () => {
    ctx = await newWorkspace(db);
    ctx.setNow('2026-03-05T09:00:00Z');
    await set(10);
    // another computer's clock, or this one put right
    ctx.setNow('2026-03-02T09:00:00Z');
    await set(300);
    expect(await employees()).toMatchObject({ value: 300, age_days: 0 });
    const { receipt, explanation } = await getScore(ctx, { kind: 'account', record: 'acme.com' });
    expect(receipt.as_of).toBe('2026-03-05');
    expect(explanation.parts.find(({ criterion }) => criterion === 'size')?.points).toBe(20);
    expect(await verifyScore(ctx, { receipt })).toMatchObject({ outcome: 'reproduced' });
  });

  it('counts nothing that has expired by the day as of which it scores', async () => {
    ctx = await newWorkspace(db);
    ctx.setNow('2026-03-02T09:00:00Z');
    await set(300);
    const { id } = (await getAccount(ctx, { account: 'acme.com' })).account;
    const day = (date: string) => Math.floor(Date.parse(date) / 86_400_000);
    await recordInWorkspace(ctx, async (tx, recordedAt) => {
      const fact = { entityId: id, field: 'country', value: 'de', confidence: 1, observedAt: recordedAt, costMicros: 0 };
      await recordFacts(tx, ctx, [{ ...fact, expiresDay: day('2026-03-04') }], { kind: 'account', source: 'vendor', recordedAt });
    });
    ctx.setNow('2026-03-05T09:00:00Z');
    await importText(ctx, 'accounts', 'account id,domain,name\nA2,globex.com,Globex\n', { source: 'other' });
    ctx.setNow('2026-03-03T09:00:00Z');
    const { receipt, explanation } = await getScore(ctx, { kind: 'account', record: 'acme.com' });
    expect(receipt.as_of).toBe('2026-03-05');
    expect(explanation.parts.find(({ criterion }) => criterion === 'country')).toMatchObject({ points: 0, state: 'unknown' });
    expect(await verifyScore(ctx, { receipt })).toMatchObject({ outcome: 'reproduced' });
    expect((await rescoreRecords(ctx, { scope: 'all' })).asOf).toBe('2026-03-05');
    expect(await readWorkspace(ctx, (tx) => verifyReceipts(tx, ctx, { which: 'all' }))).toMatchObject({ different: 0 });
    expect((await getAccount(ctx, { account: 'acme.com' })).facts.shown.map(({ field }) => field)).not.toContain('account.country');
    expect(isoFromDay(day(receipt.as_of))).toBe(receipt.as_of);
  });
});
