import { beforeAll, beforeEach, expect, test } from 'vitest';
import { getAccount } from '../../src/accounts/get-account.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import type { ProviderHouse } from '../../src/enrichment/provider-house.ts';
import { intakeLead } from '../../src/intake/intake-lead.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { importText } from '../support/imports.ts';
import { hit, offerOf, StaticHouse } from '../support/static-providers.ts';

const [INDUSTRY, EMPLOYEES, SENIORITY] = ['account.industry', 'account.employees', 'person.seniority'];
const CENT = 10_000;
const ANN = { source: 'web', external_id: 'form-1', email: 'ann@acme.com', name: 'Ann Lee', company: 'Acme' };

describeDatabases('a lead that is enriched as it comes in', (open) => {
  let db: TestDatabase;
  let ctx: TestContext;
  let count = 0;
  beforeAll(async () => {
    db = await open();
  });
  beforeEach(async () => {
    count += 1;
    ctx = testContext(db, { workspaceId: `enriched-${count}` });
    await ensureWorkspace(ctx);
    await importText(ctx, 'accounts', 'domain,name,country\nacme.com,Acme,US\n');
  });

  const list = offerOf('list', [INDUSTRY], { local: true, latency: { medianMs: 1, spread: 0.8 } });
  const register = offerOf('register', [EMPLOYEES]);
  const seller = offerOf('seller', [SENIORITY], {
    subject: 'person',
    inputs: [['person.email']],
    billing: 'hit',
    priceMicros: 2 * CENT,
  });
  const house = () =>
    new StaticHouse([
      [list, () => hit({ [INDUSTRY]: 'software' })],
      [register, () => hit({ [EMPLOYEES]: 400 })],
      [seller, () => hit({ [SENIORITY]: 'vp' }, 2 * CENT)],
    ]);
  const take = (lead: Partial<Parameters<typeof intakeLead>[1]>, asked: ProviderHouse) =>
    intakeLead(ctx, { ...ANN, ...lead }, async () => asked);

  test('has what the own lists know, and nobody else is asked unless that is wanted', async () => {
    const asked = house();
    const plain = await intakeLead(ctx, ANN);
    expect(plain.enrichment).toBeNull();
    const taken = await take({}, asked);
    expect(taken).toMatchObject({
      outcome: 'unchanged',
      enrichment: { isPartial: false, costMicros: 0, fields: [{ field: INDUSTRY, value: 'software', providers: ['list'], written: true }] },
    });
    expect(asked.asked.map(({ provider }) => provider)).toEqual(['list']);
    // the score used what came
    expect(taken.score.result.score).toBeGreaterThan(plain.score.result.score);
    const { facts } = await getAccount(ctx, { account: 'acme.com' });
    expect(facts.shown.find(({ field }) => field === INDUSTRY)).toMatchObject({
      value: 'software',
      source: 'enrichment',
      providers: ['list'],
      confidence: taken.enrichment?.fields[0]?.confidence,
      conflicts: [],
    });
    // the same again asks nobody
    await take({}, asked);
    expect(asked.asked).toHaveLength(1);
  });

  test('asks free providers for nothing, and paid ones within one budget for lead and account', async () => {
    const free = house();
    const first = await take({ enrich_usd: 0 }, free);
    expect(free.asked.map(({ provider }) => provider).sort()).toEqual(['list', 'register']);
    expect(first.enrichment).toMatchObject({ costMicros: 0, asked: 2 });
    const poor = house();
    await take({ enrich_usd: 0.019 }, poor);
    expect(poor.askedOf('seller')).toBe(0);
    const paid = house();
    const taken = await take({ enrich_usd: 0.5 }, paid);
    expect(paid.asked.map(({ provider }) => provider)).toEqual(['seller']);
    expect(taken.enrichment).toMatchObject({ costMicros: 2 * CENT, fields: [{ field: SENIORITY, value: 'vp', written: true }] });
    expect(taken.score.result.score).toBeGreaterThan(first.score.result.score);
  });

  test('does not wait beyond its deadline; what comes later is recorded by itself', async () => {
    let answer: (value: ReturnType<typeof hit>) => void = () => {};
    const slow = new StaticHouse([
      [
        offerOf('register', [EMPLOYEES], { timeoutMs: 20_000 }),
        () =>
          new Promise<ReturnType<typeof hit>>((resolve) => {
            answer = resolve;
          }),
      ],
    ]);
    const taken = await take({ enrich_usd: 0, enrich_seconds: 1 }, slow);
    expect(taken).toMatchObject({ outcome: 'created', enrichment: { isPartial: true, fields: [] } });
    answer(hit({ [EMPLOYEES]: 400 }));
    await lateWork(db);
    const { facts } = await getAccount(ctx, { account: 'acme.com' });
    expect(facts.shown.find(({ field }) => field === EMPLOYEES)).toMatchObject({ value: 400, providers: ['register'] });
  });

  test('is taken in all the same when the providers cannot be opened', async () => {
    const closed = async () => {
      throw new SamepageError('file_rejected', 'The secrets file may be read by others.', 'Run chmod 600 on it.');
    };
    const taken = await intakeLead(ctx, { ...ANN, enrich_usd: 0 }, closed);
    expect(taken).toMatchObject({ outcome: 'created', enrichment: { problem: 'The secrets file may be read by others.', fields: [] } });
    expect(taken.score.result.score).toBeGreaterThanOrEqual(0);
  });
});
