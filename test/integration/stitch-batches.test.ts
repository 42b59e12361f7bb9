import { expect, it } from 'vitest';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { listMatchReviews } from '../../src/identity/list-match-reviews.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { streamPeople } from '../../src/identity/stream-people.ts';
import { reasonOf } from '../../src/identity/tell-decision.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
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

const ACCOUNTS = { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city', phone: 'account.phone' };

type Row = readonly string[];
const FIRMS = 'Nordlicht Bergmann Quorn Ostrava Vexley Drummle Kestrel Halcyon Meridian Brandt Castell Lumen'.split(' ');
const TRADES = 'Foods Robotics Logistics Optik Energy Health'.split(' ');
let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `batches-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

/**
 * People of whom many are there again with less: no address, no telephone, an initial; whether they are one hangs on how common names are. Some
 * have the same address in another system.
 */
function hardPeople(people: number, seed: number): Row[] {
  const chance = chanceFrom(seed);
  const int = (most: number) => Math.floor(chance() * most);
  return doublePeople(people, seed).rows.flatMap(({ external_id, first_name, last_name, email, phone, company }) => {
    const row = [external_id, first_name, last_name, email, phone, company];
    const kind = int(8);
    const again = [`${external_id}-less`, kind % 2 === 0 ? first_name : (first_name[0] ?? ''), last_name, '', '', ''];
    if (kind < 2) again[5] = company;
    if (kind === 2) again[3] = `${first_name}.${last_name}@post.example`.toLowerCase();
    if (kind === 3) again[4] = phone;
    // another system has the same address, and the rest otherwise
    const elsewhere = [`erp-${external_id}`, first_name[0] ?? '', last_name, email, `+4930${int(9_999_999)}`, ''];
    return [row, ...(kind < 5 ? [again] : []), ...(kind > 2 && kind < 6 ? [elsewhere] : [])];
  });
}

/** Accounts that two systems have, under names that differ, some without their domain: several rows of one domain are one account at once. */
function hardAccounts(accounts: number, seed: number): Row[] {
  const chance = chanceFrom(seed);
  const int = (most: number) => Math.floor(chance() * most);
  return Array.from({ length: accounts }, (_, i) => {
    const name = `${FIRMS[int(12)]} ${TRADES[int(6)]}`;
    const [city, phone] = [`Town${int(5)}`, `+1212555${1000 + int(200)}`];
    return Array.from({ length: 1 + int(4) }, (__, n) => {
      const said = [name, `${name} Inc`, `${name} GmbH`, name.split(' ')[0] ?? '', `${name} Group`][int(5)] ?? '';
      return [
        `${['crm', 'erp'][int(2)]}${i}-${n}`,
        said,
        int(2) > 0 ? `f${i}.example` : '',
        int(3) > 0 ? city : '',
        int(2) > 0 ? phone : '',
      ];
    });
  }).flat();
}

/** Imports rows, each from the source that its id begins with: people by their mapping, accounts by theirs. */
async function add(ctx: TestContext, rows: readonly Row[], mapping: Record<string, string> = PEOPLE): Promise<void> {
  for (const source of ['crm', 'erp']) {
    const own = rows.filter(([id = '']) => id.startsWith('erp') === (source === 'erp'));
    if (own.length === 0) continue;
    ctx.advance(1000);
    const content = [Object.keys(mapping).join(','), ...own.map((row) => row.join(','))].join('\n');
    await importRecords(ctx, { kind: mapping === ACCOUNTS ? 'accounts' : 'people', source, content, mapping });
  }
}

/** Rows in three parts and in another order, by lot. */
function batchesOf(rows: readonly Row[], seed: number): Row[][] {
  const chance = chanceFrom(seed);
  const shuffled = rows.map((row) => ({ row, at: chance() })).sort((a, b) => a.at - b.at);
  return [0, 1, 2].map((n) => shuffled.filter((_, i) => i % 3 === n).map(({ row }) => row));
}

/** The same rows, one after the other as they would come in by forms. */
async function stream(ctx: TestContext, rows: readonly Row[]): Promise<void> {
  ctx.advance(1000);
  const names = ['external_id', 'first_name', 'last_name', 'email', 'phone', 'company'];
  const records = rows.map((row) => Object.fromEntries(row.flatMap((cell, i) => (cell === '' ? [] : [[names[i], cell]]))));
  for (const source of ['crm', 'erp']) {
    const own = records.filter(({ external_id = '' }) => external_id.startsWith('erp') === (source === 'erp'));
    for (let from = 0; from < own.length; from += 7) await streamPeople(ctx, { source, records: own.slice(from, from + 7) });
  }
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
  it.each([3, 6])('end in the groups of one run over all, however they come in and whenever a run comes between (%i)', async (seed) => {
    const db = await open();
    const rows = hardPeople(120, seed);
    const chance = chanceFrom(seed);
    const batches: Row[][] = [[], [], []];
    for (const row of rows) batches[Math.floor(chance() * 3)]?.push(row);
    const [whole, parts] = [await newWorld(db), await newWorld(db)];
    await add(whole, rows);
    await stitch(whole);
    let takenBack = 0;
    for (const [i, batch] of batchesOf(rows, seed).entries()) {
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

  it('of accounts do so too, where several records speak of one account and in whatever order', async () => {
    const db = await open();
    const rows = hardAccounts(60, 3);
    const [whole, parts] = [await newWorld(db), await newWorld(db)];
    await add(whole, rows, ACCOUNTS);
    await stitchRecords(whole, { kinds: ['account'] });
    for (const batch of batchesOf(rows, 4)) {
      await add(parts, batch, ACCOUNTS);
      await stitchRecords(parts, { kinds: ['account'] });
    }
    const groups = await groupsOf(whole, 'account');
    expect(groups.filter((ids) => ids.length > 1).length).toBeGreaterThan(20);
    expect(await groupsOf(parts, 'account')).toEqual(groups);
    expect(await wrongProjections(parts)).toEqual({});
  });

  it('are compared alike, whoever of two with one address came first', async () => {
    const db = await open();
    const rows = hardPeople(20, 5);
    // of one source, under names that have nothing in common: two people, of whom the first has the id of the address
    const two = [
      ['s1', '', 'Smith', 'mohammed.smith@f2.example', '', ''],
      ['s2', 'Olga', 'Ivanova', 'mohammed.smith@f2.example', '', ''],
    ];
    const found = await Promise.all(
      [two, two.toReversed()].map(async (newcomers) => {
        const ctx = await newWorld(db);
        for (const row of newcomers) await add(ctx, [row]);
        await add(ctx, rows);
        await stitch(ctx);
        const { reviews } = await listMatchReviews(ctx, { limit: 100 });
        return { groups: await groupsOf(ctx, 'person'), bits: reviews.map(({ prior, bits }) => [prior, bits]).sort() };
      }),
    );
    expect(found[0]?.bits.length).toBeGreaterThan(3);
    expect(found[1]).toEqual(found[0]);
  });

  it('of accounts that people named before their own rows came are one by their domain, as if the rows had come first', async () => {
    const db = await open();
    // of one domain, under names that no matcher takes for one
    const rows = [
      ...hardAccounts(40, 3),
      ['crm-z', 'Zweigstelle Nord', 'one.example', '', ''],
      ['erp-z', 'Quistgaard Holding', 'one.example', '', ''],
    ];
    const named = [['p1', 'Ann', 'Stone', 'ann@two.example', '', '', 'crm-z']];
    const naming = { ...PEOPLE, account: 'account_external_id' };
    const world = async (steps: readonly (readonly [readonly Row[], Record<string, string>])[]) => {
      const ctx = await newWorld(db);
      for (const [some, mapping] of steps) await add(ctx, some, mapping);
      await stitchRecords(ctx, { kinds: ['account'] });
      return ctx;
    };
    const whole = await world([
      [rows, ACCOUNTS],
      [named, naming],
    ]);
    const late = await world([
      [named, naming],
      [rows.filter(([id]) => id !== 'crm-z'), ACCOUNTS],
      [rows.filter(([id]) => id === 'crm-z'), ACCOUNTS],
    ]);
    expect(await nodeOf(late, 'crm-z', 'account')).not.toBe(await nodeOf(late, 'erp-z', 'account'));
    const groups = await groupsOf(whole, 'account');
    expect(groups).toContainEqual(['crm-z', 'erp-z']);
    expect(await groupsOf(late, 'account')).toEqual(groups);
    expect(await wrongProjections(late)).toEqual({});
    expect((await stitchRecords(late, { kinds: ['account'] })).kinds.account).toMatchObject({ merges: 0, takenBack: 0 });
    // a person's word is stronger
    const apart = await world([
      [named, naming],
      [rows.filter(([id]) => id !== 'crm-z'), ACCOUNTS],
      [rows.filter(([id]) => id === 'crm-z'), ACCOUNTS],
    ]);
    await unmergeEntities(apart, { kind: 'account', nodes: [await nodeOf(apart, 'crm-z', 'account')], decision: { by: 'person' } });
    await stitchRecords(apart, { kinds: ['account'] });
    expect(await groupsOf(apart, 'account')).not.toContainEqual(['crm-z', 'erp-z']);
  });

  it('lose a merge of a model with the identifier that it rested on, and no merge of a person', async () => {
    const db = await open();
    for (const says of ['model', 'person'] as const) {
      const ctx = await newWorld(db);
      await oneTelephone(ctx);
      const [one, two] = await Promise.all(['t1', 't2'].map((id) => nodeOf(ctx, id)));
      await stitch(ctx);
      if (says === 'person') await decideMatch(ctx, { verdict: 'match', records: [one ?? '', two ?? ''] });
      expect(await isOne(ctx, 't1', 't2')).toBe(true);
      await decideMatch(ctx, { verdict: 'suppress_identifier', identifier: TELEPHONE });
      const done = await stitch(ctx);
      expect(await isOne(ctx, 't1', 't2')).toBe(says === 'person');
      expect(await wrongProjections(ctx)).toEqual({});
      if (says === 'person') continue;
      expect(done?.takenBack).toBeGreaterThan(0);
      expect(done?.entitiesAfter).toBe((await groupsOf(ctx, 'person')).length);
      const { identity } = await getMatch(ctx, { record: one ?? '' });
      const ended = identity.decisions.find(({ verb }) => verb === 'unmerged');
      expect(ended).toMatchObject({ decidedBy: 'model', undoes: identity.decisions.find(({ verb }) => verb === 'merged')?.id });
      expect(reasonOf(ended as NonNullable<typeof ended>)).toMatch(
        /^By all the records that are there now they are not one\. The strongest pair between them: (Not|Perhaps) the same, p 0\.\d+: /,
      );
      await decideMatch(ctx, { verdict: 'allow_identifier', identifier: TELEPHONE });
      await stitch(ctx);
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
    await stitch(other);
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
