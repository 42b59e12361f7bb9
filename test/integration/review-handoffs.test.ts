import { beforeAll, expect, it } from 'vitest';
import { deriveInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { reviewHandoffs } from '../../src/handoff/review-handoffs.ts';
import { writeClocks } from '../../src/handoff/write-clocks.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { clockOf } from '../support/clock-of.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { addHandOffs, type HandOffRow } from '../support/hand-off-rows.ts';
import { importText } from '../support/imports.ts';

/** 2026-W09 is 23 February to 1 March; the clock stands at Monday, 2 March, 09:00. */
const at = (text: string) => new Date(`2026-${text}:00Z`);

describeDatabases('review_handoffs', (open) => {
  let ctx: TestContext;

  beforeAll(async () => {
    ctx = testContext(await open());
    await ensureWorkspace(ctx);
    await importText(ctx, 'people', 'email,name\nann@acme.com,Ann Lee\n', { source: 'salesforce' });
    const ann = derivedId('person', 'email', 'ann@acme.com');
    const facts = (industry: string | null, size: number | null) => ({ industry, size });
    const rows: HandOffRow[] = [
      // the week before
      {
        handed: at('02-16T10:00'),
        source: 'webinar',
        facts: facts('retail', 20),
        stage: 'recycled',
        owner: 'ana',
        code: 'FIT-01',
        disposed: at('02-17T10:00'),
        person: ann,
      },
      {
        handed: at('02-18T10:00'),
        source: 'webinar',
        facts: facts('software', 300),
        stage: 'accepted',
        owner: 'ana',
        disposed: at('02-18T12:00'),
      },
      // the week
      {
        handed: at('02-23T10:00'),
        source: 'webinar',
        facts: facts('retail', 10),
        stage: 'disqualified',
        owner: 'ana',
        code: 'FIT-02',
        disposed: at('02-24T10:00'),
      },
      {
        handed: at('02-24T10:00'),
        source: 'webinar',
        facts: facts('retail', 60),
        stage: 'recycled',
        owner: 'ben',
        code: 'FIT-01',
        disposed: at('02-25T10:00'),
      },
      {
        handed: at('02-25T10:00'),
        source: null,
        facts: facts(null, null),
        stage: 'opportunity',
        owner: 'ben',
        disposed: at('02-25T11:00'),
      },
      {
        handed: at('02-26T10:00'),
        source: 'webinar',
        facts: facts('software', 300),
        stage: 'mql',
        owner: null,
        override: 'asked by the CEO',
        person: ann,
      },
      { handed: at('02-27T10:00'), source: 'website', facts: facts('software', 5), stage: 'mql', owner: null, code: 'OWN-01' },
      // after it
      { handed: at('03-02T08:00'), source: 'website', facts: facts('software', 5), stage: 'mql', owner: 'ana' },
    ];
    const ids = await addHandOffs(ctx, rows);
    const clocks = (i: number, ...of: Parameters<typeof clockOf>[]) => ({
      id: ids[i] ?? '',
      source: rows[i]?.source ?? null,
      clocks: of.map((one) => clockOf(...one)),
    });
    await deriveInWorkspace(ctx, async (tx) => {
      // what came back is where the person stands
      await tx.query('update hand_off set followed_by = $2::uuid where workspace_id = $1 and id = $3::uuid', [
        ctx.workspaceId,
        ids[5] ?? '',
        ids[0] ?? '',
      ]);
      await writeClocks(tx, ctx, [
        clocks(1, ['first_touch', at('02-18T10:00'), at('02-18T14:00'), at('02-18T11:00'), 60]),
        clocks(
          2,
          ['first_touch', at('02-23T10:00'), at('02-23T14:00'), at('02-23T10:30'), 30],
          ['disposition', at('02-23T10:00'), at('02-24T09:00'), at('02-24T10:00'), 1440],
        ),
        clocks(
          3,
          ['first_touch', at('02-24T10:00'), at('02-24T14:00'), at('02-24T11:00'), 60],
          ['disposition', at('02-24T10:00'), at('02-26T10:00'), at('02-25T10:00'), 1440],
        ),
        clocks(4, ['first_touch', at('02-25T10:00'), at('02-25T14:00'), at('02-25T11:30'), 90]),
        // still owed
        clocks(5, ['first_touch', at('02-26T10:00'), at('02-26T14:00'), null, 0]),
        clocks(7, ['first_touch', at('03-02T08:00'), at('03-02T12:00'), null, 0]),
      ]);
      // called off before it was due, then taken back, then called off again
      await writeClocks(tx, ctx, [clocks(6, ['first_touch', at('02-27T10:00'), at('02-27T14:00'), null, 0])]);
      await writeClocks(tx, ctx, [clocks(6, ['first_touch', at('02-27T10:00'), at('02-27T14:00'), null, 0, 'called_off'])]);
    });
  });

  it('counts the last whole week, and the one before beside it', async () => {
    const review = await reviewHandoffs(ctx, {});
    expect(review.period).toEqual({ name: '2026-W09', from: '2026-02-23', to: '2026-03-01' });
    expect(review.volumes).toEqual({
      handed_off: 5,
      overridden: 1,
      waiting: 2,
      merged: 0,
      accepted: 1,
      rejected: 2,
      rerouted: 1,
      acceptance: 33.3,
    });
    expect(review.before).toMatchObject({ handed_off: 2, accepted: 1, rejected: 1, acceptance: 50 });
    expect(review.by_source[0]).toMatchObject({ source: 'webinar', handed_off: 3, accepted: 0, rejected: 2, acceptance: 0 });
    expect(review.by_source.find(({ source }) => source === null)).toMatchObject({ handed_off: 1, accepted: 1, acceptance: 100 });
    expect(review.by_owner).toContainEqual({ owner: 'ben', accepted: 1, rejected: 1, acceptance: 50 });
    expect(review.codes.map(({ code, given, before }) => [code, given, before]).sort()).toEqual([
      ['FIT-01', 1, 1],
      ['FIT-02', 1, 0],
      ['OWN-01', 1, 0],
    ]);
    expect(review.codes.find(({ code }) => code === 'FIT-02')).toMatchObject({ fixer: 'marketing', owners: [{ owner: 'ana', given: 1 }] });
    expect(review.segments).toContainEqual({
      side: 'industry',
      label: 'Industry: retail',
      decided: 2,
      rejected: 2,
      code: expect.stringMatching(/^FIT/),
    });
    expect(review.segments).toContainEqual({ side: 'size', label: 'Company size: 50 up to 200', decided: 1, rejected: 1, code: 'FIT-01' });
    // of so few, nothing is more than noise
    expect(review.changes).toEqual([]);
  });

  it('promises, by when it was known whether they were kept', async () => {
    const review = await reviewHandoffs(ctx, { period: '2026-W09' });
    const touch = review.clocks.find(({ clock }) => clock === 'first_touch');
    // three within, one still owed; one was called off before, and one is due next week
    expect(touch).toMatchObject({ kept: 3, breached: 1, attainment: 75, median_minutes: 60, p90_minutes: null });
    expect(touch?.by_source).toContainEqual({ source: null, kept: 1, breached: 0, attainment: 100, median_minutes: 90, p90_minutes: 90 });
    expect(review.clocks.find(({ clock }) => clock === 'disposition')).toMatchObject({ kept: 1, breached: 1, median_minutes: 1440 });
    expect(review.breaches_total).toBe(2);
    expect(review.breaches.map(({ clock, person, owner, ended_at }) => [clock, person, owner, ended_at !== null])).toEqual([
      ['disposition', null, 'ana', true],
      ['first_touch', 'Ann Lee', null, false],
    ]);
    const before = await reviewHandoffs(ctx, { period: '2026-02-16..2026-02-22' });
    expect(before.clocks).toMatchObject([{ clock: 'first_touch', kept: 1, breached: 0, median_minutes: 60, p90_minutes: 60 }]);
  });

  it('what is open, what went against the rule, and what came back', async () => {
    const review = await reviewHandoffs(ctx, { period: '2026-W09' });
    expect(review.ageing.sort((a, b) => (a.stage < b.stage ? -1 : 1))).toEqual([
      { stage: 'accepted', open: [0, 0, 0, 1, 0, 0] },
      { stage: 'mql', open: [1, 1, 1, 0, 0, 0] },
      { stage: 'opportunity', open: [0, 0, 1, 0, 0, 0] },
    ]);
    expect(review.overrides).toMatchObject([{ person: 'Ann Lee', reason: 'asked by the CEO', stage: 'mql', code: null }]);
    expect(review.recycled).toEqual({ sent_back: 1, due: 0, again: 1, kept: 0, rejected: 0 });
  });

  it('a period that is none is refused, and one without hand-offs is empty', async () => {
    await expect(reviewHandoffs(ctx, { period: 'last week' })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ path: 'period' }],
    });
    const empty = await reviewHandoffs(ctx, { period: '2024-W01' });
    expect(empty.volumes).toMatchObject({ handed_off: 0, acceptance: null });
    expect([empty.codes, empty.clocks, empty.breaches_total, empty.segments]).toEqual([[], [], 0, []]);
  });

  it('a clock that has not started any more is not kept', async () => {
    const id = derivedId('hand_off', ctx.workspaceId, 'h', '7');
    const count = () =>
      deriveInWorkspace(ctx, (tx) => tx.query('select count(*)::int as n from hand_off_clock where hand_off_id = $1::uuid', [id]));
    expect(await count()).toEqual([{ n: 1 }]);
    const waiting = { ...clockOf('first_touch', at('03-02T08:00'), at('03-02T12:00'), null, 0, 'waiting'), started: null };
    await deriveInWorkspace(ctx, (tx) => writeClocks(tx, ctx, [{ id, source: 'website', clocks: [waiting] }]));
    expect(await count()).toEqual([{ n: 0 }]);
  });
});
