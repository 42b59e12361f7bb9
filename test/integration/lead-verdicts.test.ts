import { expect, it } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { listMatchReviews } from '../../src/identity/list-match-reviews.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { intakeLead } from '../../src/intake/intake-lead.ts';
import type { Database } from '../../src/kernel/database.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { BY, derivedState } from '../support/identity-world.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

const SYLLABLES = ['ba', 'kel', 'lin', 'mor', 'nu', 'ras', 'sev', 'ti', 'vol', 'zug'];
const word = (i: number) => [i, i * 7 + 3, Math.floor(i / 10) + 5].map((place) => SYLLABLES[place % 10]).join('');
const account = (domain: string) => derivedId('account', 'domain', domain);
const BRIGHTWAVE = account('brightwave.com');
const LABS = account('brightwavelabs.com');
const ANN = {
  source: 'web',
  external_id: '1',
  email: 'ann@brightwave.com',
  name: 'Ann Lee',
  company: 'Brightwave Quillon',
  city: 'Berlin',
};
/** Of Brightwave by name and city alone. */
const EVE = { ...ANN, external_id: '2', email: 'eve.adams@gmail.com', name: 'Eve Adams' };
/** A similar name, and nothing else. */
const DAN = { source: 'web', external_id: '3', email: 'dan.o@gmail.com', name: 'Dan Orr', company: 'Brightwave Quillon Trading' };
let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `verdicts-${worlds}` });
  await ensureWorkspace(ctx);
  const others = Array.from({ length: 200 }, (_, i) => `o${i},${word(i)} ${word(i + 301)} Systems,${word(i)}${i}.example,Town${i % 20}`);
  const ours = ['b1,Brightwave Quillon Inc,brightwave.com,Berlin', 'b2,Brightwave Labs,brightwavelabs.com,Jena'];
  await importRecords(ctx, {
    kind: 'accounts',
    source: 'crm',
    content: ['id,name,domain,city', ...others, ...ours].join('\n'),
    mapping: { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city' },
  });
  ctx.advance(60_000);
  return ctx;
}

const accountOf = async (ctx: TestContext, record: string) => (await getMatch(ctx, { record })).account;
const leadReviews = async (ctx: TestContext) => (await listMatchReviews(ctx, { kind: 'lead' })).reviews;

describeDatabases('what a person decides about a lead and an account', (open) => {
  it('outranks the address, the matcher and the records of sources, and leaves what was when it is withdrawn', async () => {
    const ctx = await newWorld(await open());
    await intakeLead(ctx, ANN);
    await recordEngagement(ctx, {
      events: [{ event_id: 'e1', type: 'pricing_page', occurred_at: ctx.now().toISOString(), email: ANN.email }],
    });
    await rescoreRecords(ctx, { scope: 'all' });
    const before = await derivedState(ctx);
    ctx.advance(1000);
    const said = await decideMatch(ctx, {
      kind: 'lead',
      verdict: 'match',
      records: [ANN.email, 'brightwavelabs.com'],
      reason: 'moved there',
    });
    expect(said).toMatchObject({ kind: 'lead', entity: LABS, withdrew: [] });
    expect(await decideMatch(ctx, { kind: 'lead', verdict: 'match', records: [ANN.email, LABS] })).toMatchObject({
      decision: said.decision,
    });
    const view = await getMatch(ctx, { record: ANN.email });
    expect(view.account).toMatchObject({ id: LABS, domain: 'brightwavelabs.com', evidence: 'decision' });
    expect(view.leadMatch).toMatchObject({
      decision: 'match',
      rule: 'decision',
      account: LABS,
      sentence: expect.stringContaining('"moved there"'),
    });
    expect(view.identity.decisions).toMatchObject([{ kind: 'lead', verb: 'must_link', undoneBy: null }]);
    const matched = await matchLead(ctx, { email: ANN.email, name: ANN.name, company: ANN.company });
    expect(matched.account).toMatchObject({ decision: 'match', rule: 'decision', entity: LABS, runner_up: { entity: BRIGHTWAVE } });
    expect(matched.account.prior + matched.account.evidence.reduce((sum, { bits }) => sum + bits, 0)).toBe(matched.account.bits);
    expect(matched.belongsTo).toMatchObject({ id: LABS });
    // the same lead again, and a record that names the other account
    expect(await intakeLead(ctx, ANN)).toMatchObject({ outcome: 'unchanged', account: { id: LABS }, match: { account: LABS } });
    expect(await intakeLead(ctx, { ...ANN, title: 'CTO' })).toMatchObject({ account: { id: LABS }, match: { rule: 'decision' } });
    expect(await wrongProjections(ctx)).toEqual({});
    await decideMatch(ctx, { verdict: 'withdraw', decision: said.decision });
    expect(await accountOf(ctx, ANN.email)).toMatchObject({ id: BRIGHTWAVE, evidence: 'domain' });
    expect((await getMatch(ctx, { record: ANN.email })).leadMatch).toMatchObject({ account: BRIGHTWAVE, rule: 'exact_host' });
    await rescoreRecords(ctx, { scope: 'changed' });
    const after = await derivedState(ctx);
    for (const table of ['event', 'person_account', 'account', 'match_review']) expect(after[table]).toEqual(before[table]);
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('rules an account out for good, also when it is merged and when the lead is, until that is taken back', async () => {
    const ctx = await newWorld(await open());
    await intakeLead(ctx, EVE);
    expect(await accountOf(ctx, EVE.email)).toMatchObject({ id: BRIGHTWAVE, evidence: 'match' });
    const { decision } = await decideMatch(ctx, { kind: 'lead', verdict: 'no_match', records: [EVE.email, BRIGHTWAVE] });
    expect(await accountOf(ctx, EVE.email)).toBeNull();
    expect((await getMatch(ctx, { record: EVE.email })).leadMatch).toMatchObject({ decision: 'none', rule: 'decision' });
    expect((await matchLead(ctx, EVE_AS_ASKED)).account.entity).not.toBe(BRIGHTWAVE);
    ctx.advance(1000);
    const again = await intakeLead(ctx, { ...EVE, title: 'CFO' });
    expect(again.account).toBeNull();
    expect(again.match.account).not.toBe(BRIGHTWAVE);
    // a record under another address names the account, and the two people are one
    await importRecords(ctx, {
      kind: 'people',
      source: 'crm',
      content: 'id,email,name,account\nc1,eve@other.example,Eve Adams,b1',
      mapping: { id: 'external_id', email: 'person.email', name: 'person.name', account: 'account_external_id' },
    });
    const nodes = [EVE.email, 'eve@other.example'].map((email) => derivedId('person', 'email', email));
    const merged = await mergeEntities(ctx, { kind: 'person', nodes, decision: BY });
    expect(await accountOf(ctx, EVE.email)).toBeNull();
    await mergeEntities(ctx, { kind: 'account', nodes: [BRIGHTWAVE, LABS], decision: BY });
    expect(await accountOf(ctx, EVE.email)).toBeNull();
    await expect(decideMatch(ctx, { kind: 'lead', verdict: 'match', records: [EVE.email, LABS] })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await wrongProjections(ctx)).toEqual({});
    await decideMatch(ctx, { verdict: 'withdraw', decision });
    expect(await accountOf(ctx, EVE.email)).toMatchObject({ evidence: 'record' });
    await unmergeEntities(ctx, { kind: 'person', merge: merged.decision, decision: BY });
    expect(await accountOf(ctx, EVE.email)).toMatchObject({ evidence: 'match' });
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('holds, and a lead that waited for an account gets it when the account has come', async () => {
    const ctx = await newWorld(await open());
    const gus = {
      source: 'web',
      external_id: '4',
      email: 'gus@gmail.com',
      name: 'Gus Ode',
      company: 'Zyntrix Quantum Vellum',
      city: 'Oslo',
    };
    const ida = { ...gus, external_id: '5', email: 'ida@gmail.com', name: 'Ida Ray' };
    for (const lead of [gus, ida, DAN]) expect((await intakeLead(ctx, lead)).account).toBeNull();
    const content = 'id,name,domain,city\nz1,Zyntrix Quantum Vellum AS,zyntrix.example,Oslo';
    const mapping = { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city' };
    ctx.advance(1000);
    await importRecords(ctx, { kind: 'accounts', source: 'crm', content, mapping });
    const zyntrix = account('zyntrix.example');
    await decideMatch(ctx, { kind: 'lead', verdict: 'no_match', records: [ida.email, zyntrix] });
    ctx.advance(1000);
    expect((await stitchRecords(ctx, { preview: true })).leads).toBeNull();
    expect((await stitchRecords(ctx, {})).leads).toEqual({ asked: 3, placed: 1, released: 0 });
    const view = await getMatch(ctx, { record: gus.email });
    expect(view).toMatchObject({ account: { id: zyntrix, evidence: 'match' }, leadMatch: { decision: 'match', account: zyntrix } });
    expect(await accountOf(ctx, ida.email)).toBeNull();
    expect(await wrongProjections(ctx)).toEqual({});
    const rows = (await derivedState(ctx)).lead_match;
    expect((await stitchRecords(ctx, {})).leads).toMatchObject({ placed: 0 });
    expect((await derivedState(ctx)).lead_match).toEqual(rows);
  });

  it('is asked for where the matcher is not sure, and ends the question', async () => {
    const ctx = await newWorld(await open());
    expect((await intakeLead(ctx, DAN)).match).toMatchObject({ decision: 'review', account: BRIGHTWAVE });
    const [review, ...others] = await leadReviews(ctx);
    expect(others).toEqual([]);
    expect(review).toMatchObject({
      kind: 'lead',
      reason: 'guarded',
      left: { key: DAN.email },
      right: { id: BRIGHTWAVE, key: 'brightwave.com' },
    });
    expect(review?.sentence).toContain('a name that is only similar needs the place or the telephone number');
    expect(await listMatchReviews(ctx, {})).toMatchObject({ total: 1 });
    const records = [review?.left.node ?? '', review?.right.node ?? ''];
    const { decision } = await decideMatch(ctx, { kind: 'lead', verdict: 'related', records });
    expect(await leadReviews(ctx)).toEqual([]);
    // a word that is taken back asks nothing again where another stands
    const other = await decideMatch(ctx, { kind: 'lead', verdict: 'no_match', records });
    await decideMatch(ctx, { verdict: 'withdraw', decision: other.decision });
    expect(await leadReviews(ctx)).toEqual([]);
    await decideMatch(ctx, { verdict: 'withdraw', decision });
    expect(await leadReviews(ctx)).toEqual([review]);
    // of two accounts the later word counts
    const first = await decideMatch(ctx, { kind: 'lead', verdict: 'match', records });
    expect(await leadReviews(ctx)).toEqual([]);
    const second = await decideMatch(ctx, { kind: 'lead', verdict: 'match', records: [DAN.email, LABS] });
    expect(second.withdrew).toEqual([first.decision]);
    // a reason given later is kept too
    const why = await decideMatch(ctx, { kind: 'lead', verdict: 'match', records: [DAN.email, LABS], reason: 'his badge' });
    expect(why.withdrew).toEqual([second.decision]);
    expect((await getMatch(ctx, { record: DAN.email })).leadMatch?.sentence).toContain('"his badge"');
    expect(await accountOf(ctx, DAN.email)).toMatchObject({ id: LABS });
    expect((await decideMatch(ctx, { kind: 'lead', verdict: 'no_match', records: [DAN.email, LABS] })).withdrew).toEqual([why.decision]);
    expect(await accountOf(ctx, DAN.email)).toBeNull();
    expect(await leadReviews(ctx)).toEqual([review]);
  });
});

const EVE_AS_ASKED = { email: EVE.email, name: EVE.name, company: EVE.company, city: EVE.city };
