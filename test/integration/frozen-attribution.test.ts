import { expect, it } from 'vitest';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { freezeReview } from '../../src/review/freeze-review.ts';
import { getAttributionTool } from '../../src/tools/get-attribution.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';

describeDatabases('attribution of a frozen month', (open) => {
  it('is the published one, and says how far it is from it since', async () => {
    const ctx = await newWorkspace(await open());
    await importText(ctx, 'accounts', 'account id,domain,name\nA1,acme.com,Acme\nA2,globex.com,Globex\n');
    await importText(ctx, 'events', 'event_id,type,occurred_at,email\ne1,webinar,2026-01-20T09:00:00Z,ann@acme.com\n');
    const deals = [
      'O1,Acme,A1,Closed Won,1000.01,EUR,2026-02-03,2026-02-25',
      'O2,Globex,A2,Closed Won,-20.5,EUR,2026-02-10,2026-02-09',
      // won, without the day: it is the first day on which it was seen so
      'O3,Globex,A2,Closed Won,7,USD,2026-02-11,',
      'O4,Globex,A2,Proposal,,USD,2026-02-11,',
      'O5,Globex,A2,Proposal,5000000000000,,2026-02-12,',
      'O6,Globex,A2,Closed Won,0.125,,2026-02-12,2026-02-20',
    ];
    const columns = 'opportunity id,name,account id,stage,amount,currency,created,close date';
    await importText(ctx, 'opportunities', `${columns}\n${deals.join('\n')}\n`, { observed_at: '2026-02-27T09:00:00Z' });
    const asked = { period: '2026-02', by: 'source', limit: 1, response_format: 'concise' } as const;
    expect((await getAttributionTool.run(ctx, asked)).frozen).toBeNull();
    ctx.setNow('2026-03-09T09:00:00Z');
    await freezeReview(ctx, { kind: 'monthly', period: '2026-02' });
    for (const conversion of ['opportunity_created', 'closed_won'] as const)
      for (const by of ['source', 'channel'] as const) {
        const { frozen } = await getAttributionTool.run(ctx, { ...asked, by, conversion });
        expect(frozen, `${conversion} by ${by}`).toMatchObject({ version: 1, differ: 0, changed: [] });
        expect(frozen?.compared, 'more than the page').toBeGreaterThan(5);
      }

    // a deal of the month before, open in a currency of its own: every figure is what it was, and counted of more deals
    ctx.advance(1000);
    await importText(ctx, 'opportunities', `${columns}\nO7,Acme,A1,Proposal,1,GBP,2026-01-11,\n`, { observed_at: '2026-02-27T09:00:00Z' });
    await expect(freezeReview(ctx, { kind: 'monthly', period: '2026-02' })).rejects.toThrow(
      /its figures are the same, but counted of others/,
    );

    ctx.advance(1000);
    const late = { event_id: 'e2', type: 'ad_click', occurred_at: '2026-02-01T09:00:00Z', email: 'cy@globex.com' };
    await recordEngagement(ctx, { source: 'ads', events: [{ ...late, attributes: { utm_medium: 'ppc', utm_campaign: 'Spring' } }] });
    const since = await getAttributionTool.run(ctx, { ...asked, conversion: 'closed_won' });
    expect(since.frozen?.changed.map(({ key, before, now }) => [key, before, now])).toEqual([
      ['pipeline.won.untouched.eur', -20.5, 0],
      ['pipeline.won.untouched.usd', 7, 0],
      ['pipeline.won.untouched.~', 0.13, 0],
      ['pipeline.won.by_source.paid_search.eur', 0, -20.5],
      ['pipeline.won.by_source.paid_search.~', 0, 0.13],
      ['pipeline.won.by_source.paid_search.usd', 0, 7],
    ]);
    expect(since.frozen?.reasons[0]).toMatchObject({ reason: 'late_touches', count: 1 });
    expect(getAttributionTool.text(getAttributionTool.output.parse(since), asked)).toMatch(/6 of \d+ figures are otherwise today/);
    // what no definition names is marked as from outside, as values are
    const { credits } = await getAttributionTool.run(ctx, { ...asked, by: 'campaign', limit: 20 });
    expect(credits.map(({ value, label }) => [value, label])).toContainEqual(['spring', null]);
    // who was credited is otherwise; the sums are not
    expect((await getAttributionTool.run(ctx, { ...asked, by: 'campaign' })).frozen).toMatchObject({ differ: 0 });
    // a month as it was known then is no restatement, nor is a quarter of the month
    for (const other of [{ known_at: '2026-03-09T09:00:00Z' }, { period: '2026-Q1' }])
      expect((await getAttributionTool.run(ctx, { ...asked, ...other })).frozen).toBeNull();
  });
});
