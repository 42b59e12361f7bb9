import { beforeEach, expect, it } from 'vitest';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import type { PredicateDocument } from '../../src/definitions/core/predicate.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import type { SegmentAction } from '../../src/handoff/core/segments.ts';
import { decideSegmentRule } from '../../src/handoff/decide-segment-rule.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { reviewHandoffs } from '../../src/handoff/review-handoffs.ts';
import { type MovedRule, writeSegmentRules } from '../../src/handoff/write-segment-rules.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { requestDemo } from '../support/hand-off-world.ts';
import { importText, useWorkspaces } from '../support/imports.ts';

describeDatabases('hand-offs go by segment rules', (open) => {
  let ctx: TestContext;

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh();
    await importText(ctx, 'accounts', 'domain,name,country,owner,industry\nacme.com,Acme,us,ana,Retail\n', { source: 'salesforce' });
    await importText(ctx, 'people', 'email,name\nann@acme.com,Ann Lee\n', { source: 'salesforce' });
    await requestDemo(ctx, 'd1');
  });

  const RETAIL: PredicateDocument = { field: 'account.industry', eq: 'retail' };
  const idOf = (action: string) => derivedId('segment_rule', ctx.workspaceId, action);
  async function inForce(action: SegmentAction, { condition = RETAIL, not = [] as string[] } = {}): Promise<void> {
    const tally = { decided: 100, rejected: 60 };
    const difference = { points: 40, low: 30, high: 50 };
    const effect = { handed_off: 100, accepted: 40, rejected: 60, rejected_so: 60, won: 0 };
    const evidence = { from: '', to: '', segment: tally, rest: tally, p: 0, q: 0, compared: 1, difference, effect, not };
    const subject = { code: 'FIT-01', side: 'industry', segment: 'retail', label: 'Industry: retail' };
    const rule: MovedRule = {
      id: idOf(action),
      ...subject,
      action,
      condition,
      evidence,
      ordinal: 0,
      move: 'apply',
      state: 'in_force',
      why: null,
    };
    await deriveInWorkspace(ctx, (tx) => writeSegmentRules(tx, ctx, [rule], { by: 'job', recordedAt: ctx.now() }));
  }

  it('an excluded segment is refused, goes with a reason, and is free again when the rule is withdrawn', async () => {
    await inForce('exclude');
    await expect(handOffLead(ctx, { person: 'ann@acme.com' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Ann Lee is not handed off: it is of a segment that is left out (Industry: retail; FIT-01).',
    });
    expect(await handOffLead(ctx, { person: 'ann@acme.com', reason: 'asked by the CEO' })).toMatchObject({ overridden: true });
    await disposeMql(ctx, { handoff: 'ann@acme.com', decision: 'reject', code: 'INT-01' });
    await decideSegmentRule(ctx, { rule: idOf('exclude'), decision: 'withdraw' });
    expect(await handOffLead(ctx, { person: 'ann@acme.com' })).toMatchObject({ overridden: false });
  });

  it('a lead of another segment is none of its business', async () => {
    await inForce('exclude', { condition: { not: RETAIL } });
    expect(await handOffLead(ctx, { person: 'ann@acme.com' })).toMatchObject({ overridden: false });
  });

  it('what has to be enriched first goes when something was looked up lately', async () => {
    await inForce('require_enrichment');
    await expect(handOffLead(ctx, { person: 'ann@acme.com' })).rejects.toMatchObject({
      message: expect.stringMatching('is enriched first'),
    });
    const lookedUp = (at: string) =>
      deriveInWorkspace(ctx, (tx) =>
        tx.query(
          `insert into enriched_field (workspace_id, entity_id, field, recorded_at, run_id, value, confidence, written, providers, other_values, observed_at, expires_day)
           values ($1, $2::uuid, 'account.industry', $3::timestamptz, $2::uuid, '{}', 9100, true, '[]', '[]', $3::timestamptz, 99999)`,
          [ctx.workspaceId, derivedId('account', 'domain', 'acme.com'), at],
        ),
      );
    await lookedUp('2025-12-01T09:00:00Z');
    await expect(handOffLead(ctx, { person: 'ann@acme.com' })).rejects.toMatchObject({ code: 'conflict' });
    await lookedUp('2025-12-03T09:00:00Z');
    expect(await handOffLead(ctx, { person: 'ann@acme.com' })).toMatchObject({ overridden: false });
  });

  it('what is re-routed passes over whoever sent such leads on', async () => {
    await inForce('reroute', { not: ['ana'] });
    expect(await handOffLead(ctx, { person: 'ann@acme.com' })).toMatchObject({ routed: { owner: null, pool: 'americas' } });
  });

  it('the clocks of what happens are kept as the answers have them, and reviewed', async () => {
    ctx.setNow('2026-02-24T15:00:00Z');
    await recordEngagement(ctx, {
      source: 'web',
      events: [{ event_id: 'd2', type: 'demo_request', occurred_at: '2026-02-24T10:00:00Z', email: 'ann@acme.com' }],
    });
    const { id, clocks } = await handOffLead(ctx, { person: 'ann@acme.com' });
    const kept = () =>
      readWorkspace(ctx, (tx) =>
        tx.query(
          `select clock, due_at = settles_at as waits, (extract(epoch from due_at) * 1000)::float8 as due from hand_off_clock
           where workspace_id = $1 and hand_off_id = $2::uuid order by clock`,
          [ctx.workspaceId, id],
        ),
      );
    const running = clocks.filter(({ state }) => state === 'running');
    expect(running.length).toBeGreaterThan(1);
    expect(await kept()).toEqual(
      running.map(({ terms, due }) => ({ clock: terms.clock, waits: true, due })).sort((a, b) => (a.clock < b.clock ? -1 : 1)),
    );
    ctx.setNow('2026-02-24T15:30:00Z');
    await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'FIT-02' });
    ctx.setNow('2026-03-02T09:00:00Z');
    const review = await reviewHandoffs(ctx, { period: '2026-W09' });
    expect(review.volumes).toMatchObject({ handed_off: 1, rejected: 1, acceptance: 0 });
    expect(review.codes).toMatchObject([{ code: 'FIT-02', given: 1, owners: [{ owner: 'ana', given: 1 }] }]);
    // the first touch was called off in time: it is neither kept nor breached
    expect(review.clocks).toMatchObject([{ kept: 1, breached: 0, median_minutes: 30 }]);
    expect(review.breaches_total).toBe(0);
  });
});
