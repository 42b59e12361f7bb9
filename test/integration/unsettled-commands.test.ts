import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { register as providers } from '../../src/cli/providers.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { runCommand } from '../support/run-command.ts';
import { hit, MISS, offerOf, StaticHouse } from '../support/static-providers.ts';

const INDUSTRY = 'account.industry';
const listed = z.object({
  calls: z.array(z.object({ call: z.string(), provider: z.string(), state: z.string(), held_usd: z.number(), requested_at: z.string() })),
});

describeDatabases('commands of calls without an answer', (open) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await open();
  });

  const run = (ctx: TestContext, ...args: string[]) => runCommand([providers], ctx, ['providers', ...args]);

  test('list them with what is held, and settle each once by what the bill says', async () => {
    const ctx = testContext(db);
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\nbolt.io,Bolt\n');
    expect((await run(ctx, 'unsettled')).out).toBe('Every call is settled.');

    const answers = [
      { outcome: 'unknown', values: {}, chargedMicros: null, latencyMs: 1 } as const,
      hit({ [INDUSTRY]: 'software' }, 25_000),
    ];
    const seller = offerOf('seller', [INDUSTRY], { billing: 'hit', priceMicros: 25_000 });
    let asked = 0;
    const house = new StaticHouse([[seller, () => answers[Math.min(asked++, 1)] ?? MISS]]);
    const input = { records: ['acme.com'], fields: [INDUSTRY] };
    await enrichWith(ctx, house, input);
    ctx.advance(3_600_000);

    const { out } = await run(ctx, 'unsettled');
    const [{ call = '' } = {}] = listed.parse(JSON.parse((await run(ctx, 'unsettled', '--json')).out)).calls;
    expect(listed.parse(JSON.parse((await run(ctx, 'unsettled', '--json')).out)).calls).toEqual([
      { call, provider: 'seller', state: 'unknown', held_usd: 0.025, requested_at: '2026-03-02T09:00:00.000Z' },
    ]);
    expect(out).toContain(call);
    expect(out).toMatch(/seller +2026-03-02 09:00 +\$0\.025 +not known/);
    expect(out).toContain('samepage-mcp providers settle CALL --charged USD');

    await expect(run(ctx, 'settle', call, '--charged', 'much')).rejects.toThrow('An amount is written as 0.25.');
    await expect(run(ctx, 'settle', 'a-call', '--charged', '0')).rejects.toMatchObject({ code: 'invalid_input' });
    const other = 'b1fda2b5-0000-4000-8000-000000000000';
    await expect(run(ctx, 'settle', other, '--charged', '0')).rejects.toMatchObject({ code: 'not_found' });
    expect((await run(ctx, 'settle', call, '--charged', '0')).out).toBe('The call of seller is settled: $0 charged of $0.025 held.');
    await expect(run(ctx, 'settle', call, '--charged', '0.02')).rejects.toMatchObject({ code: 'conflict' });
    expect((await run(ctx, 'unsettled')).out).toBe('Every call is settled.');

    // it was not billed: the question is free again, and costs once
    const { records } = await enrichWith(ctx, house, input);
    expect(records[0]).toMatchObject({ costMicros: 25_000, fields: [{ value: 'software' }] });
    const audited = await readWorkspace(ctx, (tx) =>
      tx.query(`select detail from audit_entry where workspace_id = $1 and verb = 'settle_call'`, [ctx.workspaceId]),
    );
    expect(audited).toEqual([{ detail: `call ${call} of seller: 0 of 25000 micros charged` }]);
  });

  test('leave alone what is still out', async () => {
    const ctx = testContext(db, { workspaceId: 'out' });
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name\nacme.com,Acme\n');
    let answer: (value: ReturnType<typeof hit>) => void = () => {};
    const slow = new Promise<ReturnType<typeof hit>>((resolve) => {
      answer = resolve;
    });
    const seller = offerOf('seller', [INDUSTRY], { billing: 'hit', priceMicros: 25_000, timeoutMs: 20_000 });
    const house = new StaticHouse([[seller, () => slow]]);
    const { records } = await enrichWith(ctx, house, { records: ['acme.com'], fields: [INDUSTRY], deadline_seconds: 0.5 });
    const call = records[0]?.calls[0]?.callId ?? '';
    expect((await run(ctx, 'unsettled')).out).toBe('Every call is settled.');
    await expect(run(ctx, 'settle', call, '--charged', '0')).rejects.toMatchObject({ code: 'conflict', message: /still out/ });
    answer(hit({ [INDUSTRY]: 'software' }, 25_000));
    await lateWork(db);
    await expect(run(ctx, 'settle', call, '--charged', '0')).rejects.toMatchObject({ code: 'conflict', message: /is settled/ });
  });
});
