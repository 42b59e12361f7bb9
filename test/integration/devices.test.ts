import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { getScore } from '../../src/scoring/get-score.ts';
import { rescoreRecords } from '../../src/scoring/rescore-records.ts';
import { verifyScore } from '../../src/scoring/verify-score.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `devices-${worlds}` });
  await ensureWorkspace(ctx);
  await importRecords(ctx, { kind: 'accounts', source: 'crm', content: 'domain,name\nacme.com,Acme\nglobex.com,Globex' });
  return ctx;
}

const person = (email: string) => derivedId('person', 'email', email);
const ACME = derivedId('account', 'domain', 'acme.com');
const GLOBEX = derivedId('account', 'domain', 'globex.com');
const HOUR = 3_600_000;

/** A visit so many hours before now. */
function visit(ctx: TestContext, id: string, hoursAgo: number, who: { anonymous_id?: string; email?: string; domain?: string }) {
  return { event_id: id, type: 'pricing_page', occurred_at: new Date(ctx.now().getTime() - hoursAgo * HOUR).toISOString(), ...who };
}

/** Event → person and account that it counts for. */
async function whom(ctx: TestContext): Promise<Record<string, [string | null, string | null]>> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query('select external_id, person_id::text, account_id::text from event where workspace_id = $1 and superseded_at is null', [
      ctx.workspaceId,
    ]),
  );
  return Object.fromEntries(
    rows.map((row) => [String(row.external_id), [row.person_id, row.account_id] as [string | null, string | null]]),
  );
}

describeDatabases('events of devices', (open) => {
  it('count for the person and the account as soon as another event identifies the device, and not before', async () => {
    const ctx = await newWorld(await open());
    const cookie = { anonymous_id: 'c0ffee-17' };
    const first = await recordEngagement(ctx, {
      source: 'web',
      events: [visit(ctx, 'a', 30, cookie), visit(ctx, 'b', 20, { ...cookie, domain: 'globex.com' })],
    });
    expect(first.events.map(({ personId, accountId }) => [personId, accountId])).toEqual([
      [null, null],
      [null, GLOBEX],
    ]);
    await rescoreRecords(ctx, { scope: 'all' });
    const { receipt } = await getScore(ctx, { record: ACME });
    ctx.advance(HOUR);
    await recordEngagement(ctx, {
      source: 'web',
      events: [visit(ctx, 'form', 0, { ...cookie, email: 'ann@acme.com' }), visit(ctx, 'other', 0, { anonymous_id: 'c0ffee-18' })],
    });
    const ann = [person('ann@acme.com'), ACME];
    expect(await whom(ctx)).toEqual({ a: ann, b: ann, form: ann, other: [null, null] });
    // the same id of another source is another device; a later visit is Ann's as well
    await recordEngagement(ctx, { source: 'app', events: [visit(ctx, 'elsewhere', 1, cookie)] });
    const later = await recordEngagement(ctx, { source: 'web', events: [visit(ctx, 'later', 0, cookie)] });
    expect(later.events[0]).toMatchObject({ personId: ann[0], accountId: ACME });
    expect((await whom(ctx)).elsewhere).toEqual([null, null]);
    expect(await wrongProjections(ctx)).toEqual({});

    // the next incremental run sees it; the receipt of before is what it was
    await rescoreRecords(ctx, { scope: 'changed' });
    const now = await getScore(ctx, { record: ACME });
    expect(now.stored?.receipt.result.score).toBeGreaterThan(receipt.result.score);
    expect(now.stored?.receipt.result).toEqual(now.receipt.result);
    expect(await verifyScore(ctx, { receipt })).toMatchObject({ outcome: 'reproduced' });
  });

  it('of a desk that some share count for whom was there last; of a kiosk for nobody', async () => {
    const ctx = await newWorld(await open());
    const desk = { anonymous_id: 'desk-1' };
    await recordEngagement(ctx, {
      source: 'web',
      events: [
        visit(ctx, 'before', 50, desk),
        visit(ctx, 'ann', 40, { ...desk, email: 'ann@acme.com' }),
        visit(ctx, 'between', 35, desk),
        visit(ctx, 'bob', 30, { ...desk, email: 'bob@globex.com' }),
        visit(ctx, 'after', 20, desk),
      ],
    });
    const [ann, bob] = [
      [person('ann@acme.com'), ACME],
      [person('bob@globex.com'), GLOBEX],
    ];
    expect(await whom(ctx)).toEqual({ before: ann, ann, between: ann, bob, after: bob });
    // a third may sit there too; a fourth makes it a kiosk
    ctx.advance(1000);
    const cy = visit(ctx, 'cy', 10, { ...desk, email: 'cy@acme.com' });
    await recordEngagement(ctx, { source: 'web', events: [cy] });
    expect(await whom(ctx)).toMatchObject({ between: ann, after: bob });
    ctx.advance(1000);
    const dee = visit(ctx, 'dee', 5, { ...desk, email: 'dee@acme.com' });
    await recordEngagement(ctx, { source: 'web', events: [dee] });
    expect(await whom(ctx)).toMatchObject({ before: [null, null], between: [null, null], after: [null, null], ann, bob });
    expect(await wrongProjections(ctx)).toEqual({});

    // two of the four are one person: a desk again, until that is taken back
    const rows = async () => (await workspaceRows(ctx)).event;
    const four = await rows();
    const nodes = ['cy@acme.com', 'dee@acme.com'].map(person);
    const { decision } = await mergeEntities(ctx, { kind: 'person', nodes, decision: { by: 'person' } });
    expect(await whom(ctx)).toMatchObject({ before: ann, between: ann, after: bob });
    expect(await wrongProjections(ctx)).toEqual({});
    await unmergeEntities(ctx, { kind: 'person', merge: decision, decision: { by: 'person' } });
    expect(await rows()).toEqual(four);

    // what was said wrongly is corrected: the fourth never was there
    ctx.advance(1000);
    await recordEngagement(ctx, { source: 'web', events: [{ ...dee, anonymous_id: undefined }] });
    expect(await whom(ctx)).toMatchObject({ before: ann, between: ann, after: bob });
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('of an id that a person says many use count for nobody from then on, and again when it is allowed', async () => {
    const ctx = await newWorld(await open());
    const room = { anonymous_id: 'meeting-room' };
    const events = [
      visit(ctx, 'before', 50, room),
      visit(ctx, 'ann', 40, { ...room, email: 'ann@acme.com' }),
      visit(ctx, 'after', 20, room),
    ];
    await recordEngagement(ctx, { source: 'web', events });
    await recordEngagement(ctx, { source: 'app', events: events.map((event) => ({ ...event, event_id: `app ${event.event_id}` })) });
    await rescoreRecords(ctx, { scope: 'all' });
    const { receipt } = await getScore(ctx, { record: ACME });
    const stitched = (await workspaceRows(ctx)).event;
    ctx.advance(1000);
    const identifier = { kind: 'device' as const, value: ' meeting-room ' };
    const said = await decideMatch(ctx, { verdict: 'suppress_identifier', identifier });
    expect(said.identifier).toEqual({ kind: 'device', value: 'meeting-room' });
    const nobody = [null, null];
    const ann = [person('ann@acme.com'), ACME];
    expect(await whom(ctx)).toEqual({ before: nobody, ann, after: nobody, 'app before': nobody, 'app ann': ann, 'app after': nobody });
    await recordEngagement(ctx, { source: 'web', events: [visit(ctx, 'later', 1, room)] });
    expect((await whom(ctx)).later).toEqual(nobody);
    expect(await wrongProjections(ctx)).toEqual({});
    await rescoreRecords(ctx, { scope: 'changed' });
    const now = await getScore(ctx, { record: ACME });
    expect(now.stored?.receipt.result.score).toBeLessThan(receipt.result.score);
    expect(await verifyScore(ctx, { receipt })).toMatchObject({ outcome: 'reproduced' });
    ctx.advance(1000);
    await decideMatch(ctx, { verdict: 'allow_identifier', identifier });
    expect((await workspaceRows(ctx)).event?.filter((row) => !row.includes('"later"'))).toEqual(stitched);
    expect((await whom(ctx)).later).toEqual(ann);
    expect(await wrongProjections(ctx)).toEqual({});
    await expect(
      decideMatch(ctx, { verdict: 'suppress_identifier', identifier: { kind: 'device', value: '(not set)' } }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('come from files as well, and a placeholder is no device', async () => {
    const ctx = await newWorld(await open());
    const report = await importRecords(ctx, {
      kind: 'events',
      source: 'marketo',
      content: [
        'Activity ID,Activity Type,Activity Date,Email,Visitor ID',
        '1,pricing_page,2026-02-20,,v-1',
        '2,pricing_page,2026-02-21,ann@acme.com,v-1',
        '3,pricing_page,2026-02-22,,undefined',
        '4,pricing_page,2026-02-22,bob@globex.com,(not set)',
        '5,pricing_page,2026-02-22,,0000-0000',
      ].join('\n'),
    });
    expect(report.rows).toMatchObject({ created: 3, bad: 2 });
    const ann = [person('ann@acme.com'), ACME];
    expect(await whom(ctx)).toEqual({ '1': ann, '2': ann, '4': [person('bob@globex.com'), GLOBEX] });
  });
});
