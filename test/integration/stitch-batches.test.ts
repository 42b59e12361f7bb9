import { expect, it } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { listMatchReviews } from '../../src/identity/list-match-reviews.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { streamPeople } from '../../src/identity/stream-people.ts';
import { reasonOf } from '../../src/identity/tell-decision.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Database } from '../../src/kernel/database.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { doublePeople } from '../support/double-people.ts';
import { groupsOf, nodeOf } from '../support/identity-groups.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

const PEOPLE = {
  id: 'external_id',
  first: 'person.first_name',
  last: 'person.last_name',
  email: 'person.email',
  phone: 'person.phone',
  company: 'person.company',
};

type Row = readonly string[];
let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `batches-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

/** People of whom many are there again with less: no address, no telephone, an initial. Whether they are one hangs on how common names are. */
function hardPeople(people: number, seed: number): Row[] {
  const chance = chanceFrom(seed);
  return doublePeople(people, seed).rows.flatMap(({ external_id, first_name, last_name, email, phone, company }) => {
    const row = [external_id, first_name, last_name, email, phone, company];
    const kind = Math.floor(chance() * 8);
    const again = [`${external_id}-less`, kind % 2 === 0 ? first_name : (first_name[0] ?? ''), last_name, '', '', ''];
    if (kind < 2) again[5] = company;
    if (kind === 2) again[3] = `${first_name}.${last_name}@post.example`.toLowerCase();
    if (kind === 3) again[4] = phone;
    return kind < 5 ? [row, again] : [row];
  });
}

async function add(ctx: TestContext, rows: readonly Row[]): Promise<void> {
  ctx.advance(1000);
  const content = ['id,first,last,email,phone,company', ...rows.map((row) => row.join(','))].join('\n');
  await importRecords(ctx, { kind: 'people', source: 'crm', content, mapping: PEOPLE });
}

/** The same rows, one after the other as they would come in by forms. */
async function stream(ctx: TestContext, rows: readonly Row[]): Promise<void> {
  ctx.advance(1000);
  const names = ['external_id', 'first_name', 'last_name', 'email', 'phone', 'company'];
  const records = rows.map((row) => Object.fromEntries(row.flatMap((cell, i) => (cell === '' ? [] : [[names[i], cell]]))));
  for (let from = 0; from < records.length; from += 7) await streamPeople(ctx, { source: 'crm', records: records.slice(from, from + 7) });
}

const stitch = async (ctx: TestContext, preview = false) => (await stitchRecords(ctx, { kinds: ['person'], preview })).kinds.person;
const isOne = async (ctx: TestContext, a: string, b: string) =>
  (await groupsOf(ctx, 'person')).some((ids) => ids.includes(a) && ids.includes(b));

/** Two who have no more in common than a telephone. */
const TWO = [
  ['t1', 'Zora', 'Quistgaard', 'zora.quistgaard@one.example', '+4930555777', ''],
  ['t2', '', 'Quistgard', 'z@gmail.com', '+4930555777', ''],
];

const oneTelephone = (ctx: TestContext) => add(ctx, [...hardPeople(60, 5), ...TWO]);

const TELEPHONE = { kind: 'phone', value: '+49 30 555 777' } as const;

describeDatabases('records that come in parts', (open) => {
  it.each([3, 6, 7])('end in the groups of one run over all, however they come in and whenever a run comes between (%i)', async (seed) => {
    const db = await open();
    const rows = hardPeople(120, seed);
    const chance = chanceFrom(seed);
    const batches: Row[][] = [[], [], []];
    for (const row of rows) batches[Math.floor(chance() * 3)]?.push(row);
    const [whole, parts] = [await newWorld(db), await newWorld(db)];
    await add(whole, rows);
    await stitch(whole);
    let takenBack = 0;
    for (const [i, batch] of batches.entries()) {
      await (i === 2 ? stream : add)(parts, batch);
      const told = await stitch(parts, true);
      const done = await stitch(parts);
      expect({ ...told, examples: [] }).toEqual({ ...done, examples: [] });
      expect(done?.entitiesAfter).toBe((await groupsOf(parts, 'person')).length);
      takenBack += done?.takenBack ?? 0;
    }
    expect(takenBack).toBeGreaterThan(0);
    expect(await groupsOf(parts, 'person')).toEqual(await groupsOf(whole, 'person'));
    expect(await wrongProjections(parts)).toEqual({});
    const reviews = await listMatchReviews(parts, { limit: 100 });
    expect(reviews.total).toBe((await listMatchReviews(whole, {})).total);
    expect(await stitch(parts)).toMatchObject({ merges: 0, takenBack: 0, reviews: reviews.total });
  });

  it('lose a merge of a model with the identifier that it rested on, and no merge of a person', async () => {
    const db = await open();
    for (const says of ['model', 'person'] as const) {
      const ctx = await newWorld(db);
      await oneTelephone(ctx);
      const [one, two] = await Promise.all(['t1', 't2'].map((id) => nodeOf(ctx, id)));
      const before = says === 'model' ? await stitch(ctx) : undefined;
      if (says === 'person') await decideMatch(ctx, { verdict: 'match', records: [one ?? '', two ?? ''] });
      expect(await isOne(ctx, 't1', 't2')).toBe(true);
      await decideMatch(ctx, { verdict: 'suppress_identifier', identifier: TELEPHONE });
      const done = await stitch(ctx);
      expect(await isOne(ctx, 't1', 't2')).toBe(says === 'person');
      expect(await wrongProjections(ctx)).toEqual({});
      if (says === 'person') continue;
      expect(done).toMatchObject({ takenBack: 1, entitiesAfter: (before?.entitiesAfter ?? 0) + 1 });
      const { identity } = await getMatch(ctx, { record: one ?? '' });
      const ended = identity.decisions.find(({ verb }) => verb === 'unmerged');
      expect(ended).toMatchObject({ decidedBy: 'model', undoes: identity.decisions.find(({ verb }) => verb === 'merged')?.id });
      expect(reasonOf(ended as NonNullable<typeof ended>)).toMatch(
        /^By all the records that are there now they are not one\. The strongest pair between them: (Not|Perhaps) the same, p 0\.\d+: /,
      );
      await decideMatch(ctx, { verdict: 'allow_identifier', identifier: TELEPHONE });
      expect(await stitch(ctx)).toMatchObject({ merges: 1, takenBack: 0 });
      expect(await isOne(ctx, 't1', 't2')).toBe(true);
    }
  });

  it('keep as one who is somebody else by what a source says now, and was found by what it said before', async () => {
    const ctx = await newWorld(await open());
    await oneTelephone(ctx);
    await stitch(ctx);
    await add(ctx, [['t2', '', 'Quistgard', 'z@gmail.com', '+4930555999', '']]);
    await stitch(ctx);
    expect(await isOne(ctx, 't1', 't2')).toBe(true);
    // what the source says of more than it said before replaces nothing
    const other = await newWorld(await open());
    await oneTelephone(other);
    await stitch(other);
    await add(other, [['t2', '', 'Quistgard', 'z@gmail.com', '+4930555777', 'Quorn Foods']]);
    await decideMatch(other, { verdict: 'suppress_identifier', identifier: TELEPHONE });
    expect(await stitch(other)).toMatchObject({ takenBack: 1 });
    expect(await isOne(other, 't1', 't2')).toBe(false);
  });

  it('are taken back and merged at once where a part of one belongs elsewhere, also cut off and by two at once', async () => {
    const db = await open();
    const rows = hardPeople(200, 6);
    const half = [...rows.filter((_, i) => i % 2 === 0), ...TWO];
    const world = async () => {
      const ctx = await newWorld(db);
      await add(ctx, half);
      await stitch(ctx);
      await add(ctx, rows);
      await decideMatch(ctx, { verdict: 'suppress_identifier', identifier: TELEPHONE });
      return ctx;
    };
    const [whole, cut, twice] = [await world(), await world(), await world()];
    expect((await stitch(whole))?.takenBack).toBeGreaterThan(0);
    const stop = new AbortController();
    const merging = {
      report: (_done: number, _total: number | undefined, message: string) => void (/[1-9]\d* of \d+ merged/.test(message) && stop.abort()),
    };
    await expect(stitchRecords({ ...cut, signal: stop.signal, progress: merging }, { kinds: ['person'] })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await stitch(cut);
    await Promise.all([stitch(twice), stitch(twice)]);
    for (const ctx of [cut, twice]) {
      expect(await groupsOf(ctx, 'person')).toEqual(await groupsOf(whole, 'person'));
      expect(await wrongProjections(ctx)).toEqual({});
    }
  });
});
