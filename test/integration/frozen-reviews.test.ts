import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { register as reviewCommand } from '../../src/cli/review.ts';
import { onOneSnapshot } from '../../src/db/one-snapshot.ts';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import { getDefinition } from '../../src/definitions/get-definition.ts';
import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { disposeMql } from '../../src/handoff/dispose-mql.ts';
import { handOffLead } from '../../src/handoff/hand-off-lead.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { freezeReview } from '../../src/review/freeze-review.ts';
import { getReview } from '../../src/review/get-review.ts';
import { listDueDocuments, listFrozenReviews } from '../../src/review/list-reviews.ts';
import { readFrozen } from '../../src/review/read-frozen.ts';
import { readReasons } from '../../src/review/read-reasons.ts';
import { namedPeriod } from '../../src/review/review-document.ts';
import { verifyFrozen } from '../../src/review/verify-frozen.ts';
import { reviewHandoffsTool } from '../../src/tools/review-handoffs.ts';
import { newWorkspace, type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { handOffWorld } from '../support/hand-off-world.ts';
import { importText } from '../support/imports.ts';
import { runCommand } from '../support/run-command.ts';

/** sha256 of the same week on each database. */
const published = new Set<string>();

const WEEK = { kind: 'weekly', period: '2026-W10' } as const;

describeDatabases('a frozen review', (open) => {
  let database: Database;
  let ctx: TestContext;
  let workspaces = 0;

  beforeAll(async () => {
    database = await open();
  });
  /** 2026-W10 is 2 to 8 March: Ann was accepted, Bob waits. It is Monday after. */
  async function world(): Promise<void> {
    workspaces += 1;
    ctx = testContext(database, { workspaceId: `frozen-${workspaces}` });
    await handOffWorld(ctx);
    await handOffLead(ctx, { person: 'ann@acme.com' });
    await handOffLead(ctx, { person: 'bob@bolt.de', reason: 'met at the fair' });
    ctx.setNow('2026-03-08T12:00:00Z');
    await disposeMql(ctx, { handoff: 'ann@acme.com', decision: 'accept' });
    ctx.setNow('2026-03-09T09:00:00Z');
  }

  const count = (text: string) => readWorkspace(ctx, async (tx) => (await tx.query(text, [ctx.workspaceId])).length);
  const value = async (key: string) => (await getReview(ctx, WEEK)).document.figures.find((figure) => figure.key === key)?.value;
  /** Ann's acceptance is taken back: what was published of the week is so no more. */
  const takeBack = () => disposeMql(ctx, { handoff: 'ann@acme.com', decision: 'take_back' });

  it('keeps its figures, shows what came out otherwise and why, and stays when it is corrected', async () => {
    await world();
    expect((await getReview(ctx, WEEK)).frozen).toBeNull();
    // the last whole week
    const first = await freezeReview(ctx, { kind: 'weekly' });
    expect(first).toMatchObject({ outcome: 'frozen', version: 1, frozen_by: 'test', restatement: null });
    expect(first.document).toMatchObject({
      ...WEEK,
      from: '2026-03-02',
      to: '2026-03-08',
      definitions: [{ kind: 'taxonomy', version: 1 }],
    });
    expect(first.document.immature[0]).toBe('1 lead handed off in it is neither accepted nor rejected yet');
    published.add(first.sha256);
    expect(published.size, 'the same bytes on both databases').toBe(1);
    const again = await freezeReview(ctx, WEEK);
    expect(again).toMatchObject({ outcome: 'unchanged', version: 1, sha256: first.sha256 });
    expect(await count('select from frozen_review where workspace_id = $1')).toBe(1);
    expect(await count(`select from audit_entry where workspace_id = $1 and verb = 'freeze_review'`)).toBe(1);
    expect(await getReview(ctx, WEEK)).toMatchObject({
      document: first.document,
      restatement: { version: 1, differ: 0, changed: [], reasons: [] },
    });

    // what came out otherwise since is shown with the reasons
    await takeBack();
    const view = await getReview(ctx, WEEK);
    expect(await value('handoffs.accepted')).toBe(1);
    expect(view.restatement?.changed.slice(0, 2)).toEqual([
      { key: 'handoffs.accepted', label: 'accepted', unit: 'count', before: 1, now: 0, difference: -1 },
      {
        ...{ key: 'handoffs.acceptance', label: 'acceptance', unit: 'percent', before: 100, now: null, difference: null },
        basis: { before: { n: 1 }, now: { n: 0 } },
      },
    ]);
    expect(view.restatement?.reasons.map(({ reason, count: n }) => [reason, n])).toEqual([
      ['late_dispositions', 1],
      ['not_settled', view.document.immature.length],
    ]);
    // the tool says so too
    const shown = await reviewHandoffsTool.run(ctx, { period: WEEK.period, response_format: 'concise' });
    expect(shown.frozen?.differ).toBe(view.restatement?.differ);
    expect(reviewHandoffsTool.text(reviewHandoffsTool.output.parse(shown), { response_format: 'concise' })).toContain(
      '1 hand-off of the period was disposed of',
    );

    // it is frozen again with a reason alone, and the first version stays
    await expect(freezeReview(ctx, WEEK)).rejects.toMatchObject({ code: 'invalid_input', problems: [{ path: 'reason' }] });
    const second = await freezeReview(ctx, { ...WEEK, reason: 'Ann was taken back' });
    expect(second).toMatchObject({ outcome: 'corrected', version: 2 });
    expect(second.restatement).toMatchObject({ version: 1 });
    expect(second.restatement?.differ).toBeGreaterThan(0);
    expect((await getReview(ctx, { ...WEEK, version: 1 })).document).toEqual(first.document);
    expect(await getReview(ctx, WEEK)).toMatchObject({
      document: second.document,
      restatement: { version: 2, differ: 0 },
      versions: [{ version: 2 }, { version: 1 }],
    });
    await expect(getReview(ctx, { ...WEEK, version: 3 })).rejects.toMatchObject({ code: 'not_found' });
    expect((await listFrozenReviews(ctx)).map(({ version, reason }) => [version, reason]).sort()).toEqual([
      [1, null],
      [2, 'Ann was taken back'],
    ]);
  });

  it('is of a period that is over, a month five days longer, and of an actor who may write', async () => {
    ctx = await newWorkspace(database);
    ctx.setNow('2026-03-05T09:00:00Z');
    const early = (kind: 'weekly' | 'monthly', period: string) => expect(freezeReview(ctx, { kind, period })).rejects;
    await early('weekly', WEEK.period).toThrow(/is not over: it may be frozen from 2026-03-09/);
    await early('monthly', '2026-02').toThrow(/late records are waited for: it may be frozen from 2026-03-06/);
    await early('weekly', '2026-02').toMatchObject({ code: 'invalid_input', problems: [{ path: 'period', value: '2026-02' }] });
    const reader = { ...ctx, actor: { id: 'reader', scopes: new Set(['read'] as const) } };
    await expect(freezeReview(reader, WEEK)).rejects.toMatchObject({ code: 'permission_denied' });
    // what is frozen may be looked at again on a day on which it could not be frozen first, as after the waiting time was raised
    ctx.setNow('2026-03-06T09:00:00Z');
    await freezeReview(ctx, { kind: 'monthly', period: '2026-02' });
    ctx.setNow('2026-03-05T09:00:00Z');
    expect(await freezeReview(ctx, { kind: 'monthly', period: '2026-02' })).toMatchObject({ outcome: 'unchanged' });
    ctx.setNow('2026-03-09T09:00:00Z');
    expect((await listDueDocuments(ctx))[0]).toMatchObject({
      ...WEEK,
      frozen: null,
      freezable_from: '2026-03-09',
      meeting: { id: 'weekly_handoff' },
    });

    // what is frozen is one snapshot, on which nothing is written; another call may be first
    await onOneSnapshot(ctx, async (snapshot, tx) => {
      await expect(deriveInWorkspace(snapshot, async () => {})).rejects.toThrow(/only read/);
      await expect(readWorkspace(snapshot, async (inner) => inner === tx)).resolves.toBe(true);
    });
    const both = await Promise.all([freezeReview(ctx, WEEK), freezeReview(ctx, WEEK)]);
    expect(await count(`select from frozen_review where workspace_id = $1 and kind = 'weekly'`)).toBe(1);
    expect(both.map(({ outcome }) => outcome).sort(), 'whichever came first').toEqual(['frozen', 'unchanged']);

    expect(await readWorkspace(ctx, (tx) => verifyFrozen(tx, ctx))).toEqual({ total: 2, wrong: [], lost: [] });
    // a row that was changed by hand is not passed off as published
    await deriveInWorkspace(ctx, (tx) =>
      tx.query(
        `update frozen_review set document = replace(document, '"value":0', '"value":9') where workspace_id = $1 and kind = 'weekly'`,
        [ctx.workspaceId],
      ),
    );
    await expect(getReview(ctx, WEEK)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readWorkspace(ctx, (tx) => verifyFrozen(tx, ctx))).toEqual({ total: 2, wrong: [`weekly ${WEEK.period} v1`], lost: [] });
  });

  it('counts each reason by what was recorded since', async () => {
    await world();
    const deal = (id: string, stage: string, created: string) => `${id},${id},${stage},${created},acme.com\n`;
    const deals = (rows: string) =>
      importText(ctx, 'opportunities', `Id,Name,StageName,CreatedDate,account.domain\n${rows}`, {
        source: 'salesforce',
        observed_at: ctx.now().toISOString(),
      });
    await deals(deal('o1', 'Proposal', '2026-02-10') + deal('o2', 'Proposal', '2026-02-11') + deal('o3', 'Proposal', '2025-06-01'));
    ctx.advance(1000);
    await freezeReview(ctx, WEEK);
    const reasons = (kind: 'weekly' | 'monthly' | 'quarterly', name: string) =>
      readWorkspace(ctx, async (tx) => {
        const frozen = await readFrozen(tx, ctx, WEEK);
        if (frozen === undefined) throw new Error('it was frozen a moment ago');
        const as = { ...frozen, kind, document: { ...frozen.document, immature: [] } };
        return (await readReasons(tx, ctx, as, namedPeriod(ctx, kind, name))).map(({ reason, count: n }) => [reason, n]);
      });
    expect(await reasons('monthly', '2026-02')).toEqual([['unexplained', 0]]);

    ctx.advance(1000);
    const touch = (event_id: string, type: string, occurred_at: string) => ({ event_id, type, occurred_at, email: 'ann@acme.com' });
    await recordEngagement(ctx, {
      source: 'web',
      events: [
        touch('t1', 'webinar', '2026-02-03T10:00:00Z'),
        touch('t2', 'webinar', '2025-10-03T10:00:00Z'),
        // none that earns credit; too long ago; of the month after
        touch('t3', 'web_visit', '2026-02-03T10:00:00Z'),
        touch('t4', 'webinar', '2025-06-03T10:00:00Z'),
        touch('t5', 'webinar', '2026-03-01T10:00:00Z'),
      ],
    });
    expect(await reasons('monthly', '2026-02')).toEqual([['late_touches', 2]]);
    // a name is no figure; o3 is older; o4 is new
    await deals(
      deal('o1', 'Negotiation', '2026-02-10') +
        deal('o2', 'Proposal', '2026-02-11').replace('o2,o2', 'o2,renamed') +
        deal('o3', 'Negotiation', '2025-06-01') +
        deal('o4', 'Proposal', '2026-02-20'),
    );
    expect((await reasons('monthly', '2026-02')).filter(([reason]) => reason === 'changed_deals')).toEqual([
      ['changed_deals', 1],
      ['changed_deals', 1],
    ]);
    expect((await reasons('quarterly', '2026-Q1')).filter(([reason]) => reason === 'changed_deals')).toEqual([
      ['changed_deals', 1],
      ['changed_deals', 2],
    ]);
    await importText(ctx, 'people', 'email,name\nann.lee@acme.com,Ann Lee\n', { source: 'hubspot' });
    const { decision } = await decideMatch(ctx, { verdict: 'match', records: ['ann@acme.com', 'ann.lee@acme.com'], reason: 'one Ann' });
    const all = new Map((await reasons('monthly', '2026-02')) as [string, number][]);
    expect(all.get('stitched_people')).toBe(1);
    // that the parts are kept apart, and that this is withdrawn, are part of the split and of the merge
    const by = { by: 'person' as const };
    const { groups } = await unmergeEntities(ctx, { kind: 'person', merge: decision, decision: by });
    expect(new Map((await reasons('monthly', '2026-02')) as [string, number][]).get('stitched_people')).toBe(2);
    await mergeEntities(ctx, { kind: 'person', nodes: groups.flat(), decision: by });
    expect(new Map((await reasons('monthly', '2026-02')) as [string, number][]).get('stitched_people')).toBe(3);
    expect(all.get('changed_records')).toBeGreaterThan(0);
    await takeBack();
    const { definition } = await getDefinition(ctx, { kind: 'taxonomy' });
    await saveDefinition(ctx, { document: { ...definition.document, name: 'Another' } });
    expect(await reasons('weekly', WEEK.period)).toEqual([
      ['late_dispositions', 1],
      ['changed_definitions', 1],
    ]);
  });
});

describeDatabases('samepage-mcp review', (open) => {
  let ctx: TestContext;
  let folder: string;
  beforeAll(async () => {
    ctx = testContext(await open());
    await handOffWorld(ctx);
    await handOffLead(ctx, { person: 'bob@bolt.de', reason: '<b>met</b> | at [the fair](http://x.example)' });
    ctx.setNow('2026-03-09T09:00:00Z');
    folder = await mkdtemp(join(tmpdir(), 'samepage-review-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints the page, writes it with its data, and freezes it first when told to', async () => {
    const printed = await runCommand([reviewCommand], ctx, ['review', 'weekly']);
    expect(printed.out).toContain('# Weekly hand-off review, 2026-W10');
    expect(printed.out).toContain('revops leads it, marketing, sales, revops attend.');
    expect(printed.out).toContain('Not frozen');
    expect(printed.out).not.toMatch(/NaN|undefined|\[object/);
    // what came from outside is only its letters
    expect(printed.out).not.toMatch(/<b>|[^\\]\]\(http/);

    const out = join(folder, 'reviews');
    const written = await runCommand([reviewCommand], ctx, ['review', 'weekly', '--period', '2026-W10', '--freeze', '--out', out]);
    expect(written.out).toContain('is frozen: version 1');
    expect((await readdir(out)).sort()).toEqual(['weekly-2026-W10.json', 'weekly-2026-W10.md']);
    const page = await readFile(join(out, 'weekly-2026-W10.md'), 'utf8');
    expect(page).toContain('## As published');
    const data: unknown = JSON.parse(await readFile(join(out, 'weekly-2026-W10.json'), 'utf8'));
    expect(data).toMatchObject({ kind: 'weekly', period: '2026-W10', frozen: { version: 1 }, restatement: { differ: 0 } });
    const json = await runCommand([reviewCommand], ctx, ['review', 'weekly', '--json']);
    expect(JSON.parse(json.out)).toEqual(data);
    // the same again, byte for byte
    await runCommand([reviewCommand], ctx, ['review', 'weekly', '--out', out]);
    expect(await readFile(join(out, 'weekly-2026-W10.md'), 'utf8')).toBe(page);
    const due = await runCommand([reviewCommand], ctx, ['review', 'due']);
    expect(due.out).toContain('weekly 2026-W10: version 1, frozen 2026-03-09. Weekly hand-off review: next on 2026-03-09');
  });

  it('says what is wrong with a period or a folder, and writes nothing', async () => {
    await expect(runCommand([reviewCommand], ctx, ['review', 'weekly', '--period', '2026-11'])).rejects.toThrow(/must be a week/);
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(runCommand([reviewCommand], ctx, ['review', 'weekly', '--out', file])).rejects.toMatchObject({ code: 'file_rejected' });
  });
});
