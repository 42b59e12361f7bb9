import { beforeEach, describe, expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { listHandoffs } from '../../src/handoff/list-handoffs.ts';
import { logFollowUp } from '../../src/handoff/log-follow-up.ts';
import { readLoads } from '../../src/handoff/read-loads.ts';
import { recycleDue } from '../../src/handoff/recycle-leads.ts';
import { reviewHandoffs } from '../../src/handoff/review-handoffs.ts';
import { settleDoubled } from '../../src/handoff/settle-doubled.ts';
import { verifyHandOffs } from '../../src/handoff/verify-hand-offs.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import { reviewPerformance } from '../../src/review/review-performance.ts';
import type { TestContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { BY, derivedState } from '../support/identity-world.ts';
import { useWorkspaces } from '../support/imports.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ANN = 'ann@acme.com';
const BOB = 'bob@bolt.de';
const ALL = { most: 1000, start: '00000000-0000-0000-0000-000000000000' };

describeDatabases('open hand-offs of people who become one', (open) => {
  let ctx: TestContext;
  let ann: string;
  let bob: string;

  const fresh = useWorkspaces(open);
  beforeEach(async () => {
    ctx = await fresh();
    await handOffWorld(ctx);
    ann = (await handOffLead(ctx, { person: ANN })).id;
    ctx.advance(HOUR);
    bob = (await handOffLead(ctx, { person: BOB, reason: 'met at the fair' })).id;
    ctx.advance(HOUR);
  });

  const rows = (text: string) => readWorkspace(ctx, (tx) => tx.query(text, [ctx.workspaceId]));
  const verdict = () => readWorkspace(ctx, (tx) => verifyHandOffs(tx, ctx, ALL));
  const isRight = async () => expect(await verdict()).toMatchObject({ wrong: [], miscounted: 0, doubled: [] });
  const listed = async (more = {}) => (await listHandoffs(ctx, more)).handoffs.map(({ handOff }) => handOff.id);
  const person = async (id: string) =>
    String((await rows(`select person_id::text as id from hand_off where workspace_id = $1 and id = '${id}'`))[0]?.id);
  const merge = async (on = ctx) =>
    (await mergeEntities(on, { kind: 'person', nodes: [await person(ann), await person(bob)], decision: BY })).decision;
  const unmerge = async (decision: string) => unmergeEntities(ctx, { kind: 'person', merge: decision, decision: BY });
  const events = async () =>
    (await rows('select type, data from outbox_event where workspace_id = $1 order by recorded_at, subject, position')).slice(2);
  const load = (owner: string) =>
    readWorkspace(ctx, async (tx) => (await readLoads(tx, ctx, new Date('2026-03-02T00:00:00Z'), [owner])).get(owner));
  it('leave one, the oldest of those that are equally far, with its list, counts, clocks and word to marketing', async () => {
    await disposeMql(ctx, { handoff: bob, decision: 'assign', owner: 'ana' });
    expect(await load('ana')).toMatchObject({ open: 2, today: 2 });
    await merge();
    expect(await listed()).toEqual([ann]);
    expect(await listHandoffs(ctx, { owner: 'ana' })).toMatchObject({ total: 1 });
    expect(await load('ana')).toMatchObject({ open: 1, today: 1 });
    expect(await events()).toMatchObject([
      { type: 'hand_off.merged', data: { hand_off: bob, into: ann, stage: 'mql', owner: 'ana', person: await person(bob) } },
    ]);
    expect(
      await rows(
        `select stage, owner, followed_by::text, closed_at is null as open from hand_off where workspace_id = $1 and id = '${bob}'`,
      ),
    ).toEqual([{ stage: 'merged', owner: null, followed_by: ann, open: false }]);
    // nobody owes it anything any more
    expect(
      await rows(`select 1 from hand_off_clock where workspace_id = $1 and hand_off_id = '${bob}' and settles_at is not null`),
    ).toEqual([]);
    await expect(logFollowUp(ctx, { handoff: bob, channel: 'call' })).rejects.toMatchObject({
      code: 'conflict',
      message: `The hand-off ${bob} is over: the lead is one with another, whose hand-off stays.`,
      next: `Name the hand-off ${ann} instead.`,
    });
    await expect(handOffLead(ctx, { person: BOB, reason: 'again' })).rejects.toThrow('the lead is handed off already, and is mql');
    expect(await disposeMql(ctx, { handoff: BOB, decision: 'accept' })).toMatchObject({ id: ann, stage: 'accepted' });
    await isRight();
  });

  it('leave the one that is further along, though it is younger', async () => {
    await disposeMql(ctx, { handoff: bob, decision: 'assign', owner: 'ben' });
    await disposeMql(ctx, { handoff: bob, decision: 'accept' });
    const then = ctx.now().toISOString();
    const before = await listHandoffs(ctx, {});
    ctx.advance(HOUR);
    const { decision } = await decideMatch(ctx, { verdict: 'match', records: [ANN, BOB] });
    expect(await listed()).toEqual([bob]);
    ctx.advance(HOUR);
    expect(await listHandoffs(ctx, { as_of: then })).toMatchObject({
      total: 2,
      handoffs: before.handoffs.map(({ handOff: { id } }) => ({ handOff: { id } })),
    });
    const merged = ctx.now().toISOString();
    ctx.advance(HOUR);
    await unmerge(decision);
    expect((await listed()).sort()).toEqual([ann, bob].sort());
    expect(await listed({ as_of: merged })).toEqual([bob]);
    await isRight();
  });

  it('count as one lead in reviews: the other is neither accepted nor rejected, and is named', async () => {
    await disposeMql(ctx, { handoff: ann, decision: 'accept' });
    await disposeMql(ctx, { handoff: bob, decision: 'assign', owner: 'ben' });
    await disposeMql(ctx, { handoff: bob, decision: 'accept' });
    const volumes = async () => (await reviewHandoffs(ctx, { period: '2026-W10' })).volumes;
    const handed = async () => (await reviewPerformance(ctx, { period: '2026-03' })).funnel;
    expect(await volumes()).toMatchObject({ handed_off: 2, merged: 0, accepted: 2, rejected: 0 });
    const before = [await volumes(), await handed()];
    const overrides = async () => (await reviewHandoffs(ctx, { period: '2026-W10' })).overrides.length;
    expect(await overrides()).toBe(1);
    const decision = await merge();
    expect(await volumes()).toMatchObject({
      handed_off: 1,
      overridden: 0,
      merged: 1,
      accepted: 1,
      rejected: 0,
      rerouted: 0,
      acceptance: 100,
    });
    expect(await overrides()).toBe(0);
    expect(await handed()).not.toEqual(before[1]);
    await unmerge(decision);
    expect([await volumes(), await handed()]).toEqual(before);
  });

  describe('that are taken apart again', () => {
    it('stand as they stood, whenever that is', async () => {
      await logFollowUp(ctx, { handoff: bob, channel: 'call', outcome: 'no_answer' });
      await logFollowUp(ctx, { handoff: bob, what: 'pause', reason: 'asked_to_wait' });
      await disposeMql(ctx, { handoff: bob, decision: 'assign', owner: 'ben' });
      await disposeMql(ctx, { handoff: ann, decision: 'accept' });
      const before = await derivedState(ctx);
      const decision = await merge();
      expect(await derivedState(ctx)).not.toEqual(before);
      ctx.advance(3 * DAY);
      await unmerge(decision);
      const after = await derivedState(ctx);
      expect(after).toEqual(before);
      expect((await events()).map(({ type }) => type)).toEqual(['hand_off.disposed', 'hand_off.merged', 'hand_off.unmerged']);
      await isRight();
    });

    it('keep what was decided on the one that stayed; the other was decided on by nobody', async () => {
      const decision = await merge();
      await disposeMql(ctx, { handoff: ann, decision: 'reject', code: 'FIT-02' });
      expect(await listed()).toEqual([]);
      await unmerge(decision);
      expect(await listed()).toEqual([bob]);
      expect(await listed({ stage: 'disqualified' })).toEqual([ann]);
      expect(await disposeMql(ctx, { handoff: ann, decision: 'take_back' })).toMatchObject({ stage: 'mql', owner: 'ana' });
      await isRight();
    });

    it('are one of each, also where the person was handed off again meanwhile', async () => {
      const decision = await merge();
      await disposeMql(ctx, { handoff: ann, decision: 'reject', code: 'FIT-02' });
      ctx.advance(HOUR);
      const again = (await handOffLead(ctx, { person: ANN, reason: 'it was a slip' })).id;
      expect(await listed()).toEqual([again]);
      await unmerge(decision);
      const standing = await rows('select person_id::text as person, id::text from hand_off where workspace_id = $1 and closed_at is null');
      expect(new Set(standing.map((row) => row.person)).size).toBe(standing.length);
      expect(standing).toHaveLength((await person(again)) === (await person(bob)) ? 1 : 2);
      await isRight();
    });
  });

  it('stay one when a disposition is taken back meanwhile', async () => {
    await disposeMql(ctx, { handoff: ann, decision: 'reject', code: 'ENG-02' });
    const decision = await merge();
    expect(await listed()).toEqual([bob]);
    await expect(disposeMql(ctx, { handoff: ann, decision: 'take_back' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`the person has another open hand-off, ${bob}`),
    });
    ctx.advance(60 * DAY);
    // its day came, and the person is with sales
    expect(await recycleDue(ctx)).toEqual({ handed_off: [], lapsed: [ann] });
    expect(await listed()).toEqual([bob]);
    await unmerge(decision);
    await isRight();
  });

  it('need not wait any more for the merge for which they were rejected; a split frees nobody', async () => {
    await disposeMql(ctx, { handoff: ann, decision: 'reject', code: 'DATA-02' });
    const waiting = async () =>
      (await rows(`select id::text from hand_off where workspace_id = $1 and waits_for = 'merge'`)).map(({ id }) => id);
    expect(await waiting()).toEqual([ann]);
    const first = await merge();
    expect(await waiting()).toEqual([]);
    expect(await rows(`select kind from hand_off_event where workspace_id = $1 and hand_off_id = '${ann}' order by ordinal`)).toMatchObject(
      [{ kind: 'hand_off' }, { kind: 'reject' }, { kind: 'merged' }],
    );
    await disposeMql(ctx, { handoff: bob, decision: 'reject', code: 'DATA-02' });
    await unmerge(first);
    expect(await waiting()).toEqual([bob]);
    expect((await handOffLead(ctx, { person: ANN, reason: 'she is another' })).person.name).toBe('Ann Lee');
    await isRight();
  });

  it('of a workspace merged before hand-offs went with people are found, and mended', async () => {
    await merge({ ...ctx, peopleRegrouped: async () => {} });
    expect(await verdict()).toMatchObject({ wrong: [], doubled: [expect.any(String)] });
    expect(await settleDoubled(ctx)).toBe(1);
    expect(await listed()).toEqual([ann]);
    await isRight();
    expect(await settleDoubled(ctx)).toBe(0);
  });
});
