import { beforeEach, describe, expect, it } from 'vitest';
import { knownMigrations } from '../../src/db/migrate.ts';
import { verifyAudit } from '../../src/db/verify-audit.ts';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { listHandoffs } from '../../src/handoff/list-handoffs.ts';
import { logFollowUp } from '../../src/handoff/log-follow-up.ts';
import { recycleDue } from '../../src/handoff/recycle-leads.ts';
import { verifyHandOffs } from '../../src/handoff/verify-hand-offs.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { handOffWorld, requestDemo } from '../support/hand-off-world.ts';
import { useWorkspaces } from '../support/imports.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ANN = 'ann@acme.com';
const BOB = 'bob@bolt.de';
const ALL = { most: 1000, start: '00000000-0000-0000-0000-000000000000' };

describeDatabases('a hand-off', (open) => {
  let ctx: TestContext;
  let id: string;

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh();
    await handOffWorld(ctx);
    id = (await handOffLead(ctx, { person: ANN })).id;
  });

  const rows = (text: string) => readWorkspace(ctx, (tx) => tx.query(text, [ctx.workspaceId]));
  const told = async () => (await rows('select type from outbox_event where workspace_id = $1 order by position')).map(({ type }) => type);
  const verdict = () => readWorkspace(ctx, (tx) => verifyHandOffs(tx, ctx, ALL));
  const state = (clocks: readonly { terms: { clock: string }; state: string }[]) =>
    Object.fromEntries(clocks.map((clock) => [clock.terms.clock, clock.state]));

  describe('disposition', () => {
    it('is accepted by whom it is named after, and goes on to won', async () => {
      const accepted = await disposeMql(ctx, { handoff: ANN, decision: 'accept', note: 'will call' });
      expect(accepted).toMatchObject({ id, stage: 'accepted', owner: 'ana', feedback: null, reversible_until: '2026-03-03T09:00:00.000Z' });
      expect(state(accepted.clocks)).toEqual({
        speed_to_lead: 'running',
        speed_to_disposition: 'stopped',
        follow_up: 'running',
        first_meeting: 'running',
      });
      for (const decision of ['qualify', 'open_opportunity', 'win'] as const) await disposeMql(ctx, { handoff: id, decision });
      expect((await listHandoffs(ctx, { stage: 'won' })).total).toBe(1);
      expect(await told()).toEqual(['hand_off.created', 'hand_off.disposed']);
      expect(await verdict()).toEqual({ total: 1, checked: 1, wrong: [], miscounted: 0, doubled: [] });
    });

    it('is refused with all that is missing', async () => {
      const reject = (more: object) => disposeMql(ctx, { handoff: id, decision: 'reject', ...more });
      await expect(reject({})).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(/^code is missing.*FIT-01/) });
      await expect(reject({ code: 'FIT-99' })).rejects.toMatchObject({ problems: [{ path: 'code', value: 'FIT-99' }] });
      await expect(reject({ code: 'FIT-04' })).rejects.toMatchObject({
        message: expect.stringMatching(/needs a sub-reason: one of missing/),
      });
      await expect(reject({ code: 'QUAL-02' })).rejects.toMatchObject({ message: expect.stringMatching(/renewal_date is not known/) });
      await expect(disposeMql(ctx, { handoff: id, decision: 'accept', code: 'FIT-01' })).rejects.toThrow(
        'code goes with reject, not with accept',
      );
      await expect(disposeMql(ctx, { handoff: id, decision: 'qualify' })).rejects.toThrow('"qualify" is no move of a lead that is mql');
      await expect(disposeMql(ctx, { handoff: BOB, decision: 'accept' })).rejects.toMatchObject({ code: 'not_found' });
      expect(await rows("select 1 from audit_entry where workspace_id = $1 and verb = 'dispose_mql'")).toEqual([]);
      expect(await reject({ code: 'qual-02', free_on: '2027-01-01' })).toMatchObject({ stage: 'recycled', returns_on: '2026-10-03' });
    });

    it('is unable to reach only after the attempts of the SLA', async () => {
      const reject = () => disposeMql(ctx, { handoff: id, decision: 'reject', code: 'ENG-01' });
      await expect(reject()).rejects.toMatchObject({
        problems: [{ reason: '5 more of call: 0 of 5 are logged' }, { reason: '5 more of sales_email: 0 of 5 are logged' }],
      });
      const channels = ['call', 'sales_email'].flatMap((channel) => Array.from({ length: 5 }, () => channel));
      const last = (await Promise.all(channels.map((channel) => logFollowUp(ctx, { handoff: id, channel })))).at(-1);
      expect(last).toMatchObject({ logged: [{ times: 5 }, { times: 5 }], missing: [] });
      expect(await reject()).toMatchObject({
        stage: 'recycled',
        returns_on: '2026-05-31',
        feedback: { fixer: 'sales', action: 'recycle' },
      });
    });

    it('is taken back within the grace, and its history stays', async () => {
      await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'FIT-02' });
      ctx.advance(23 * HOUR);
      const back = await disposeMql(ctx, { handoff: id, decision: 'take_back' });
      expect(back).toMatchObject({ stage: 'mql', owner: 'ana', reversible_until: null });
      expect(state(back.clocks)).toMatchObject({ speed_to_disposition: 'running' });
      expect(await told()).toEqual(['hand_off.created', 'hand_off.disposed', 'hand_off.reversed']);
      await disposeMql(ctx, { handoff: id, decision: 'accept' });
      ctx.advance(25 * HOUR);
      await expect(disposeMql(ctx, { handoff: id, decision: 'take_back' })).rejects.toThrow('the disposition stands since');
      expect(await verdict()).toMatchObject({ wrong: [], miscounted: 0, doubled: [] });
    });

    it('of a wrong territory goes on with another owner, and its clocks run on', async () => {
      const sent = await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'OWN-01' });
      expect(sent).toMatchObject({ stage: 'mql', owner: null, waits_for: 'assignment', feedback: { quality: false } });
      expect(state(sent.clocks)).toMatchObject({ speed_to_disposition: 'running' });
      await expect(disposeMql(ctx, { handoff: id, decision: 'assign' })).rejects.toThrow('owner is missing');
      expect(await disposeMql(ctx, { handoff: id, decision: 'assign', owner: 'ben' })).toMatchObject({ owner: 'ben', waits_for: null });
      expect(await disposeMql(ctx, { handoff: id, decision: 'accept' })).toMatchObject({ stage: 'accepted', owner: 'ben' });
    });

    it('of many at once, one takes effect', async () => {
      const tries = await Promise.allSettled(Array.from({ length: 12 }, () => disposeMql(ctx, { handoff: id, decision: 'accept' })));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await rows('select 1 from hand_off_event where workspace_id = $1')).toHaveLength(2);
      expect((await verifyAudit(ctx)).broken).toBeUndefined();
    });
  });

  describe('follow-up', () => {
    it('stops the clocks it answers, and a pause stops them all', async () => {
      ctx.setNow('2026-03-02T15:00:00Z');
      const tried = await logFollowUp(ctx, { handoff: id, channel: 'call', outcome: 'no_answer', occurred_at: '2026-03-02T14:05:00Z' });
      expect(state(tried.clocks)).toMatchObject({ speed_to_lead: 'stopped', follow_up: 'running' });
      const paused = await logFollowUp(ctx, { handoff: id, what: 'pause', reason: 'asked_to_wait', until: '2026-04-01' });
      expect(state(paused.clocks)).toMatchObject({ follow_up: 'paused', speed_to_disposition: 'paused' });
      const resumed = await logFollowUp(ctx, { handoff: id, what: 'resume', reason: 'asked_to_wait' });
      expect(state(resumed.clocks)).toMatchObject({ follow_up: 'running' });
      expect(state((await logFollowUp(ctx, { handoff: id, what: 'meeting' })).clocks)).toMatchObject({ follow_up: 'stopped' });
      expect(await verdict()).toMatchObject({ wrong: [] });
    });

    it.each([
      ['an unknown channel', { channel: 'fax' }, /channel fax is no attempt of the SLA; it must be one of call, sales_email/],
      ['no channel', {}, /channel is missing/],
      ['a time to come', { channel: 'call', occurred_at: '2026-03-03T00:00:00Z' }, /lies in the future/],
      ['a time before the hand-off', { channel: 'call', occurred_at: '2026-03-01T00:00:00Z' }, /lies before the hand-off/],
      ['a reason of an attempt', { channel: 'call', reason: 'asked_to_wait' }, /reason goes with pause and resume, not with attempt/],
      [
        'an unknown pause',
        { what: 'pause' as const, reason: 'tired' },
        /reason tired is no pause of the SLA; it must be one of asked_to_wait/,
      ],
    ])('is refused with %s', async (_, more, message) => {
      await expect(logFollowUp(ctx, { handoff: id, ...more })).rejects.toThrow(message);
    });

    it('is refused when the hand-off is over', async () => {
      await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'FIT-02' });
      await expect(logFollowUp(ctx, { handoff: id, channel: 'call' })).rejects.toThrow(
        'the hand-off is over, and the lead is disqualified',
      );
    });
  });

  it('calls that are refused do not hold up those written with them', async () => {
    const good = Array.from({ length: 6 }, () => logFollowUp(ctx, { handoff: id, channel: 'call' }));
    const bad = [disposeMql(ctx, { handoff: id, decision: 'win' }), disposeMql(ctx, { handoff: 'nobody at all', decision: 'accept' })];
    const ended = await Promise.allSettled([...good, ...bad]);
    expect(ended.map(({ status }) => status)).toEqual([...good.map(() => 'fulfilled'), 'rejected', 'rejected']);
    expect(await rows("select 1 from audit_entry where workspace_id = $1 and verb = 'log_follow_up'")).toHaveLength(6);
    expect((await verifyAudit(ctx)).broken).toBeUndefined();
  });

  describe('in a list', () => {
    it('is in the order in which it needs somebody, with true totals and pages', async () => {
      const bob = (await handOffLead(ctx, { person: BOB, reason: 'asked by the CEO' })).id;
      const all = await listHandoffs(ctx, {});
      // ten minutes from nine for a demo of a target account, four hours for anybody else
      expect(all).toMatchObject({ total: 2, next_cursor: null, handoffs: [{ handOff: { id } }, { handOff: { id: bob } }] });
      const first = await listHandoffs(ctx, { limit: 1 });
      const second = await listHandoffs(ctx, { limit: 1, cursor: first.next_cursor ?? '' });
      expect([first.total, second.total, second.next_cursor]).toEqual([2, 2, null]);
      expect(second.handoffs.map(({ handOff }) => handOff.id)).toEqual([bob]);
      const totals = async (input: Parameters<typeof listHandoffs>[1]) => (await listHandoffs(ctx, input)).total;
      expect(await totals({ owner: 'ana' })).toBe(1);
      expect(await totals({ breached: true })).toBe(0);
      expect(await totals({ due_within_hours: 6 })).toBe(1);
      ctx.setNow('2026-03-02T14:10:00.001Z');
      expect(await totals({ breached: true })).toBe(1);
      expect(await totals({ breached: false })).toBe(1);
      expect(await totals({ older_than_days: 1 })).toBe(0);
      expect(await totals({ as_of: '2026-03-06T00:00:00Z', breached: true })).toBe(2);
      // a day is meant to its end, and today up to now
      expect((await listHandoffs(ctx, { as_of: '2026-03-06' })).as_of.toISOString()).toBe('2026-03-06T23:59:59.999Z');
      expect(await listHandoffs(ctx, { as_of: '2026-03-02' })).toMatchObject({ as_of: ctx.now(), total: 2 });
      expect(await totals({ as_of: '2026-03-01' })).toBe(0);
    });

    it('as of a day gone by, stands as it stood', async () => {
      ctx.advance(HOUR);
      const before = await listHandoffs(ctx, {});
      const then = ctx.now().toISOString();
      ctx.advance(HOUR);
      await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'FIT-02' });
      ctx.advance(HOUR);
      await handOffLead(ctx, { person: ANN, reason: 'it was a mistake' });
      expect(await listHandoffs(ctx, { as_of: then })).toMatchObject({
        total: 1,
        handoffs: [{ handOff: { id }, clocks: before.handoffs[0]?.clocks }],
      });
      expect((await listHandoffs(ctx, { as_of: then, code: 'FIT-02' })).total).toBe(0);
      expect((await listHandoffs(ctx, { code: 'FIT-02' })).total).toBe(0);
      await expect(logFollowUp(ctx, { handoff: id, channel: 'call' })).rejects.toThrow('the lead was handed off again');
    });
  });

  describe('recycled', () => {
    beforeEach(async () => {
      await disposeMql(ctx, { handoff: id, decision: 'reject', code: 'ENG-02' });
    });

    it('comes back on its day if the rule holds', async () => {
      ctx.advance(59 * DAY);
      await requestDemo(ctx, 'd2');
      expect(await recycleDue(ctx)).toEqual({ handed_off: [], lapsed: [] });
      ctx.advance(DAY);
      const { handed_off, lapsed } = await recycleDue(ctx);
      expect([handed_off.length, lapsed]).toEqual([1, []]);
      expect(await listHandoffs(ctx, {})).toMatchObject({ total: 1, handoffs: [{ handOff: { id: handed_off[0] } }] });
      expect((await listHandoffs(ctx, { stage: 'recycled' })).total).toBe(0);
      expect(await recycleDue(ctx)).toEqual({ handed_off: [], lapsed: [] });
      expect(await verdict()).toEqual({ total: 2, checked: 2, wrong: [], miscounted: 0, doubled: [] });
    });

    it('waits until it does otherwise', async () => {
      ctx.advance(60 * DAY);
      expect((await listHandoffs(ctx, { stage: 'recycled', due_within_hours: 0 })).total).toBe(1);
      expect(await recycleDue(ctx)).toEqual({ handed_off: [], lapsed: [id] });
      expect(await recycleDue(ctx)).toEqual({ handed_off: [], lapsed: [] });
      await requestDemo(ctx, 'd2');
      expect(await handOffLead(ctx, { person: ANN })).toMatchObject({ overridden: false });
      expect(await verdict()).toMatchObject({ wrong: [], miscounted: 0, doubled: [] });
    });
  });

  it('that does not stand where its log says is found', async () => {
    await deriveInWorkspace(ctx, (tx) => tx.query("update hand_off set owner = 'eve' where workspace_id = $1", [ctx.workspaceId]));
    expect(await verdict()).toEqual({ total: 1, checked: 1, wrong: [id], miscounted: 2, doubled: [] });
  });

  it('keeps when it was touched, qualified and opened, which the migration reads from logs written before', async () => {
    const kept = () => rows('select touched_at, qualified_at, opened_at from hand_off where workspace_id = $1');
    const handed = ctx.now();
    ctx.advance(3 * HOUR);
    await disposeMql(ctx, { handoff: id, decision: 'accept' });
    // the second that is told is the first that was made
    for (const hours of [2, 1]) {
      const occurred_at = new Date(handed.getTime() + hours * HOUR).toISOString();
      await logFollowUp(ctx, { handoff: id, channel: 'call', outcome: 'no_answer', occurred_at });
    }
    for (const decision of ['qualify', 'open_opportunity'] as const) await disposeMql(ctx, { handoff: id, decision });
    const before = await kept();
    expect(before.map((row) => Object.values(row).map((at) => (new Date(String(at)).getTime() - handed.getTime()) / HOUR))).toEqual([
      [1, 3, 3],
    ]);
    await deriveInWorkspace(ctx, (tx) =>
      tx.query('update hand_off set touched_at = null, qualified_at = null, opened_at = null where workspace_id = $1', [ctx.workspaceId]),
    );
    expect((await verdict()).wrong).toEqual([id]);
    const fill = (await knownMigrations()).find(({ tag }) => tag.endsWith('fill_hand_off_instants'))?.statements ?? [];
    await ctx.db.transaction('write', async (tx) => {
      for (const statement of fill) await tx.query(statement);
    });
    expect(await kept()).toEqual(before);
    expect((await verdict()).wrong).toEqual([]);
  });
});
