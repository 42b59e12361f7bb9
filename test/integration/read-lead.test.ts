import { beforeAll, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { Sla } from '../../src/definitions/core/sla.ts';
import type { Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import { currentDefinition } from '../../src/definitions/current-definition.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { type Lead, readLead } from '../../src/handoff/read-lead.ts';
import { dayOf } from '../../src/kernel/dates.ts';
import { findPerson } from '../../src/records/find-person.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importText } from '../support/imports.ts';

describeDatabases('what a hand-off depends on', (open) => {
  let ctx: TestContext;

  beforeAll(async () => {
    ctx = testContext(await open(), { workspaceId: 'lead' });
    await ensureWorkspace(ctx);
    const accounts = 'domain,name,industry,employees,country,target account,owner,lead source\n';
    await importText(ctx, 'accounts', `${accounts}acme.com,Acme,software,300,us,true,ana,Trade Show\nbolt.de,Bolt,,80,de,,,\n`, {
      source: 'salesforce',
    });
    const people = 'email,name,seniority,lead source\nann@acme.com,Ann Lee,vp,Web\nbob@bolt.de,Bob Roth,,\neve@acme.com,Eve Stone,vp,\n';
    await importText(ctx, 'people', people, { source: 'salesforce' });
    await recordEngagement(ctx, {
      source: 'web',
      events: [{ event_id: 'd1', type: 'demo_request', occurred_at: '2026-03-01T10:00:00Z', email: 'ann@acme.com' }],
    });
  });

  type Edit = (documents: { taxonomy: Taxonomy; sla: Sla }) => { taxonomy: Taxonomy; sla: Sla };
  const read = (email: string, { edit = ((same) => same) as Edit, days = 0, disqualifiedBy = [] as string[] } = {}): Promise<Lead> =>
    readWorkspace(ctx, async (tx) => {
      const person = (await findPerson(tx, ctx, email)).id;
      const [taxonomy, sla] = await Promise.all([currentDefinition(tx, ctx, 'taxonomy'), currentDefinition(tx, ctx, 'sla')]);
      const asOfDay = dayOf(ctx.now()) + days;
      const edited = edit({ taxonomy: taxonomy.document, sla: sla.document });
      const segments = (edited.taxonomy.segments ?? []).map((one) => ({ ...one, since: null, not: [] }));
      return readLead(tx, ctx, { person, segments, ...edited, asOfDay, tier: 'B', disqualifiedBy });
    });

  it('the promise, the owner and the territory of a lead', async () => {
    const lead = await read('ann@acme.com');
    expect(lead).toMatchObject({
      account_owner: 'ana',
      territories: ['north_america'],
      segments: [],
      readiness: { ready: true, reasons: [] },
    });
    expect(lead.facts).toEqual({ source: 'organic_search', tier: 'B', holds: new Set(['speed_to_lead.demo_of_target']) });
  });

  it('a window of events that is over, and the conditions that are missing', async () => {
    expect((await read('ann@acme.com', { days: 2 })).facts.holds).toEqual(new Set());
    const late = await read('ann@acme.com', { days: 40, disqualifiedBy: ['domain is on the list competitors'] });
    expect(late.readiness.ready).toBe(false);
    expect(late.readiness.reasons).toHaveLength(2);
    expect(late.readiness.reasons[1]).toBe('disqualified: domain is on the list competitors');
  });

  it('what is not known does not hold', async () => {
    const lead = await read('bob@bolt.de');
    expect(lead).toMatchObject({ account_owner: null, territories: ['europe'], facts: { source: null, holds: new Set() } });
    expect(lead.readiness).toMatchObject({ ready: false });
  });

  it("the account's source, where the person has none", async () => {
    expect((await read('eve@acme.com')).facts.source).toBe('event');
  });

  it('segments and exceptions of the follow-up', async () => {
    const small = { field: 'account.employees', range: { max: 100 } };
    const edit: Edit = ({ taxonomy, sla }) => ({
      taxonomy: {
        ...taxonomy,
        segments: [
          { id: 'large', label: 'Large', when: { not: small }, rule: 'exclude', because: 'FIT-02' },
          { id: 'small', label: 'Small', when: small, rule: 'exclude', because: 'FIT-01' },
        ],
      },
      sla: {
        ...sla,
        follow_up: {
          ...sla.follow_up,
          exceptions: [{ id: 'few', when: small, attempts: [{ type: 'call', at_least: 1 }], within_business_days: 2 }],
        },
      },
    });
    expect(await read('bob@bolt.de', { edit })).toMatchObject({ segments: ['small'], facts: { holds: new Set(['follow_up.few']) } });
    expect(await read('ann@acme.com', { edit })).toMatchObject({
      segments: ['large'],
      facts: { holds: new Set(['speed_to_lead.demo_of_target']) },
    });
  });
});
