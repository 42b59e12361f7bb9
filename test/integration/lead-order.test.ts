import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { keptMatches } from '../../src/identity/lead-matches.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { intakeLead } from '../../src/intake/intake-lead.ts';
import type { Database } from '../../src/kernel/database.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

const SYLLABLES = ['ba', 'kel', 'lin', 'mor', 'nu', 'ras', 'sev', 'ti', 'vol', 'zug'];
const word = (i: number) => [i, i * 7 + 3, Math.floor(i / 10) + 5].map((place) => SYLLABLES[place % 10]).join('');
const account = (domain: string) => derivedId('account', 'domain', domain);
let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `order-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

async function importAccounts(ctx: TestContext, rows: readonly string[]): Promise<void> {
  ctx.advance(1000);
  await importRecords(ctx, {
    kind: 'accounts',
    source: 'crm',
    content: ['id,name,domain,city', ...rows].join('\n'),
    mapping: { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city' },
  });
}

const lead = (name: string, company: string, city?: string, email = `${name.replace(' ', '.').toLowerCase()}@gmail.com`) => ({
  source: 'web',
  external_id: name,
  email,
  name,
  company,
  ...(city !== undefined && { city }),
});

async function ask(ctx: TestContext) {
  ctx.advance(1000);
  return (await stitchRecords(ctx, { kinds: ['account'] })).leads;
}

const OTHERS = Array.from({ length: 200 }, (_, i) => `o${i},${word(i)} ${word(i + 301)} Systems,${word(i)}${i}.example,Town${i % 20}`);
const MANY = OTHERS.slice(0, 60);
const OLD = account('quillon-old.example');
const BETTER = account('quillon.example');

/** Names of three families with their namesakes, brands and places; which account is a lead's shows when all are there. */
const ACCOUNTS = [
  'a1,Quillon Optics,quillon.example,Berlin',
  'a2,Quillon Optics,quillon-oslo.example,Oslo',
  'a3,Quillon Optics Nordic,quillon-nordic.example,Bergen',
  'a4,Brightwave Vellum,brightwave.example,Lyon',
  'a5,Brightwave Vellum Leasing,brightwave-leasing.example,Lyon',
  'a6,Zyntrix,zyntrix.example,Porto',
  'a7,Zyntrics Robotics,zyntrics.example,Porto',
];
const LEADS = [
  lead('Ann Ames', 'Quillon Optics', 'Berlin'),
  lead('Bob Bole', 'Quillon Optics', 'Oslo'),
  lead('Cyd Cole', 'Quillon Optics'),
  lead('Dan Dole', 'Quillon Optics Nordic', 'Bergen'),
  lead('Eve Eaks', 'Brightwave Vellum', 'Lyon'),
  lead('Fay Ford', 'Brightwave Velum', 'Lyon'),
  lead('Gus Goss', 'Brightwave Vellum', undefined, 'gus@brightwave-leasing.example'),
  lead('Hal Hoff', 'Zyntrix', 'Porto'),
  lead('Ida Ives', 'Zyntrix Robotics', 'Porto'),
];

const found = (ctx: TestContext, leads: readonly { email: string }[]) =>
  Promise.all(
    leads.map(async ({ email }) => {
      const { account: place, leadMatch } = await getMatch(ctx, { record: email });
      return { email, place: place?.domain, evidence: place?.evidence, decision: leadMatch?.decision, account: leadMatch?.account };
    }),
  );

describeDatabases('the account of a lead', (open, dialect) => {
  it('is the better one once that is there, but where a person or a record says which', async () => {
    const ctx = await newWorld(await open());
    await importAccounts(ctx, [...OTHERS, 'q0,Quillon Optics GmbH,quillon-old.example,', 'y0,Yarrow Timberline,yarrow.example,Town3']);
    const [ann, bob, cyd, dan] = [
      lead('Ann Ames', 'Quillon Optics', 'Berlin'),
      lead('Bob Bole', 'Quillon Optics', 'Berlin'),
      lead('Cyd Cole', 'Quillon Optics', 'Berlin'),
      lead('Dan Dole', 'Yarrow Timberline', 'Town3'),
    ];
    const placeOf = async ({ email }: typeof ann) => (await getMatch(ctx, { record: email })).account;
    for (const one of [ann, bob, cyd, dan]) expect((await intakeLead(ctx, one)).match).toMatchObject({ decision: 'match' });
    await decideMatch(ctx, { kind: 'lead', verdict: 'match', records: [bob.email, OLD], reason: 'she told us' });
    await importRecords(ctx, {
      kind: 'people',
      source: 'crm',
      content: `id,email,account\nc1,${cyd.email},q0`,
      mapping: { id: 'external_id', email: 'person.email', account: 'account_external_id' },
    });
    await recordEngagement(ctx, {
      events: [{ event_id: 'e1', type: 'pricing_page', occurred_at: ctx.now().toISOString(), email: ann.email }],
    });
    expect(await ask(ctx)).toEqual({ asked: 4, placed: 0, released: 0 });
    expect(await ask(ctx)).toEqual({ asked: 0, placed: 0, released: 0 });
    await importAccounts(ctx, ['q1,Quillon Optics,quillon.example,Berlin']);
    // Dan has nothing in common with what came
    expect(await ask(ctx)).toEqual({ asked: 3, placed: 1, released: 0 });
    expect(await placeOf(ann)).toMatchObject({ id: BETTER, evidence: 'match' });
    expect(await placeOf(bob)).toMatchObject({ id: OLD, evidence: 'decision' });
    expect(await placeOf(cyd)).toMatchObject({ id: OLD, evidence: 'record' });
    const kept = await readWorkspace(ctx, (tx) => keptMatches(tx, ctx, [derivedId('person', 'email', ann.email)]));
    expect(kept.map((one) => one.account)).toEqual([BETTER, OLD]);
    expect(await wrongProjections(ctx)).toEqual({});
    // what was found stands as long as what it was found by
    await importAccounts(ctx, ['q1,Morvell Paper,quillon.example,Lima']);
    const stop = new AbortController();
    const report = (_done: number, _total: number | undefined, message: string) => void (message.startsWith('leads: ') && stop.abort());
    const cutOff = stitchRecords({ ...ctx, signal: stop.signal, progress: { report } }, { kinds: ['account'] });
    await expect(cutOff).rejects.toMatchObject({ code: 'cancelled' });
    // what was found until then stays, and is asked about once more, since others may have written meanwhile
    expect(await ask(ctx)).toMatchObject({ asked: 2, placed: 0, released: 0 });
    expect(await placeOf(ann)).toMatchObject({ id: OLD });
    await importAccounts(ctx, ['q0,Tarsis Glass,quillon-old.example,Lima']);
    expect(await ask(ctx)).toMatchObject({ placed: 0, released: 1 });
    expect(await placeOf(ann)).toBeNull();
    expect(await placeOf(bob)).toMatchObject({ id: OLD });
    expect(await placeOf(dan)).toMatchObject({ domain: 'yarrow.example' });
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('is asked for anew when a word about it is taken back, and none is taken away that is only overlaid', async () => {
    const ctx = await newWorld(await open());
    await importAccounts(ctx, [...OTHERS, 'q0,Quillon Optics GmbH,quillon-old.example,']);
    const ann = lead('Ann Ames', 'Quillon Optics', 'Berlin');
    await intakeLead(ctx, ann);
    await ask(ctx);
    const { decision } = await decideMatch(ctx, { kind: 'lead', verdict: 'no_match', records: [ann.email, OLD] });
    expect(await ask(ctx)).toEqual({ asked: 1, placed: 0, released: 0 });
    await decideMatch(ctx, { verdict: 'withdraw', decision });
    expect((await getMatch(ctx, { record: ann.email })).account).toMatchObject({ id: OLD, evidence: 'match' });
    await ask(ctx);
    expect(await getMatch(ctx, { record: ann.email })).toMatchObject({
      account: { id: OLD },
      leadMatch: { decision: 'match', account: OLD },
    });
    // neither does a domain that no longer tells who works where
    const gus = lead('Gus Goss', 'Tarsis Glass', undefined, 'gus@quillon-old.example');
    await intakeLead(ctx, gus);
    await ask(ctx);
    const identifier = { kind: 'domain' as const, value: 'quillon-old.example' };
    await decideMatch(ctx, { kind: 'account', verdict: 'suppress_identifier', identifier });
    await ask(ctx);
    expect((await getMatch(ctx, { record: gus.email })).leadMatch).toMatchObject({ decision: 'none' });
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('of a person who came in twice is that of the later lead, whatever comes that suits the earlier', async () => {
    const ctx = await newWorld(await open());
    await importAccounts(ctx, [...OTHERS, 'q0,Quillon Optics GmbH,quillon-old.example,', 'y0,Yarrow Timberline,yarrow.example,Town3']);
    const phone = '+49 30 5550 1820';
    const first = { ...lead('Ann Ames', 'Quillon Optics', 'Berlin'), phone };
    const later = { ...lead('Ann Ames', 'Yarrow Timberline', 'Town3', 'ann.ames@yahoo.com'), external_id: 'again', phone };
    const { person } = await intakeLead(ctx, first);
    ctx.advance(1000);
    expect(await intakeLead(ctx, later)).toMatchObject({
      person: { id: person.id },
      account: { domain: 'yarrow.example', evidence: 'match' },
    });
    await importAccounts(ctx, ['q1,Quillon Optics,quillon.example,Berlin']);
    await ask(ctx);
    expect(await getMatch(ctx, { record: first.email })).toMatchObject({
      account: { domain: 'yarrow.example' },
      leadMatch: { account: account('yarrow.example') },
    });
    // of the earlier it is once nothing is found of the later any more
    await importAccounts(ctx, ['y0,Morvell Paper,yarrow.example,Lima']);
    await ask(ctx);
    await ask(ctx);
    expect((await getMatch(ctx, { record: first.email })).account).toMatchObject({ id: BETTER });
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('is the same in whatever order accounts and leads come, with runs in between', async () => {
    const db = await open();
    const story = fc.record({
      accounts: fc.subarray(ACCOUNTS, { minLength: 3 }),
      leads: fc.subarray(LEADS, { minLength: 2, maxLength: 5 }),
      order: fc.infiniteStream(fc.nat(1_000_000)),
      runs: fc.infiniteStream(fc.nat(2)),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ accounts, leads, order, runs }) => {
        // so many others that a few more change no number, and only whom something concerns is asked about
        const one = await newWorld(db);
        await importAccounts(one, [...MANY, ...accounts]);
        for (const each of leads) await intakeLead(one, each);
        await ask(one);
        const other = await newWorld(db);
        await importAccounts(other, MANY);
        await ask(other);
        const steps = [
          ...accounts.map((row) => () => importAccounts(other, [row])),
          ...leads.map((each) => () => intakeLead(other, each)),
        ].map((step) => ({ step, at: order.next().value as number }));
        for (const { step } of steps.sort((a, b) => a.at - b.at)) {
          other.advance(1000);
          await step();
          if (runs.next().value === 0) await ask(other);
        }
        await ask(other);
        expect(await found(other, leads)).toEqual(await found(one, leads));
        expect((await ask(other))?.placed).toBe(0);
        expect(await wrongProjections(other)).toEqual({});
      }),
      { numRuns: dialect === 'pglite' ? 3 : 2, seed: 20_261_123 },
    );
  }, 120_000);
});
