import { expect, it } from 'vitest';
import { deriveInWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { listMatchReviews, type MatchReview } from '../../src/identity/list-match-reviews.ts';
import { mergeEntities } from '../../src/identity/merge-entities.ts';
import { noteReviews } from '../../src/identity/note-reviews.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { workspaceRows } from '../support/digest.ts';
import { importDoublePeople } from '../support/double-people.ts';
import { nodesOf } from '../support/identity-story.ts';

const FAMILIES =
  'Quistgaard Ostrander Vandermeer Blomkvist Iacobelli Szymanski Thorvald Ekelund Pfefferkorn Dragomir Kuusela Wojtyla'.split(' ');
const PEOPLE = { id: 'external_id', first: 'person.first_name', last: 'person.last_name', email: 'person.email' };
const BY = { by: 'person' as const };
let worlds = 0;

/** People and accounts of whom some are twice there, some perhaps, and two brands that answer one telephone. */
async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `reviewed-${worlds}` });
  await ensureWorkspace(ctx);
  await importDoublePeople(ctx, 150);
  await importRecords(ctx, {
    kind: 'accounts',
    source: 'crm',
    content: [
      'id,name,domain,city,phone,type',
      'b1,Nordlicht Optik Inc,nordlicht.example,Townhall,+12125559901,customer',
      'b2,Nordlicht Optik,nordlicht-optik.example,Townhall,+12125559901,',
    ].join('\n'),
    mapping: {
      id: 'external_id',
      name: 'account.name',
      domain: 'account.domain',
      city: 'account.city',
      phone: 'account.phone',
      type: 'account.type',
    },
  });
  // of each a second record has no more than the initial
  await importRecords(ctx, {
    kind: 'people',
    source: 'forms',
    content: [
      'id,first,last,email',
      ...FAMILIES.flatMap((family, i) => [`u${i},Zelda,${family},zelda.${family}@company${i}.example`, `v${i},Z,${family},`]),
    ].join('\n'),
    mapping: PEOPLE,
  });
  return ctx;
}

async function all(ctx: TestContext, input: Parameters<typeof listMatchReviews>[1] = {}): Promise<MatchReview[]> {
  const reviews: MatchReview[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listMatchReviews(ctx, { ...input, limit: 7, ...(cursor !== undefined && { cursor }) });
    reviews.push(...page.reviews);
    expect(page.reviews.length).toBeLessThanOrEqual(7);
    if (page.next_cursor === null) {
      expect(reviews).toHaveLength(page.total);
      return reviews;
    }
    cursor = page.next_cursor;
  }
}

/** The reviews of the people of one family name. */
const ofFamily = (reviews: readonly MatchReview[], family: string | undefined) =>
  reviews.filter(({ left, right }) => left.name?.endsWith(family ?? '') === true && right.name?.endsWith(family ?? '') === true);

const given = ({ name }: MatchReview['left']) => name?.split(' ')[0]?.toLowerCase();

/** The table, without when what it says was known. */
async function kept(ctx: TestContext): Promise<string[]> {
  const { match_review: rows = [] } = await workspaceRows(ctx);
  return rows.map((row) => row.replace(/"(known_at|workspace_id)":"[^"]*",?/g, '')).sort();
}

describeDatabases('match reviews', (open) => {
  it('come most valuable first, page by page, with what hangs on them and what speaks for them', async () => {
    const ctx = await newWorld(await open());
    await importRecords(ctx, {
      kind: 'opportunities',
      source: 'crm',
      content: 'id,name,account,stage\no1,Rollout,a3,Proposal',
      mapping: { id: 'external_id', name: 'opportunity.name', account: 'account_external_id', stage: 'opportunity.stage' },
    });
    await recordEngagement(ctx, {
      events: [1, 2, 3, 4, 5].map((n) => ({
        event_id: `e${n}`,
        type: 'pricing_page',
        occurred_at: ctx.now().toISOString(),
        email: `zelda.${FAMILIES[3]}@company3.example`.toLowerCase(),
      })),
    });
    const preview = await stitchRecords(ctx, { preview: true });
    expect(await kept(ctx)).toEqual([]);
    const { kinds } = await stitchRecords(ctx, {});
    const found = await all(ctx);
    expect(found).toHaveLength((kinds.account?.reviews ?? 0) + (kinds.person?.reviews ?? 0));
    expect(preview.kinds.person?.reviews).toBe(kinds.person?.reviews);
    expect(found.map(({ value }) => value)).toEqual(found.map(({ value }) => value).sort((a, b) => b - a));
    expect(await all(ctx, { kind: 'person' })).toEqual(found.filter(({ kind }) => kind === 'person'));

    // five events are a bit more than two doublings, and the pair is a bit off even odds
    const [worth] = ofFamily(found, FAMILIES[3]);
    expect(worth).toMatchObject({ stake: { open_opportunities: 1, customer: false, events: 5 }, reason: 'uncertain', changedSince: false });
    expect(worth?.value).toBe(8 + 3 + 8 - Math.round(Math.abs(worth?.bits ?? 0)));
    expect(worth?.sentence).toMatch(/^Perhaps the same, p 0\.\d+: name: the same family name/);
    const [brands] = found.filter(({ kind }) => kind === 'account');
    expect(brands).toMatchObject({ reason: 'other_domain', stake: { customer: true } });
    expect(brands?.sentence).toContain('Not merged, since their domains differ');
    for (const { left, right, evidence } of ofFamily(found, FAMILIES[4]))
      expect(evidence.find(({ level }) => level === 'initial')).toMatchObject({ left: given(left), right: given(right) });
    for (const { prior, evidence, bits } of found)
      expect(Math.round((prior + evidence.reduce((sum, one) => sum + one.bits, 0)) * 100)).toBe(Math.round(bits * 100));
  });

  it('end when they are decided or merged, and come back when that is taken back', async () => {
    const ctx = await newWorld(await open());
    await stitchRecords(ctx, { kinds: ['person'] });
    const before = await all(ctx);
    const rows = await kept(ctx);
    const [review] = before;
    const records = [review?.left.node ?? '', review?.right.node ?? ''];
    const isOpen = async () => (await all(ctx)).length === before.length;

    const { decision } = await decideMatch(ctx, { verdict: 'no_match', records });
    expect(await isOpen()).toBe(false);
    await decideMatch(ctx, { verdict: 'withdraw', decision });
    expect(await all(ctx)).toEqual(before);
    const apart = await kept(ctx);

    const merged = await decideMatch(ctx, { verdict: 'match', records });
    expect(await isOpen()).toBe(false);
    await unmergeEntities(ctx, { kind: 'person', merge: merged.decision, decision: BY, keep_apart: false });
    expect(await all(ctx)).toEqual(before);
    expect(await kept(ctx)).toEqual(apart);
    expect(apart.map((row) => row.replace(/"decision":"[^"]*"/, '"decision":null')).sort()).toEqual(rows);

    // of two that a model made one before, the person's word is kept, and ends what was asked until they are taken apart
    const model = { by: 'model' as const, model: 'test 1' };
    const { decision: merge } = await mergeEntities(ctx, { kind: 'person', nodes: records, decision: model });
    const word = await decideMatch(ctx, { verdict: 'match', records, reason: 'one desk' });
    expect(word).toMatchObject({ merge, withdrew: [] });
    expect((await kept(ctx)).filter((row) => row.includes(word.decision))).toHaveLength(1);
    const split = await unmergeEntities(ctx, { kind: 'person', merge, decision: BY, keep_apart: false });
    expect(split.withdrew).toEqual([word.decision]);
    expect(await all(ctx)).toEqual(before);

    const again = await decideMatch(ctx, { verdict: 'match', records });
    await unmergeEntities(ctx, { kind: 'person', merge: again.decision, decision: BY });
    expect(await isOpen()).toBe(false);
    // what a person held apart is not asked again
    const { kinds } = await stitchRecords(ctx, { kinds: ['person'] });
    expect(kinds.person?.reviews).toBe(before.length - 1);
    expect(await all(ctx)).toHaveLength(before.length - 1);
  });

  it('are told once where several pairs are between the same two', async () => {
    const ctx = await newWorld(await open());
    const [a = '', b = '', c = ''] = (await nodesOf(ctx, 'person')).slice(0, 3);
    const review = (left: string, right: string, bits: number) => {
      const explained = { decision: 'review' as const, model: 'people-1', prior: bits, evidence: [], bits, p: 0.5 };
      return { left, right, reason: 'uncertain' as const, explained };
    };
    await deriveInWorkspace(ctx, (tx) => noteReviews(tx, ctx, 'person', [review(a, c, 0.5), review(c, b, 1)], ctx.now()));
    expect(await all(ctx)).toHaveLength(2);
    const { entity } = await mergeEntities(ctx, { kind: 'person', nodes: [a, b], decision: BY });
    const [both, ...others] = await all(ctx);
    expect(others).toEqual([]);
    expect(both?.bits).toBe(1);
    expect([both?.left.id, both?.right.id].sort()).toEqual([entity, c].sort());
    expect([both?.left.node, both?.right.node].sort()).toEqual([b, c].sort());
    await decideMatch(ctx, { verdict: 'no_match', records: [a, c] });
    expect(await all(ctx)).toEqual([]);
  });

  it('end when new facts make them moot, and say until then that something is new', async () => {
    const ctx = await newWorld(await open());
    await stitchRecords(ctx, { kinds: ['person'] });
    const before = await all(ctx);
    expect(ofFamily(before, FAMILIES[5])).toMatchObject([{ changedSince: false }]);
    ctx.advance(1000);
    await importRecords(ctx, { kind: 'people', source: 'forms', content: 'id,first,last,email\nv5,Xaver,Hollmann,', mapping: PEOPLE });
    const changed = (await all(ctx)).filter(({ changedSince }) => changedSince);
    expect(changed.map(({ left, right }) => [left.name, right.name].sort())).toEqual([['Xaver Hollmann', `Zelda ${FAMILIES[5]}`]]);
    await stitchRecords(ctx, { kinds: ['person'] });
    const after = await all(ctx);
    expect(after.some(({ left, right }) => [left.name, right.name].includes('Xaver Hollmann'))).toBe(false);
    expect(after.every(({ changedSince }) => !changedSince)).toBe(true);
    expect(ofFamily(after, FAMILIES[4])).toHaveLength(1);
  });

  it('are the same after two more runs at once', async () => {
    const ctx = await newWorld(await open());
    await stitchRecords(ctx, {});
    const rows = await kept(ctx);
    expect(rows.length).toBeGreaterThan(FAMILIES.length);
    await Promise.all([stitchRecords(ctx, {}), stitchRecords(ctx, {})]);
    expect(await kept(ctx)).toEqual(rows);
  });
});
