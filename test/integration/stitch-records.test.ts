import { expect, it } from 'vitest';
import { openPostgres } from '../../src/db/postgres.ts';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { recordEngagement } from '../../src/engagement/record-engagement.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { importDoublePeople } from '../support/double-people.ts';
import { groupsOf, nodeOf } from '../support/identity-groups.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

const LATE = 'Quistgaard Ostrander Vandermeer Blomkvist Iacobelli Szymanski Thorvald Ekelund Pfefferkorn Dragomir Kuusela Wojtyla'.split(
  ' ',
);
let worlds = 0;

async function newWorld(db: Database, people = 400): Promise<{ ctx: TestContext; truth: Map<string, string> }> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `stitched-${worlds}` });
  await ensureWorkspace(ctx);
  return { ctx, truth: await importDoublePeople(ctx, people) };
}

async function decisions(ctx: TestContext): Promise<number> {
  const [row] = await readWorkspace(ctx, (tx) =>
    tx.query('select count(*)::int as n from identity_decision where workspace_id = $1', [ctx.workspaceId]),
  );
  return Number(row?.n);
}

describeDatabases('stitching a workspace', (open) => {
  it('finds who is there twice, leaves who is not, and finds nothing more the second time', async () => {
    const { ctx, truth } = await newWorld(await open());
    const preview = await stitchRecords(ctx, { preview: true });
    expect(await decisions(ctx)).toBe(0);
    const seen: number[] = [];
    ctx.progress = { report: (done) => void seen.push(done) };
    const first = await stitchRecords(ctx, {});
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
    for (const kind of ['person', 'account'] as const) {
      const { examples: _, ...counts } = first.kinds[kind] ?? {};
      expect(preview.kinds[kind]).toMatchObject(counts);
    }
    const people = await groupsOf(ctx, 'person');
    const merged = people.filter((ids) => ids.length > 1);
    const doubles = [...truth].filter(([id, who]) => id !== who).length;
    expect(merged.filter((ids) => new Set(ids.map((id) => truth.get(id))).size > 1)).toEqual([]);
    expect(merged.length).toBeGreaterThan(doubles * 0.9);
    expect(first.kinds.person).toMatchObject({ merges: merged.length, nodes: truth.size, entitiesAfter: people.length });
    // ten accounts are there again without their domain
    expect((await groupsOf(ctx, 'account')).filter((ids) => ids.length > 1)).toEqual(
      Array.from({ length: 10 }, (_, i) => [`a${i * 4}`, `a${i * 4}-again`]).sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
    );
    const [example] = first.kinds.person?.examples ?? [];
    expect(example?.sentence).toMatch(/^The same, p 0\.\d+|^The same, p 1/);
    const before = await decisions(ctx);
    const second = await stitchRecords(ctx, {});
    expect(second.kinds.person).toMatchObject({
      merges: 0,
      nodes: truth.size,
      entitiesBefore: people.length,
      entitiesAfter: people.length,
    });
    expect(second.kinds.account).toMatchObject({ merges: 0 });
    expect(await decisions(ctx)).toBe(before);
    expect(await wrongProjections(ctx)).toEqual({});
  });

  it('gives accounts that come later the groups that one batch would, and rows that are copies one person', async () => {
    const db = await open();
    const rows = Array.from({ length: 24 }, (_, i) => {
      const name = `${LATE[i % 12]} ${['Foods', 'Robotics'][i < 12 ? 0 : 1]}`;
      return [`b${i},${name} Inc,firm${i}.example,Town${i},+12125550${100 + i}`, `b${i}-again,${name},,Town${i},+12125550${100 + i}`];
    });
    const [first = [], second = [], third = []] = [
      rows.flatMap(([one = '']) => one),
      rows.flatMap(([, two = ''], i) => (i % 2 === 0 ? two : [])),
      rows.flatMap(([, two = ''], i) => (i % 2 === 1 ? two : [])),
    ];
    const groups = async (name: string, batches: readonly (readonly string[])[]) => {
      const ctx = testContext(db, { workspaceId: name });
      await ensureWorkspace(ctx);
      for (const batch of batches) {
        await importRecords(ctx, {
          kind: 'accounts',
          source: 'crm',
          content: ['id,name,domain,city,phone', ...batch].join('\n'),
          mapping: { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city', phone: 'account.phone' },
        });
        ctx.advance(1000);
        await stitchRecords(ctx, { kinds: ['account'] });
      }
      return { ctx, found: await groupsOf(ctx, 'account') };
    };
    const { ctx, found } = await groups('accounts-in-parts', [first, second, third]);
    expect(found).toEqual((await groups('accounts-at-once', [[...first, ...second, ...third]])).found);
    expect(found.filter((ids) => ids.length === 2)).toHaveLength(24);
    const copies = (from: number, to: number) =>
      importRecords(ctx, {
        kind: 'people',
        source: 'desk',
        content: [
          'id,first,last,phone,city',
          ...Array.from({ length: to - from }, (_, i) => `c${from + i},Zora,Quistgaard,+12125550999,Leeds`),
        ].join('\n'),
        mapping: { id: 'external_id', first: 'person.first_name', last: 'person.last_name', phone: 'person.phone', city: 'person.city' },
      });
    const together = async () => (await groupsOf(ctx, 'person')).find((ids) => ids.includes('c0'))?.length;
    await importDoublePeople(ctx, 30);
    await copies(0, 310);
    await stitchRecords(ctx, { kinds: ['person'] });
    expect(await together()).toBe(310);
    await copies(310, 315);
    const { kinds } = await stitchRecords(ctx, { kinds: ['person'] });
    expect(await together()).toBe(315);
    expect(kinds.person?.examples.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(/^The same, p (?:1|0\.99)/)]);
  });

  it('holds to what people decided', async () => {
    const { ctx, truth } = await newWorld(await open());
    const twice = [...truth].flatMap(([id, who]) => (id === who ? [] : [[who, id] as const]));
    const { kinds } = await stitchRecords(ctx, { kinds: ['person'] });
    const found = (await groupsOf(ctx, 'person')).filter((ids) => ids.length > 1);
    const [split = [], noted = []] = found;
    const [decision] = (kinds.person?.examples ?? []).flatMap((one) => one.decision ?? []);
    // one merge is taken back; of another the second half is said to be somebody else
    await unmergeEntities(ctx, { kind: 'person', nodes: [await nodeOf(ctx, split[1] ?? '')], decision: { by: 'person' } });
    await unmergeEntities(ctx, {
      kind: 'person',
      nodes: [await nodeOf(ctx, noted[1] ?? '')],
      decision: { by: 'person' },
      keep_apart: false,
    });
    const strangers = [twice[0]?.[0] ?? '', twice.at(-1)?.[0] ?? ''];
    await decideMatch(ctx, { verdict: 'match', records: [await nodeOf(ctx, strangers[0] ?? ''), await nodeOf(ctx, strangers[1] ?? '')] });
    expect(decision).toBeDefined();
    const again = await stitchRecords(ctx, { kinds: ['person'] });
    const now = await groupsOf(ctx, 'person');
    expect(now.find((ids) => ids.includes(split[1] ?? ''))).toEqual([split[1]]);
    expect(now.find((ids) => ids.includes(noted[1] ?? ''))).toEqual(expect.arrayContaining([...noted]));
    expect(now.find((ids) => ids.includes(strangers[0] ?? ''))).toContain(strangers[1]);
    expect(again.kinds.person?.merges).toBe(1);
    // what was merged again is in the log again: taking it back ends it
    const [anew] = again.kinds.person?.examples ?? [];
    expect(anew?.decision).not.toBeNull();
    expect(await wrongProjections(ctx)).toEqual({});
    expect((await stitchRecords(ctx, { kinds: ['person'] })).kinds.person?.merges).toBe(0);
  });

  it('looks at no identifier that was suppressed', async () => {
    const { ctx } = await newWorld(await open(), 1);
    const SYLLABLES = ['ba', 'kel', 'lin', 'mor', 'nu', 'ras', 'sev', 'ti', 'vol', 'zug'];
    const word = (...places: number[]) => places.map((place) => SYLLABLES[place % 10]).join('');
    const rows = Array.from({ length: 60 }, (_, i) => {
      const [given, family] = [word(i * 3, i * 7 + 5), word(i, Math.floor(i / 10) + 4, i * 3 + 1)];
      return `s${i},${given},${family},+4930901820,${given}.${family}@firm${i}.example`;
    });
    await importRecords(ctx, {
      kind: 'people',
      source: 'desk',
      content: [
        'id,first,last,phone,email',
        ...rows,
        't1,Zora,Quist,+4930555777,zora.quist@one.example',
        't2,,Quost,+4930555777,z@gmail.com',
      ].join('\n'),
      mapping: { id: 'external_id', first: 'person.first_name', last: 'person.last_name', phone: 'person.phone', email: 'person.email' },
    });
    const isOne = async () => (await groupsOf(ctx, 'person')).some((ids) => ids.includes('t1') && ids.includes('t2'));
    await decideMatch(ctx, { verdict: 'suppress_identifier', identifier: { kind: 'phone', value: '+49 30 555 777' } });
    await stitchRecords(ctx, { kinds: ['person'] });
    expect(await isOne()).toBe(false);
    await decideMatch(ctx, { verdict: 'allow_identifier', identifier: { kind: 'phone', value: '+49 30 555 777' } });
    await stitchRecords(ctx, { kinds: ['person'] });
    expect(await isOne()).toBe(true);
    // a switchboard never joins people, whoever suppressed it
    expect((await groupsOf(ctx, 'person')).every((ids) => ids.length <= 2)).toBe(true);
  });

  it('goes on while another server writes, and what came in meanwhile is found the next time', async () => {
    const db = await open();
    const { ctx, truth } = await newWorld(db, 200);
    const other = db.url === undefined ? db : await openPostgres(db.url);
    const writer = testContext(other, { workspaceId: ctx.workspaceId });
    try {
      const visit = (n: number) => ({
        event_id: `v${n}`,
        type: 'web_visit',
        occurred_at: writer.now().toISOString(),
        email: `visitor${n}@company${n}.example`,
      });
      const writing = async () => {
        for (let n = 0; n < 12; n += 1) {
          await recordEngagement(writer, { events: [visit(n)] });
          const [family = '', phone] = [LATE[n], `+44${7_700_000_000 + ((n * 912_346_789) % 99_999_989)}`];
          const row = `late${n},Ottilie,${family},ottilie.${family}@company${n}.example,${phone}`;
          const double = `again${n},Ottilie,${family},${family}${n}@gmail.com,${phone}`;
          const content = `id,first,last,email,phone\n${row}\n${double}`;
          const mapping = {
            id: 'external_id',
            first: 'person.first_name',
            last: 'person.last_name',
            email: 'person.email',
            phone: 'person.phone',
          };
          await importRecords(writer, { kind: 'people', source: 'desk', content, mapping });
        }
      };
      await Promise.all([stitchRecords(ctx, {}), writing()]);
      expect(await wrongProjections(ctx)).toEqual({});
      await stitchRecords(ctx, {});
      const groups = await groupsOf(ctx, 'person');
      for (let n = 0; n < 12; n += 1) expect(groups.find((ids) => ids.includes(`late${n}`))).toEqual([`again${n}`, `late${n}`]);
      expect(groups.flat().length).toBe(truth.size + 24);
      const before = await decisions(ctx);
      expect((await stitchRecords(ctx, {})).kinds.person?.merges).toBe(0);
      expect(await decisions(ctx)).toBe(before);
      expect(await wrongProjections(ctx)).toEqual({});
    } finally {
      if (other !== db) await other.close();
    }
  });

  it('goes on where it was cut off, and two at once do what one does', async () => {
    const db = await open();
    const [whole, cut, twice] = [await newWorld(db), await newWorld(db), await newWorld(db)];
    await stitchRecords(whole.ctx, {});
    const stop = new AbortController();
    const merging = {
      report: (_done: number, _total: number | undefined, message: string) => void (/[1-9]\d* of \d+ merged/.test(message) && stop.abort()),
    };
    await expect(stitchRecords({ ...cut.ctx, signal: stop.signal, progress: merging }, { kinds: ['person'] })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const partly = await decisions(cut.ctx);
    expect(partly).toBeGreaterThan(0);
    expect(partly).toBeLessThan(await decisions(whole.ctx));
    await stitchRecords(cut.ctx, {});
    await Promise.all([stitchRecords(twice.ctx, {}), stitchRecords(twice.ctx, {})]);
    for (const { ctx } of [cut, twice]) {
      for (const kind of ['person', 'account'] as const) expect(await groupsOf(ctx, kind)).toEqual(await groupsOf(whole.ctx, kind));
      expect(await decisions(ctx)).toBe(await decisions(whole.ctx));
    }
  });
});
