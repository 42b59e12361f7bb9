import { expect, it } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { intakeLead } from '../../src/intake/intake-lead.ts';
import type { Database } from '../../src/kernel/database.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { importText } from '../support/imports.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

const SYLLABLES = ['ba', 'kel', 'lin', 'mor', 'nu', 'ras', 'sev', 'ti', 'vol', 'zug'];
const word = (i: number) => [i, i * 7 + 3, Math.floor(i / 10) + 5].map((place) => SYLLABLES[place % 10]).join('');
let worlds = 0;

/** A few hundred accounts, so that names tell something, and one that leads come from. */
async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `intake-${worlds}` });
  await ensureWorkspace(ctx);
  const others = Array.from(
    { length: 300 },
    (_, i) => `o${i},${word(i)} ${word(i + 301)} Systems,${word(i)}${i}.example,Town${i % 20},software`,
  );
  await importRecords(ctx, {
    kind: 'accounts',
    source: 'crm',
    content: ['id,name,domain,city,industry', ...others, 'brightwave,Brightwave Quillon Inc,brightwave.com,Berlin,software'].join('\n'),
    mapping: {
      id: 'external_id',
      name: 'account.name',
      domain: 'account.domain',
      city: 'account.city',
      industry: 'account.industry',
    },
  });
  ctx.advance(60_000);
  return ctx;
}

const BRIGHTWAVE = derivedId('account', 'domain', 'brightwave.com');
const ANN = { source: 'web', external_id: 'form-1', email: 'ann.lee@brightwave.com', name: 'Ann Lee', company: 'Brightwave' };

describeDatabases('a lead that comes in', (open) => {
  it('is recorded, matched, scored, and told whether it is ready, once', async () => {
    const ctx = await newWorld(await open());
    const first = await intakeLead(ctx, ANN);
    expect(first).toMatchObject({
      outcome: 'created',
      person: { id: derivedId('person', 'email', ANN.email), name: 'Ann Lee', email: ANN.email },
      merge: null,
      account: { id: BRIGHTWAVE, evidence: 'domain' },
      match: { decision: 'match', account: BRIGHTWAVE, rule: 'exact_host' },
      readiness: { ready: false },
    });
    expect(first.readiness.requirements.map(({ met }) => met)).toEqual(['yes', 'yes', 'no']);
    expect(first.readiness.reasons).toEqual([expect.stringMatching(/^not met: .*demo request/)]);
    expect(first.score.result.score).toBeGreaterThan(0);
    // but for the counts that a look-up takes
    const recorded = () => workspaceRows(ctx, { without: ['identity_index'] });
    const rows = await recorded();
    ctx.advance(60_000);
    const again = await intakeLead(ctx, ANN);
    expect(again).toMatchObject({ outcome: 'unchanged', person: first.person, account: first.account, match: first.match, merge: null });
    // nothing is recorded, not even a tick of the clock
    expect(await recorded()).toEqual(rows);
    // with enough engagement the unknown seniority decides
    await recordEngagement(ctx, {
      events: ['f1', 'f2'].map((id) => ({ event_id: id, type: 'form_fill', occurred_at: ctx.now().toISOString(), email: ANN.email })),
    });
    expect((await intakeLead(ctx, ANN)).readiness.requirements.at(-1)).toMatchObject({ met: 'unknown' });
    await recordEngagement(ctx, {
      events: [{ event_id: 'd1', type: 'demo_request', occurred_at: ctx.now().toISOString(), email: ANN.email }],
    });
    const ready = await intakeLead(ctx, ANN);
    expect(ready).toMatchObject({ outcome: 'unchanged', readiness: { ready: true, reasons: [] } });
    expect(ready.score.result.score).toBeGreaterThan(first.score.result.score);
  });

  it('is one with the person who is there, under another address, and keeps that account', async () => {
    const ctx = await newWorld(await open());
    const phone = '+49 30 5550 1820';
    const { person } = await intakeLead(ctx, { ...ANN, phone });
    ctx.advance(1000);
    const other = await intakeLead(ctx, { source: 'event', external_id: 'badge-7', email: 'annlee@gmail.com', name: 'Ann Lee', phone });
    expect(other).toMatchObject({
      outcome: 'created',
      person: { id: person.id },
      merge: { decision: expect.any(String), sentence: expect.stringMatching(/^The same/) },
      account: { id: BRIGHTWAVE, evidence: 'domain' },
      match: { decision: 'none' },
    });
  });

  it('belongs to the account that its name and place show, until something stronger says otherwise', async () => {
    const ctx = await newWorld(await open());
    const lead = {
      source: 'web',
      external_id: 'form-2',
      email: 'carla.fuchs@gmail.com',
      name: 'Carla Fuchs',
      company: 'Brightwave Quillon',
      city: 'Berlin',
    };
    const taken = await intakeLead(ctx, lead);
    expect(taken).toMatchObject({
      account: { id: BRIGHTWAVE, evidence: 'match', why: expect.stringContaining('as it came in') },
      match: { decision: 'match', rule: 'name_and_place' },
    });
    // a slip of the pen is looked for where nothing else is found
    const misspelt = await intakeLead(ctx, {
      ...lead,
      external_id: 'form-3',
      email: 'dora@gmail.com',
      name: 'Dora',
      company: 'Brihgtwave Quillon',
    });
    expect(misspelt.match).toMatchObject({ account: BRIGHTWAVE });
    expect(misspelt.match.decision).not.toBe('none');
    const view = await getMatch(ctx, { record: lead.email });
    expect(view.leadMatch).toMatchObject({ decision: 'match', account: BRIGHTWAVE });
    // an account that claims the address' domain, or a record that names one, is stronger
    ctx.advance(1000);
    await importRecords(ctx, {
      kind: 'people',
      source: 'crm',
      content: 'id,email,name,account\nc1,carla.fuchs@gmail.com,Carla Fuchs,o7',
      mapping: { id: 'external_id', email: 'person.email', name: 'person.name', account: 'account_external_id' },
    });
    expect((await getMatch(ctx, { record: lead.email })).account).toMatchObject({ evidence: 'record' });
    expect(await intakeLead(ctx, lead)).toMatchObject({ outcome: 'unchanged', account: { evidence: 'record' }, match: taken.match });
  });

  it('belongs to an account also by the name of one that was merged into it, and to that one once the merge is taken back', async () => {
    const ctx = await newWorld(await open());
    await importText(ctx, 'accounts', 'id,name,city\nq1,Quandelay Vexports,Oslo\n');
    ctx.advance(1000);
    const records = ['brightwave.com', 'Quandelay Vexports'];
    const { decision, entity } = await decideMatch(ctx, { kind: 'account', verdict: 'match', records });
    expect(entity).toBe(BRIGHTWAVE);
    const lead = { source: 'web', email: 'vic@gmail.com', name: 'Vic', company: 'Quandelay Vexports', city: 'Oslo' };
    expect((await matchLead(ctx, { email: lead.email, company: lead.company, city: lead.city })).account.entity).toBe(BRIGHTWAVE);
    const came = {
      account: { id: BRIGHTWAVE, evidence: 'match' },
      match: { decision: 'match', account: BRIGHTWAVE, rule: 'name_and_place' },
    };
    expect(await intakeLead(ctx, lead)).toMatchObject(came);
    expect(await intakeLead(ctx, lead)).toMatchObject({ outcome: 'unchanged', ...came });
    ctx.advance(1000);
    await unmergeEntities(ctx, { kind: 'account', merge: decision, decision: { by: 'person' } });
    const { account } = await getMatch(ctx, { record: lead.email });
    expect(account).toMatchObject({ id: derivedId('account', 'crm', 'q1'), evidence: 'match' });
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('is of no account by a domain that tells nobody apart, as people said, until that is taken back', async () => {
    const ctx = await newWorld(await open());
    await importText(ctx, 'people', 'id,name,email\nc1,Cy Cole,cy@brightwave.com\n');
    await intakeLead(ctx, ANN);
    ctx.advance(1000);
    const says = (verdict: 'suppress_identifier' | 'allow_identifier') =>
      decideMatch(ctx, { kind: 'account', verdict, identifier: { kind: 'domain', value: 'www.brightwave.com' } });
    const accounts = async (...emails: string[]) =>
      Promise.all(emails.map(async (record) => (await getMatch(ctx, { record })).account?.evidence ?? null));
    const all = ['cy@brightwave.com', ANN.email];
    expect(await accounts(...all)).toEqual(['domain', 'domain']);
    await says('suppress_identifier');
    expect(await accounts(...all)).toEqual([null, null]);
    ctx.advance(1000);
    const bob = await intakeLead(ctx, { source: 'web', email: 'bob@brightwave.com', name: 'Bob Baker' });
    expect(bob).toMatchObject({ account: null, match: { decision: 'none', account: null } });
    await importText(ctx, 'people', 'id,name,email\nc2,Dee Dole,dee@brightwave.com\n');
    expect(await accounts('dee@brightwave.com')).toEqual([null]);
    // what was decided of a lead by the domain is asked again
    await stitchRecords(ctx, { kinds: ['account'] });
    const { account, leadMatch } = await getMatch(ctx, { record: ANN.email });
    expect(leadMatch?.rule).not.toBe('exact_host');
    expect(account?.evidence ?? null).toBe(leadMatch?.decision === 'match' ? 'match' : null);
    expect(await wrongProjections(ctx)).toEqual({});
    await says('allow_identifier');
    expect(await accounts(...all, 'bob@brightwave.com', 'dee@brightwave.com')).toEqual(['domain', 'domain', 'domain', 'domain']);
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('is taken in once by two servers that get it at the same time', async () => {
    const ctx = await newWorld(await open());
    const [one, two] = await Promise.all([intakeLead(ctx, ANN), intakeLead(ctx, ANN)]);
    expect([one?.outcome, two?.outcome].sort()).toEqual(['created', 'unchanged']);
    expect(one?.match).toEqual(two?.match);
    const rows = await workspaceRows(ctx);
    expect(rows.lead_match).toHaveLength(1);
    expect(rows.score).toHaveLength(1);
    expect(rows.person).toHaveLength(1);
  });

  it('is refused where it cannot be read, and to who may not write', async () => {
    const ctx = await newWorld(await open());
    await expect(intakeLead(ctx, { ...ANN, email: 'ann' })).rejects.toMatchObject({ code: 'invalid_input', problems: [{ path: 'email' }] });
    await expect(intakeLead(ctx, { ...ANN, fields: { senority: 'vp' } })).rejects.toThrow(/did you mean seniority/);
    const reader = { ...ctx, actor: { id: 'reader', scopes: new Set(['read'] as const) } };
    await expect(intakeLead(reader, ANN)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
