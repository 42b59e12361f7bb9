import { beforeAll, expect, it } from 'vitest';
import { onceByKey } from '../../src/db/once.ts';
import { audit, recordInWorkspace } from '../../src/db/workspace.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { loadRegistry, selectCatalog } from '../../src/server/catalog.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { type Connected, connect, errorOf, NOW, testWorkspace, textOf } from './connect.ts';

it('every tool that writes takes a key, and no other does', async () => {
  const catalog = selectCatalog(await loadRegistry(), { toolsets: undefined, readOnly: false });
  for (const { tool, inputSchema } of catalog.tools.values())
    expect('idempotency_key' in (inputSchema.properties as object), tool.name).toBe(!tool.annotations.readOnlyHint);
});

describeDatabases('a call with an idempotency key', (openDatabase) => {
  let connected: Connected;
  let ctx: TestContext;
  let merged: string;
  const people = ['ada@acme.com', 'ada@acme.io'];

  beforeAll(async () => {
    const db = await openDatabase();
    const workspace = await testWorkspace(db);
    ctx = testContext(db, { now: () => new Date(NOW) });
    connected = await connect({ workspace: async () => workspace });
    await connected.call('import_records', { kind: 'people', content: `id,email\n1,${people[0]}\n2,${people[1]}\n`, source: 'crm' });
    const decided = await connected.call('decide_match', { verdict: 'match', records: people });
    merged = String((decided.structuredContent as Record<string, unknown>).decision);
  });

  const audits = async () =>
    ctx.db.transaction('read', async (tx) => {
      await tx.query("select set_config('app.workspace_id', 'test', true)");
      return (await tx.query('select seq from audit_entry')).length;
    });

  it('takes effect once, and is answered again with what it was answered first', async () => {
    const unmerge = { kind: 'person', merge: merged, idempotency_key: 'unmerge 1' };
    const first = await connected.call('unmerge_record', unmerge);
    expect(first.isError, textOf(first)).not.toBe(true);
    const written = await audits();
    const again = await connected.call('unmerge_record', unmerge);
    expect(again.structuredContent).toEqual(first.structuredContent);
    expect(textOf(again)).toBe(textOf(first));
    expect(again._meta).toEqual({ 'samepage/answered_at': NOW });
    expect(await audits()).toBe(written);
    // without the key there is nothing left to take back
    expect(errorOf(await connected.call('unmerge_record', { kind: 'person', merge: merged })).code).toBe('conflict');
  });

  it('is refused where the key was used for something else', async () => {
    const reused = await connected.call('unmerge_record', {
      kind: 'person',
      records: [derivedId('person', 'email', people[0] ?? '')],
      idempotency_key: 'unmerge 1',
    });
    expect(errorOf(reused)).toMatchObject({ code: 'conflict', problems: [{ path: 'idempotency_key' }] });
    const other = await connected.call('decide_match', { verdict: 'match', records: people, idempotency_key: 'unmerge 1' });
    expect(errorOf(other).message).toContain('unmerge_record');
  });

  it('leaves no key behind when it is refused', async () => {
    const key = 'refused';
    const wrong = { kind: 'person', merge: derivedId('none'), idempotency_key: key };
    expect(errorOf(await connected.call('unmerge_record', wrong)).code).toBe('not_found');
    const right = await connected.call('decide_match', { verdict: 'no_match', records: people, idempotency_key: key });
    expect(right.isError, textOf(right)).not.toBe(true);
  });

  it('takes effect once though it comes many times at once', async () => {
    const before = await audits();
    const event = { event_id: 'once', type: 'pricing_page', occurred_at: '2026-02-27T08:30:00Z', email: people[0] };
    const calls = await Promise.all(
      Array.from({ length: 6 }, () => connected.call('record_engagement', { events: [event], idempotency_key: 'event once' })),
    );
    for (const call of calls) if (call.isError === true) expect(errorOf(call).message).toContain('under way');
    expect(calls.some((call) => call.isError !== true)).toBe(true);
    expect((await audits()) - before).toBe(1);
  });

  it('is carried out again, or refused, where its answer was lost', async () => {
    let effects = 0;
    const dies = async (keyed: typeof ctx) => {
      await recordInWorkspace(keyed, async (tx) => {
        await audit(tx, keyed, 'test', '');
        effects += 1;
      });
      if (effects === 1) throw new Error('the process ends here');
      return { effects };
    };
    const call = { tool: 'test', input: {}, key: 'lost', isRepeatable: false };
    await expect(onceByKey(ctx, call, (keyed) => dies(keyed as typeof ctx))).rejects.toThrow('ends here');
    await expect(onceByKey(ctx, call, (keyed) => dies(keyed as typeof ctx))).rejects.toMatchObject({ code: 'conflict' });
    expect(effects).toBe(1);
    expect(await onceByKey(ctx, { ...call, isRepeatable: true }, (keyed) => dies(keyed as typeof ctx))).toMatchObject({ before: null });
    expect(await onceByKey(ctx, call, (keyed) => dies(keyed as typeof ctx))).toMatchObject({ returned: { effects: 2 } });
  });

  it('is forgotten after thirty days', async () => {
    const call = { tool: 'test', input: {}, key: 'old', isRepeatable: true };
    const at = (day: string) => ({ ...ctx, now: () => new Date(`${day}T00:00:00Z`) });
    await onceByKey(at('2026-03-02'), call, async () => ({ run: 1 }));
    await onceByKey(at('2026-04-01'), { ...call, key: 'other' }, async () => ({}));
    expect((await onceByKey(at('2026-04-01'), call, async () => ({ run: 2 }))).returned).toEqual({ run: 1 });
    await onceByKey(at('2026-04-02'), { ...call, key: 'another' }, async () => ({}));
    expect((await onceByKey(at('2026-04-02'), call, async () => ({ run: 2 }))).returned).toEqual({ run: 2 });
  });
});
