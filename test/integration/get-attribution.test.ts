import { beforeAll, expect, it } from 'vitest';
import { getAttribution } from '../../src/attribution/get-attribution.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { Attribution } from '../../src/definitions/core/attribution.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { newWorkspace, type TestContext } from '../support/context.ts';
import { describeDatabases, type TestDatabase } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { BY } from '../support/identity-world.ts';
import { importText } from '../support/imports.ts';

const DEALS = 'opportunity id,name,account id,stage,amount,currency,created,close date';
const O1 = derivedId('opportunity', 'crm', 'O1');

describeDatabases('get_attribution', (open) => {
  let db: TestDatabase;
  let ctx: TestContext;

  beforeAll(async () => {
    db = await open();
    ctx = await newWorkspace(db);
    await importText(ctx, 'accounts', 'account id,domain,name\nA1,acme.com,Acme\nA2,globex.com,Globex\nA3,initech.com,Initech\n');
    await importText(
      ctx,
      'people',
      'lead id,email,name,account id,lead source,created,campaign\nP1,ann@acme.com,Ann,A1,SEO,2026-01-10,Spring\nP2,bob@acme.com,Bob,A1,PPC,,\nP3,cy@globex.com,Cy,A2,,,\n',
    );
    const events = [
      'e1,ad_click,2026-01-05T10:00:00Z,ann@acme.com,paid_social,Winter Push',
      'e2,form_fill,2026-01-10T09:00:00Z,ann@acme.com,,',
      'e3,webinar,2026-01-20T09:00:00Z,bob@acme.com,,',
      'e4,call,2026-02-03T23:59:59Z,ann@acme.com,,',
      'e5,web_visit,2026-02-03T09:00:00Z,ann@acme.com,,',
      'e6,meeting,2026-02-20T09:00:00Z,ann@acme.com,,',
      'e7,content_download,2025-08-13T09:00:00Z,cy@globex.com,,',
      'e8,content_download,2025-08-14T09:00:00Z,cy@globex.com,,',
    ];
    await importText(ctx, 'events', `event_id,type,occurred_at,email,utm_medium,campaign\n${events.join('\n')}\n`);
    const deals = [
      'O1,Acme platform,A1,Closed Won,1000.01,EUR,2026-02-03,2026-02-25',
      // of its two touches one is 181 days before it
      'O2,Globex pilot,A2,Proposal,500,USD,2026-02-10,2026-06-01',
      'O3,Initech,A3,Proposal,,USD,2026-02-11,',
      'O4,No day,A3,Proposal,70,USD,,',
      'O5,Refund,A3,Proposal,-20.5,USD,2026-02-12,',
      'O6,Nobody,,Proposal,1,,2026-02-13,',
    ];
    await importText(ctx, 'opportunities', `${DEALS}\n${deals.join('\n')}\n`);
  });

  const told = async (input: Parameters<typeof getAttribution>[1]) => {
    const { lines } = await getAttribution(ctx, input);
    return lines
      .filter(({ untouched }) => !untouched)
      .map(({ value, currency, millionths, cents }) => [value, currency, millionths, cents]);
  };

  it('credits the last whole month by channel, source, campaign and month', async () => {
    expect(await told({})).toEqual([
      ['content', 'usd', 1_000_000, 50_000],
      ['paid', 'eur', 300_000, 30_001],
      ['sales', 'eur', 300_000, 30_000],
      ['website', 'eur', 300_000, 30_000],
      ['events', 'eur', 100_000, 10_000],
    ]);
    expect(await told({ by: 'source' })).toEqual([
      [null, 'usd', 1_000_000, 50_000],
      ['organic_search', 'eur', 600_000, 60_000],
      ['paid_social', 'eur', 300_000, 30_001],
      ['webinar', 'eur', 100_000, 10_000],
    ]);
    expect(await told({ by: 'campaign' })).toEqual([
      [null, 'usd', 1_000_000, 50_000],
      ['spring', 'eur', 600_000, 60_000],
      ['winter_push', 'eur', 300_000, 30_001],
      [null, 'eur', 100_000, 10_000],
    ]);
    expect(await told({ by: 'period', period: '2026-Q1' })).toEqual([
      ['2026-02', 'usd', 1_000_000, 50_000],
      ['2026-02', 'eur', 1_000_000, 100_001],
    ]);
    expect(await told({ conversion: 'closed_won' })).toEqual([
      ['sales', 'eur', 350_000, 35_000],
      ['paid', 'eur', 300_000, 30_001],
      ['website', 'eur', 300_000, 30_000],
      ['events', 'eur', 50_000, 5_000],
    ]);
  });

  it('takes an opportunity by its id, its id at the source or its exact name, and a day for an instant', async () => {
    for (const opportunity of [O1, O1.toUpperCase(), 'O1', ' acme  PLATFORM '])
      expect((await getAttribution(ctx, { opportunity })).deal, opportunity).toMatchObject({ id: O1, name: 'Acme platform' });
    expect((await getAttribution(ctx, { opportunity: 'Acme platform', as_of: '2026-03-01' })).as_of).toBe('2026-03-01T23:59:59.999Z');
    const other =
      'opportunity id,name,created\nO1,Acme platform (copy),2026-02-03\n0a0a0a0a-0000-4000-8000-00000000000a,Of an odd id,2026-02-03\n';
    const twice = await newWorkspace(db);
    await importText(twice, 'opportunities', other, { source: 'crm' });
    await importText(twice, 'opportunities', other, { source: 'erp' });
    await expect(getAttribution(twice, { opportunity: 'O1' })).rejects.toMatchObject({
      code: 'ambiguous',
      problems: [
        { path: 'opportunity', value: derivedId('opportunity', 'crm', 'O1'), reason: 'Acme platform (copy), of crm' },
        { path: 'opportunity', value: derivedId('opportunity', 'erp', 'O1'), reason: 'Acme platform (copy), of erp' },
      ].sort((a, b) => (a.value < b.value ? -1 : 1)),
    });
    await expect(getAttribution(twice, { opportunity: '0a0a0a0a-0000-4000-8000-00000000000a' })).rejects.toMatchObject({
      code: 'ambiguous',
    });
    await expect(getAttribution(ctx, { opportunity: 'Nobody knows' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'No opportunity has the id, id at its source or exact name Nobody knows.',
      next: expect.stringContaining('search_records with kind "opportunity"'),
    });
    const { known_at } = await getAttribution(twice, {});
    await importText(twice, 'opportunities', 'opportunity id,name,created\nO7,Late,2026-02-03\n');
    await expect(getAttribution(twice, { opportunity: 'O7', known_at })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(`was not known at ${known_at}`),
    });
  });

  it('says what nobody touched, what is odd, and never adds currencies up', async () => {
    const report = await getAttribution(ctx, { compare: ['linear', 'data_driven'] });
    expect(report.period).toEqual({ name: '2026-02', from: '2026-02-01', to: '2026-02-28' });
    expect(report.totals).toEqual([
      { currency: null, deals: 1, cents: 100, untouched: { deals: 1, cents: 100 } },
      { currency: 'eur', deals: 1, cents: 100_001, untouched: { deals: 0, cents: 0 } },
      { currency: 'usd', deals: 3, cents: 47_950, untouched: { deals: 2, cents: -2_050 } },
    ]);
    expect(
      report.lines.filter(({ untouched }) => untouched).map(({ currency, millionths, cents }) => [currency, millionths, cents]),
    ).toEqual([
      ['usd', 2_000_000, -2_050],
      [null, 1_000_000, 100],
    ]);
    expect(report.notes).toEqual([
      '3 opportunities had no touch in the look-back: credited to nobody, on a line of their own.',
      '1 opportunity without an account, so that no events can be theirs.',
      '1 opportunity without an amount that can be added up: counted, with an amount of 0.',
      '1 opportunity with an amount below 0, which is in the sums as it is.',
      '1 opportunity with an amount in no currency: added up apart.',
      '3 currencies, each added up by itself and never together.',
      '1 opportunity of the workspace without a day on which they were created: of no period.',
    ]);
    expect(report.models.map(({ id }) => id)).toEqual(['in_force', 'linear', 'data_driven']);
    // shares add up to a hundred percent, but where an amount is below nothing
    const shares = (of: string | null) => report.lines.filter(({ currency }) => currency === of).map(({ share }) => share);
    expect(shares('eur').reduce((sum, share) => (sum ?? 0) + (share ?? 0), 0)).toBe(10_000);
    expect(new Set(shares('usd'))).toEqual(new Set([null]));
  });

  it('shows the touches of one opportunity', async () => {
    const { deal, total, next_cursor } = await getAttribution(ctx, {
      opportunity: O1,
      conversion: 'closed_won',
      compare: ['all'],
      limit: 3,
    });
    expect([total, deal?.touches.map(({ type, marks }) => [type, ...marks])]).toEqual([
      5,
      [['ad_click', 'first_touch'], ['form_fill', 'lead_created'], ['webinar']],
    ]);
    expect(deal?.touches[2]).toMatchObject({ channel: 'events', source: 'webinar', campaign: null, person: { name: 'Bob' } });
    expect(deal?.touches[0]?.credits).toEqual([
      { millionths: 300_000, cents: 30_001 },
      { millionths: 1_000_000, cents: 100_001 },
      { millionths: 0, cents: 0 },
      { millionths: 400_000, cents: 40_000 },
      { millionths: 200_000, cents: 20_001 },
      null,
    ]);
    const rest = { opportunity: O1, conversion: 'closed_won' as const, compare: ['all'], limit: 3, cursor: next_cursor ?? '' };
    const { deal: more } = await getAttribution(ctx, rest);
    expect(more?.touches.map(({ type, marks }) => [type, ...marks])).toEqual([
      ['call', 'opportunity_created'],
      ['meeting', 'closed_won', 'last_touch'],
    ]);
    const open = { opportunity: derivedId('opportunity', 'crm', 'O2'), conversion: 'closed_won' as const };
    await expect(getAttribution(ctx, open)).rejects.toMatchObject({ code: 'invalid_input', problems: [{ path: 'opportunity' }] });
    await expect(getAttribution(ctx, { opportunity: derivedId('opportunity', 'crm', 'O9') })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('pages with the true total', async () => {
    const first = await getAttribution(ctx, { limit: 4 });
    const rest = await getAttribution(ctx, { limit: 4, cursor: first.next_cursor ?? '' });
    expect([first.total, rest.total, rest.next_cursor]).toEqual([7, 7, null]);
    expect([...first.lines, ...rest.lines]).toEqual((await getAttribution(ctx, {})).lines);
  });

  it('a period without opportunities, one that is not over, and days that have not come', async () => {
    const empty = await getAttribution(ctx, { period: '2024-01', compare: ['all'] });
    expect([empty.totals, empty.lines, empty.notes[0]]).toEqual([[], [], 'No opportunity was converted in this period.']);
    await importText(
      ctx,
      'opportunities',
      `${DEALS}\nF1,Later,A1,Proposal,5,EUR,2026-04-02,\nF2,Odd,A1,Closed Won,5000000000000,EUR,2026-03-02,2026-03-01\n`,
    );
    const spring = await getAttribution(ctx, { period: '2026-Q2' });
    expect(spring.notes).toContain('The period is not over: its figures will grow.');
    expect(spring.notes).toContain('1 opportunity dated after the day as of which this is.');
    const march = await getAttribution(ctx, { period: '2026-03', conversion: 'closed_won' });
    expect(march.totals).toEqual([{ currency: 'eur', deals: 1, cents: 0, untouched: { deals: 0, cents: 0 } }]);
    expect(march.notes).toContain('1 opportunity won before they were created, by their dates.');
    expect(JSON.stringify(march)).not.toMatch(/NaN|Infinity/);
    const dear = Array.from({ length: 100 }, (_, i) => `B${i},Big,A1,Proposal,999999999999,VND,2026-01-05,`);
    await importText(ctx, 'opportunities', `${DEALS}\n${dear.join('\n')}\n`);
    await expect(getAttribution(ctx, { period: '2026-01' })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ path: 'period' }],
    });
  });

  it('is told how far it is, and can be cancelled', async () => {
    const steps: [number, number | undefined][] = [];
    const progress = { report: (done: number, total: number | undefined) => void steps.push([done, total]) };
    await getAttribution({ ...ctx, progress }, {});
    expect(steps).toEqual([[5, 5]]);
    const stopped = new AbortController();
    stopped.abort(new Error('no longer'));
    await expect(getAttribution({ ...ctx, signal: stopped.signal }, {})).rejects.toThrow();
  });

  it('people who are merged touch for the same account, and the account of today', async () => {
    const own = await newWorkspace(db);
    await importText(own, 'accounts', 'account id,domain,name\nA1,acme.com,Acme\nA2,acme.de,Acme DE\n');
    await importText(own, 'events', 'event_id,type,occurred_at,email\nm1,webinar,2026-01-20T09:00:00Z,ann@acme.de\n');
    await importText(own, 'opportunities', `${DEALS}\nO1,Acme,A1,Proposal,10,EUR,2026-02-03,\n`);
    const before = await getAttribution(own, {});
    expect(before.lines).toMatchObject([{ untouched: true, cents: 1000 }]);
    own.advance(1000);
    const nodes = ['acme.com', 'acme.de'].map((domain) => derivedId('account', 'domain', domain));
    await mergeEntities(own, { kind: 'account', nodes, decision: BY });
    expect((await getAttribution(own, {})).lines).toMatchObject([{ value: 'events', untouched: false, cents: 1000 }]);
    expect((await getAttribution(own, { known_at: before.known_at })).lines).toEqual(before.lines);
  });

  it('a milestone may be a stage of the hand-off', async () => {
    const own = await newWorkspace(db);
    await handOffWorld(own);
    await handOffLead(own, { person: 'ann@acme.com', reason: 'asked for' });
    own.setNow('2026-03-10T09:00:00Z');
    await recordEngagement(own, {
      source: 'web',
      events: [{ event_id: 'c1', type: 'call', occurred_at: '2026-03-05T09:00:00Z', email: 'ann@acme.com' }],
    });
    await importText(
      own,
      'opportunities',
      'opportunity id,name,domain,stage,amount,currency,created\nO1,Acme,acme.com,Proposal,10,EUR,2026-03-06\n',
    );
    const { document } = await readWorkspace(own, (tx) => currentDefinition(tx, own, 'attribution'));
    const byMql: Attribution = {
      ...document,
      model: { type: 'weighted', weights: { lead_created: 100 } },
      milestones: { ...document.milestones, lead_created: 'mql' },
    };
    await saveDefinition(own, { document: byMql });
    const { lines } = await getAttribution(own, { period: '2026-03' });
    expect(lines).toMatchObject([{ value: 'website', cents: 1000 }]);
    const { deal } = await getAttribution(own, { opportunity: O1 });
    expect(deal?.touches.map(({ type, marks }) => [type, ...marks])).toEqual([
      ['demo_request', 'first_touch', 'lead_created'],
      ['call', 'opportunity_created', 'last_touch'],
    ]);
  });
});
