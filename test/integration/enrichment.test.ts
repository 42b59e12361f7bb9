import { beforeAll, beforeEach, expect, test } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import { quoteWith } from '../../src/enrichment/quote-enrichment.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { hit, MISS, offerOf, StaticHouse } from '../support/static-providers.ts';

const INDUSTRY = 'account.industry';
const EMPLOYEES = 'account.employees';
const CITY = 'account.city';
const CENT = 10_000;

describeDatabases('enrichment', (open) => {
  let ctx: TestContext;
  let db: TestDatabase;
  let count = 0;
  const paid = (id: string, fields: readonly string[], given = {}) =>
    offerOf(id, fields, { billing: 'hit', priceMicros: 2 * CENT, ...given });
  const ledger = () =>
    readWorkspace(ctx, (tx) =>
      tx.query(
        `select provider, state, outcome, reserved_micros::int as reserved, charged_micros::int as charged, usable
         from provider_call where workspace_id = $1 order by provider, requested_at`,
        [ctx.workspaceId],
      ),
    );
  const spent = (scope: string) =>
    readWorkspace(ctx, (tx) =>
      tx.query('select held_micros::int as held, charged_micros::int as charged from spending where workspace_id = $1 and scope = $2', [
        ctx.workspaceId,
        scope,
      ]),
    );

  beforeAll(async () => {
    db = await open();
  });
  beforeEach(async () => {
    count += 1;
    ctx = testContext(db, { workspaceId: `enrichment-${count}` });
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name,country\nacme.com,Acme,US\nbolt.io,Bolt,DE\n');
  });

  test('found values become facts with source, cost and expiry; a conflict is shown; what is known is left alone', async () => {
    const house = new StaticHouse([
      [offerOf('register', [INDUSTRY, EMPLOYEES]), () => hit({ [INDUSTRY]: 'software', [EMPLOYEES]: 120 })],
      [paid('seller', [INDUSTRY, EMPLOYEES, CITY]), () => hit({ [INDUSTRY]: 'Software', [EMPLOYEES]: 90, [CITY]: 'Denver' }, 2 * CENT)],
      [offerOf('list', [EMPLOYEES]), () => hit({ [EMPLOYEES]: 120 })],
    ]);
    const fields = [INDUSTRY, EMPLOYEES, CITY, 'account.country'];
    const result = await enrichWith(ctx, house, { records: ['acme.com'], fields });
    const [record] = result.records;
    expect(record?.known).toEqual(['account.country']);
    expect(record?.missing).toEqual([]);
    expect(record?.costMicros).toBe(2 * CENT);
    expect(record?.fields.find((found) => found.field === EMPLOYEES)).toMatchObject({
      value: 120,
      providers: ['list', 'register'],
      otherValues: [{ value: 90, providers: ['seller'] }],
    });
    // the price stands at the fields that took the value it bought
    expect(Object.fromEntries(record?.fields.map((found) => [found.field, found.costMicros]) ?? [])).toEqual({
      [INDUSTRY]: CENT,
      [EMPLOYEES]: 0,
      [CITY]: CENT,
    });
    const { facts } = await getAccount(ctx, { account: 'acme.com', detailed: true });
    expect(facts.shown.find((fact) => fact.field === EMPLOYEES)).toMatchObject({
      value: 120,
      source: 'enrichment',
      providers: ['list', 'register'],
      conflicts: [{ value: 90, sources: ['seller'] }],
    });
    expect(await ledger()).toEqual([
      { provider: 'list', state: 'settled', outcome: 'hit', reserved: 0, charged: 0, usable: 1 },
      { provider: 'register', state: 'settled', outcome: 'hit', reserved: 0, charged: 0, usable: 2 },
      { provider: 'seller', state: 'settled', outcome: 'hit', reserved: 2 * CENT, charged: 2 * CENT, usable: 2 },
    ]);
    expect(await spent('workspace')).toEqual([{ held: 0, charged: 2 * CENT }]);

    // known now: nobody is asked; once it has expired, everybody may be
    await enrichWith(ctx, house, { records: ['acme.com'], fields });
    await lateWork(db);
    expect(house.asked).toHaveLength(3);
    ctx.advance(40 * 86_400_000);
    await enrichWith(ctx, house, { records: ['acme.com'], fields });
    expect(house.askedOf('seller')).toBe(2);
  });

  test('an answer is kept: the same question costs once, also when it found nothing', async () => {
    const house = new StaticHouse([
      [paid('seller', [INDUSTRY]), () => MISS],
      [paid('per request', [EMPLOYEES], { billing: 'request' }), () => ({ ...MISS, chargedMicros: 2 * CENT })],
    ]);
    const input = { records: ['acme.com'], fields: [INDUSTRY, EMPLOYEES] };
    const first = await enrichWith(ctx, house, input);
    expect(first.records[0]?.missing).toEqual([INDUSTRY, EMPLOYEES]);
    const again = await enrichWith(ctx, house, input);
    expect(house.asked).toHaveLength(2);
    expect(again).toMatchObject({ costMicros: 0, savedMicros: 2 * CENT });
    // the report has it at once, and the database soon
    const saved = async () => (await quoteWith(ctx, house, input)).spend.savedMicros;
    expect([await saved(), await spent('saved')]).toEqual([2 * CENT, []]);
    await lateWork(db);
    expect([await saved(), await spent('saved')]).toEqual([2 * CENT, [{ held: 0, charged: 2 * CENT }]]);
    ctx.advance(8 * 86_400_000);
    await enrichWith(ctx, house, input);
    expect(house.asked).toHaveLength(4);
  });

  test('a paid call without an answer is unknown: its money stays held, and it is not sent again', async () => {
    const house = new StaticHouse([
      [paid('seller', [INDUSTRY]), () => ({ outcome: 'unknown', values: {}, chargedMicros: null, latencyMs: 9 })],
    ]);
    const input = { records: ['acme.com'], fields: [INDUSTRY] };
    await enrichWith(ctx, house, input);
    expect(await ledger()).toEqual([
      { provider: 'seller', state: 'unknown', outcome: 'unknown', reserved: 2 * CENT, charged: null, usable: 0 },
    ]);
    expect(await spent('day')).toEqual([{ held: 2 * CENT, charged: 0 }]);
    ctx.advance(86_400_000);
    const again = await enrichWith(ctx, house, input);
    expect(again.records[0]?.calls).toMatchObject([{ provider: 'seller', outcome: 'unknown_before' }]);
    expect(house.asked).toHaveLength(1);
  });

  test('an answer that comes after the deadline is paid for, and used', async () => {
    let answer: (value: ReturnType<typeof hit>) => void = () => {};
    const house = new StaticHouse([
      [
        paid('slow', [INDUSTRY]),
        () =>
          new Promise<ReturnType<typeof hit>>((resolve) => {
            answer = resolve;
          }),
      ],
    ]);
    const result = await enrichWith(ctx, house, { records: ['acme.com'], fields: [INDUSTRY], deadline_seconds: 0.5 });
    expect(result).toMatchObject({ isPartial: true, records: [{ missing: [INDUSTRY], calls: [{ outcome: 'pending' }] }] });
    answer(hit({ [INDUSTRY]: 'software' }, 2 * CENT));
    await lateWork(db);
    expect(await spent('workspace')).toEqual([{ held: 0, charged: 2 * CENT }]);
    const { facts } = await getAccount(ctx, { account: 'acme.com' });
    expect(facts.shown.find((fact) => fact.field === INDUSTRY)).toMatchObject({ value: 'software', source: 'enrichment' });
  });

  test('an asynchronous vendor is asked again with what it gave: the work is begun once', async () => {
    let isDone = false;
    const house = new StaticHouse([
      [
        paid('batch', [INDUSTRY]),
        ({ resume }) => {
          if (resume === undefined || !isDone) {
            return { outcome: 'retry', values: {}, chargedMicros: null, latencyMs: 1, resume: 'task-7', retryAfterMs: 2000 };
          }
          return hit({ [INDUSTRY]: 'software' }, 2 * CENT);
        },
      ],
    ]);
    const input = { records: ['acme.com'], fields: [INDUSTRY], deadline_seconds: 0.5 };
    const partial = await enrichWith(ctx, house, input);
    expect(partial).toMatchObject({ isPartial: true, records: [{ calls: [{ outcome: 'waiting' }] }] });
    isDone = true;
    const whole = await enrichWith(ctx, house, { ...input, resume: partial.run });
    expect(whole.records[0]?.fields).toMatchObject([{ field: INDUSTRY, value: 'software' }]);
    expect(house.asked.map(({ request }) => request.resume)).toEqual([undefined, 'task-7']);
    expect(await spent('workspace')).toEqual([{ held: 0, charged: 2 * CENT }]);
  });

  test('one question is out once: two runs at the same time share its answer', async () => {
    const house = new StaticHouse([
      [
        paid('seller', [INDUSTRY]),
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 120));
          return hit({ [INDUSTRY]: 'software' }, 2 * CENT);
        },
      ],
    ]);
    const input = { records: ['acme.com'], fields: [INDUSTRY] };
    const both = await Promise.all([enrichWith(ctx, house, input), enrichWith(ctx, house, input)]);
    expect(house.asked).toHaveLength(1);
    for (const { records } of both) expect(records[0]?.fields).toMatchObject([{ value: 'software' }]);
    expect(both.reduce((sum, { costMicros }) => sum + costMicros, 0)).toBe(2 * CENT);
  });

  test('no ceiling is passed: of a record, of the whole call, of a day', async () => {
    const house = new StaticHouse([[paid('seller', [INDUSTRY]), () => hit({ [INDUSTRY]: 'software' }, 2 * CENT)]]);
    const fields = [INDUSTRY];
    await enrichWith(ctx, house, { records: ['acme.com'], fields, budget_usd: 0.019 });
    expect(house.asked).toHaveLength(0);
    const one = await enrichWith(ctx, house, { records: ['acme.com', 'bolt.io'], fields, max_usd: 0.03 });
    expect(house.asked).toHaveLength(1);
    expect(one.records.flatMap(({ calls }) => calls.map(({ outcome }) => outcome)).sort()).toEqual(['hit', 'over_ceiling']);
    const settings = { folder: undefined, secretsFile: undefined, contact: undefined, workspaceUsd: undefined, variable: () => undefined };
    const poor = { ...ctx, providers: { ...settings, dayUsd: 0.03 } };
    await enrichWith(poor, house, { records: ['acme.com', 'bolt.io'], fields });
    expect(house.asked).toHaveLength(1);
    ctx.advance(86_400_000);
    await enrichWith(poor, house, { records: ['bolt.io', 'acme.com'], fields });
    expect(house.asked).toHaveLength(2);
  });

  test('a quote asks nobody, gives the order and the most it can cost, and says the same twice', async () => {
    const house = new StaticHouse([
      [offerOf('register', [INDUSTRY]), () => MISS],
      [paid('seller', [INDUSTRY, EMPLOYEES]), () => hit({ [INDUSTRY]: 'software', [EMPLOYEES]: 7 }, 2 * CENT)],
    ]);
    const input = { records: ['acme.com'], fields: [INDUSTRY, EMPLOYEES] };
    const quote = await quoteWith(ctx, house, input);
    expect(house.asked).toHaveLength(0);
    expect(await quoteWith(ctx, house, input)).toEqual(quote);
    // records of which as much is known share a forecast, and each has its own
    await importText(ctx, 'accounts', 'domain,name,country\ncole.com,Cole,US\n');
    const quoted = async (...records: string[]) => (await quoteWith(ctx, house, { ...input, records })).records;
    const names = ['cole.com', 'acme.com', 'bolt.io'];
    expect(await quoted(...names)).toEqual((await Promise.all(names.map((name) => quoted(name)))).flat());
    expect(quote.worstMicros).toBe(2 * CENT);
    expect(quote.expectedMicros).toBeGreaterThan(0);
    expect(quote.expectedMicros).toBeLessThan(2 * CENT);
    expect(quote.records[0]?.calls.map(({ provider }) => provider).sort()).toEqual(['register', 'seller']);
    await enrichWith(ctx, house, input);
    const { spend } = await quoteWith(ctx, house, input);
    expect(spend).toMatchObject({ today: { chargedMicros: 2 * CENT }, savedMicros: 0 });
    expect(spend.providers[0]).toEqual({
      provider: 'seller',
      calls: 1,
      hits: 1,
      usable: 2,
      chargedMicros: 2 * CENT,
      heldMicros: 0,
      unknownCalls: 0,
      microsPerUsable: CENT,
    });
  });

  test('a free call that is late is sent again, and the first answer counts', async () => {
    let isFirst = true;
    const house = new StaticHouse([
      [
        offerOf('register', [INDUSTRY], { idempotent: true, latency: { medianMs: 5, spread: 0.3 } }),
        (_, signal) => {
          if (!isFirst) return hit({ [INDUSTRY]: 'software' });
          isFirst = false;
          return new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve({ outcome: 'unknown', values: {}, chargedMicros: null, latencyMs: 2000 }));
          });
        },
      ],
      // what keeps the run waiting
      [offerOf('slow', [INDUSTRY, EMPLOYEES, CITY], { latency: { medianMs: 1000, spread: 0.3 } }), () => new Promise(() => {})],
    ]);
    const { records } = await enrichWith(ctx, house, { records: ['acme.com'], fields: [INDUSTRY, EMPLOYEES, CITY], deadline_seconds: 1 });
    expect(house.askedOf('register')).toBe(2);
    expect(records[0]?.fields).toMatchObject([{ field: INDUSTRY, value: 'software' }]);
  });

  test('what was learned is the same however often it is added up', async () => {
    const house = new StaticHouse([
      [offerOf('right', [INDUSTRY]), () => hit({ [INDUSTRY]: 'software' })],
      [offerOf('also right', [INDUSTRY]), () => hit({ [INDUSTRY]: 'software' })],
      [offerOf('wrong', [INDUSTRY]), () => hit({ [INDUSTRY]: 'fishing' })],
    ]);
    await enrichWith(ctx, house, { records: ['acme.com', 'bolt.io'], fields: [INDUSTRY] });
    await lateWork(db);
    const rows = await readWorkspace(ctx, (tx) =>
      tx.query(
        `select provider, sum(asked)::int as asked, sum(contested)::int as contested, sum(confirmed)::int as confirmed
         from provider_statistic where workspace_id = $1 and field = $2 and provider <> '*' group by provider order by provider`,
        [ctx.workspaceId, INDUSTRY],
      ),
    );
    expect(rows).toMatchObject([
      { provider: 'also right', asked: 2, contested: 2 },
      { provider: 'right', asked: 2, contested: 2 },
      { provider: 'wrong', asked: 2, contested: 2 },
    ]);
    const share = (i: number) => Number(rows[i]?.confirmed) / 2000;
    expect(share(0)).toBeGreaterThan(0.95);
    expect(share(2)).toBeLessThan(0.05);
  });

  test('a field that is not declared is refused before anybody is asked', async () => {
    const house = new StaticHouse([[offerOf('register', [INDUSTRY]), () => MISS]]);
    await expect(enrichWith(ctx, house, { records: ['acme.com'], fields: ['account.indstry'] })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ path: 'fields[0]', reason: expect.stringContaining('did you mean account.industry?') }],
    });
    await expect(enrichWith(ctx, house, { records: ['nobody.example'] })).rejects.toMatchObject({ code: 'not_found' });
    expect(house.asked).toHaveLength(0);
  });
});
