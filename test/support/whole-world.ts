import { deriveInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { logFollowUp } from '../../src/handoff/log-follow-up.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { noteReviews } from '../../src/identity/note-reviews.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import type { TestContext } from './context.ts';
import { step } from './evolving-world.ts';
import { nodesOf } from './identity-story.ts';
import { importText } from './imports.ts';

const DAY_MS = 86_400_000;

/**
 * A workspace with something in every table: some days of imports and rescores, so that scores were replaced, people moved or were
 * merged and events were corrected, and values that are hard to carry.
 */
export async function makeWholeWorld(ctx: TestContext, seed = 7): Promise<void> {
  await ensureWorkspace(ctx);
  const chance = chanceFrom(seed);
  for (let day = 0; day < 4; day += 1) {
    await step(ctx, chance, day);
    await step(ctx, chance, day + 100);
    if (day === 1) await visitAnonymously(ctx);
    if (day === 2) await mergeSome(ctx);
    await rescoreRecords(ctx, { scope: day === 0 ? 'all' : 'changed' });
    ctx.advance(DAY_MS);
  }
  await importText(ctx, 'opportunities', 'Id,Name,StageName\no1,Renewal,Proposal\n', { source: 'salesforce' });
  await handOffSome(ctx);
  await addOddRows(ctx);
}

/** Somebody who was handed off, rejected and handed off again. */
async function handOffSome(ctx: TestContext): Promise<void> {
  const person = (await nodesOf(ctx, 'person')).at(-1) ?? '';
  const { id } = await handOffLead(ctx, { person, reason: 'ümläut "quoted"' });
  await logFollowUp(ctx, { handoff: id, channel: 'call', outcome: 'no_answer', note: 'back\\slash\nline 漢字' });
  await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'FIT-02' });
  await handOffLead(ctx, { person, reason: 'a mistake' });
}

async function mergeSome(ctx: TestContext): Promise<void> {
  const decision = { by: 'model' as const, model: 'test', evidence: { bits: 12, why: 'ümläut' } };
  const people = await nodesOf(ctx, 'person');
  // a test of the doctor forges the first company, and looks for it alone
  const first = derivedId('account', 'domain', 'company-1.example');
  const accounts = (await nodesOf(ctx, 'account')).filter((id) => id !== first).slice(0, 2);
  await mergeEntities(ctx, { kind: 'account', nodes: accounts, decision });
  await mergeEntities(ctx, { kind: 'person', nodes: people.slice(0, 3), decision });
  const { decision: merge } = await mergeEntities(ctx, { kind: 'person', nodes: people.slice(4, 6), decision });
  await unmergeEntities(ctx, { kind: 'person', merge, decision: { by: 'person' } });
  const [left = '', right = ''] = people.slice(6, 8);
  const explained = { decision: 'review' as const, model: 'test', prior: -1, evidence: [], bits: -1, p: 1 / 3 };
  await deriveInWorkspace(ctx, (tx) => noteReviews(tx, ctx, 'person', [{ left, right, reason: 'uncertain', explained }], ctx.now()));
}

/** A visit of a device, and who it was. */
async function visitAnonymously(ctx: TestContext): Promise<void> {
  const [type, occurred_at, anonymous_id] = ['web_visit', ctx.now().toISOString(), 'device ümläut'];
  const events = [{ event_id: 'd1' }, { event_id: 'd2', email: 'device@company-2.example' }];
  await recordEngagement(ctx, { source: 'web', events: events.map((event) => ({ ...event, type, occurred_at, anonymous_id })) });
}

/** Text of every kind, JSON's null beside SQL's, and numbers that JavaScript would round. */
async function addOddRows(ctx: TestContext): Promise<void> {
  const odd = `"quoted" \\back\\slash\\ line\nbreak\r\ttab {json} [1] \u2028 \u0001 ümläut 漢字 🦆 'x' ${'{'}"a":1}`;
  await deriveInWorkspace(ctx, async (tx) => {
    await tx.query(
      `insert into source_record (workspace_id, id, source, kind, external_id, payload, recorded_at)
       values ($1, '00000000-0000-8000-8000-000000000001', 'odd', 'note', $2, $2, '2026-03-02T09:00:00.123Z')`,
      [ctx.workspaceId, odd],
    );
    await tx.query(
      `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, attributes)
       values ($1, '00000000-0000-8000-8000-000000000002', '2026-03-02T09:00:00.001Z', 'odd', 'null', 'web_visit', '1999-12-31T23:59:59.999Z', 10956, 'null'),
              ($1, '00000000-0000-8000-8000-000000000003', '2026-03-02T09:00:00.001Z', 'odd', 'json', 'web_visit', '2026-03-01', 20513,
               jsonb_build_object('n', 1.10::numeric, 'big', 123456789012345678901234567890::numeric, 'text', $2::text, 'none', null))`,
      [ctx.workspaceId, odd],
    );
    await tx.query(
      `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, "values", confidence, observed_at, observed_day, cost_micros)
       values ($1, '00000000-0000-8000-8000-000000000004', '2026-03-02T09:00:00Z', 0, 'account', 'odd', '{}', 10000, '2026-03-01', 20513, 9007199254740993)`,
      [ctx.workspaceId],
    );
    await tx.query(
      `insert into lead_match (workspace_id, person_id, recorded_at, account_id, decision, rule, model, evidence)
       values ($1, '00000000-0000-8000-8000-000000000005', '2026-03-02T09:00:00Z', null, 'none', 'none', 'odd', jsonb_build_object('sentence', $2::text))`,
      [ctx.workspaceId, odd],
    );
    for (const statement of PAID) await tx.query(statement, [ctx.workspaceId, odd]);
  });
}

/** One row of each table of money, of repeated calls and of signing. */
const PAID = [
  `insert into provider_call (workspace_id, id, run_id, kind, entity_id, provider, key, fields, state, reserved_micros, charged_micros, day, requested_at, stale_at, usable)
   values ($1, '00000000-0000-8000-8000-000000000006', '00000000-0000-8000-8000-000000000007', 'account', '00000000-0000-8000-8000-000000000004', 'odd', $2,
     '["account.industry"]', 'unknown', 9007199254740993, null, 20514, '2026-03-02T09:00:00Z', '2026-03-02T09:01:00Z', 0)`,
  `insert into provider_value (workspace_id, key, field, provider, call_id, outcome, value, answered_at, fresh_until)
   values ($1, $2, 'account.industry', 'odd', '00000000-0000-8000-8000-000000000006', 'hit', jsonb_build_object('value', $2::text), '2026-03-02T09:00:00Z', '2026-06-02')`,
  `insert into enriched_field (workspace_id, entity_id, field, recorded_at, run_id, value, confidence, written, providers, other_values, observed_at, expires_day)
   values ($1, '00000000-0000-8000-8000-000000000004', 'account.industry', '2026-03-02T09:00:00Z', '00000000-0000-8000-8000-000000000007',
     jsonb_build_object('text', $2::text), 9100, true, jsonb_build_array($2::text), '[]', '2026-03-01', 20600)`,
  `insert into provider_statistic (workspace_id, provider, segment, field, period, calls, exposure, hits, failures, latency, latency_squares, asked, given, contested, confirmed)
   select $1, 'odd', $2, '', 2931, 1, 1, 1, 0, 350, 122500, 1, 1, 0, 0`,
  `insert into spending (workspace_id, scope, name, held_micros, charged_micros) values ($1, 'day', $2, 9007199254740993, 0), ($1, 'workspace', '', 9007199254740993, 0)`,
  `insert into provider_limit (workspace_id, provider, seconds_until, minutes_until, paused_until)
   values ($1, $2, '2026-03-02T09:00:00.123Z', '2026-03-02', '2026-03-02')`,
  `insert into idempotency_key (workspace_id, actor, key, tool, input_hash, caller, recorded_at, answer)
   values ($1, 'test', $2, 'record_engagement', '', '00000000-0000-8000-8000-000000000008', '2026-03-02T09:00:00Z', $2)`,
  `insert into team_member (workspace_id, team, name, recorded_at, role, recorded_by) values ($1, 'sales', $2, '2026-03-02T09:00:00Z', 'leader', 'test')`,
  `insert into definition_state (workspace_id, kind, hash, recorded_at, state, signed, opened_at, active_from, reason, recorded_by)
   values ($1, 'rubric', 'odd', '2026-03-02T09:00:00Z', 'withdrawn', false, '2026-03-02T09:00:00Z', null, $2, 'test')`,
  `insert into definition_signature (workspace_id, kind, hash, opened_at, team, recorded_at, action, name, way, reason, recorded_by)
   values ($1, 'rubric', 'odd', '2026-03-02T09:00:00Z', 'sales', '2026-03-02T09:00:01Z', 'sign', $2, 'terminal', null, 'test')`,
  `insert into outbox_event (workspace_id, id, subject, position, type, data, recorded_at)
   values ($1, '00000000-0000-8000-8000-000000000009', $2, 1, 'hand_off.disposed', jsonb_build_object('note', $2::text), '2026-03-02T09:00:00.123Z')`,
  `insert into webhook_endpoint (workspace_id, name, url, secret_name, types, created_at, paused_until, delivered_at, ended_at)
   values ($1, 'odd', $2, 'ODD', jsonb_build_array($2::text), '2026-03-02T09:00:00Z', '2026-03-02', '2026-03-02', '2026-03-02')`,
  `insert into webhook_delivery (workspace_id, endpoint, subject, position, event_id, due_at, attempts, first_at, last_answer)
   values ($1, 'odd', $2, 1, '00000000-0000-8000-8000-000000000009', null, 7, '2026-03-02T09:00:00.123Z', $2)`,
  `insert into job (workspace_id, name, due_at, holder, held_until, ended_at)
   values ($1, $2, '2026-03-02T09:00:00.123Z', '00000000-0000-8000-8000-000000000008', '2026-03-02T09:00:30Z', null)`,
  `insert into hand_off_notice (workspace_id, hand_off_id, clock, sla, kind, recorded_at)
   select $1, '00000000-0000-8000-8000-000000000009', 'first_touch', $2, 'breached', '2026-03-02T09:00:00Z'`,
  `insert into hand_off_clock (workspace_id, hand_off_id, clock, source, started_at, due_at, ended_at, elapsed_ms, settles_at)
   values ($1, '00000000-0000-8000-8000-000000000009', 'first_touch', $2, '2026-03-02T09:00:00Z', null, null, 9007199254740991, null)`,
  `insert into segment_rule (workspace_id, id, code, side, segment, label, action, condition, state, changed_at, changed_by, ordinal, evidence)
   values ($1, '00000000-0000-8000-8000-00000000000a', 'FIT-01', 'size', null, $2, 'exclude', '{"field":"account.employees","exists":false}', 'declined',
     '2026-03-02T09:00:00Z', 'person', 0, jsonb_build_object('odd', $2::text))`,
  `insert into segment_rule_event (workspace_id, rule_id, ordinal, recorded_at, actor, kind, detail)
   values ($1, '00000000-0000-8000-8000-00000000000a', 0, '2026-03-02T09:00:00Z', 'test', 'decline', jsonb_build_object('why', $2::text))`,
  `insert into segment_comparison (workspace_id, recorded_at, decided, compared, too_few, found) values ($1, '2026-03-02T09:00:00.123Z', 0, length($2), 0, 0)`,
  `insert into frozen_review (workspace_id, kind, period, version, frozen_at, frozen_by, reason, known_at, program, sha256, document)
   values ($1, 'weekly', '2026-W09', 1, '2026-03-02T09:00:00.123Z', 'test', $2, '2026-03-02T09:00:00Z', '0.1.0', encode(sha256(convert_to($2, 'UTF8')), 'hex'), $2)`,
  `insert into review_held (workspace_id, review, held_on, recorded_at, recorded_by) values ($1, $2, '2026-03-02', '2026-03-02T09:00:00Z', 'test')`,
];
