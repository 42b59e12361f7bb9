import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { getMatch } from '../../src/identity/get-match.ts';
import { matchLead } from '../../src/identity/match-lead.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { streamPeople } from '../../src/identity/stream-people.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { compareProjections } from '../../src/records/compare-projections.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { doublePeople } from '../support/double-people.ts';
import { groupsOf } from '../support/identity-groups.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `streamed-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

type People = Parameters<typeof streamPeople>[1]['records'];

async function stream(ctx: TestContext, people: People, atOnce: number) {
  const found = [];
  for (let from = 0; from < people.length; from += atOnce) {
    ctx.advance(1000);
    found.push(...(await streamPeople(ctx, { source: 'web', records: people.slice(from, from + atOnce) })).people);
  }
  return found;
}

/** Pairs that are one in a partition. */
function pairsOf(groups: readonly (readonly string[])[]): Set<string> {
  return new Set(groups.flatMap((ids) => ids.flatMap((a, i) => ids.slice(i + 1).map((b) => `${a} ${b}`))));
}

const share = (part: ReadonlySet<string>, whole: ReadonlySet<string>) => [...part].filter((pair) => whole.has(pair)).length / whole.size;

const ADA = { external_id: '1', first_name: 'Ada', last_name: 'Lovelace', email: 'ada@engine.example', phone: '+44 20 7946 0958' };

describeDatabases('people who come in one after the other', (open) => {
  it('count as who is there already, and the partition is nearly that of a batch', async () => {
    const db = await open();
    const { rows, truth } = doublePeople(300, 11);
    const [whole, streamed] = [await newWorld(db), await newWorld(db)];
    await stream(whole, rows, 1000);
    await stitchRecords(whole, { kinds: ['person'] });
    const found = await stream(streamed, rows, 25);
    const [batch, live] = [await groupsOf(whole, 'person'), await groupsOf(streamed, 'person')];
    const wrong = live.filter((ids) => new Set(ids.map((id) => truth.get(id))).size > 1);
    expect(wrong).toEqual([]);
    expect(share(pairsOf(live), pairsOf(batch))).toBeGreaterThan(0.95);
    // each record is told whom it counts as, and why
    const merges = found.filter(({ merge }) => merge !== null);
    expect(merges.length).toBeGreaterThan(50);
    expect(merges[0]?.merge?.sentence).toMatch(/^The same, p /);
    // what a few records could not show, the batch settles
    await stitchRecords(streamed, { kinds: ['person'] });
    expect(await groupsOf(streamed, 'person')).toEqual(batch);
    for await (const one of readProjections(streamed)) expect(one).toEqual([]);
  });

  it('hold together two that only a newcomer joins, the same in any split and any order, under the oldest id', async () => {
    const db = await open();
    // the first and the second of a triple have nothing in common but the name; the third has the number of one and the profile of the other
    const triples = ['Quorn', 'Blintz', 'Vexley', 'Drummle'].map((family, i): People => {
      const [first_name, last_name, phone] = [['Zelda', 'Ottokar', 'Ines', 'Farid'][i] ?? '', family, `+49 30 55518${i}7`];
      const fields = { linkedin_url: `https://www.linkedin.com/in/${family.toLowerCase()}-${i}7` };
      return [
        { external_id: `a${i}`, first_name, last_name, phone, city: 'Jena', email: `${last_name}@home${i}.example`.toLowerCase() },
        {
          external_id: `b${i}`,
          first_name,
          last_name,
          fields,
          company: `${family} Works`,
          email: `${first_name}${i}7@gmail.com`.toLowerCase(),
        },
        { external_id: `c${i}`, first_name, last_name, phone, fields, company: `${family} Works`, city: 'Jena' },
      ];
    });
    const strangers: People = ['Ann Baker', 'Bob Cutler', 'Cy Dyer', 'Dee Evans', 'Eve Fuller'].map((name, i) => ({
      external_id: `s${i}`,
      name,
      email: `${name.replace(' ', '.')}@s${i}.example`.toLowerCase(),
    }));
    const inOrder = [0, 1, 2].flatMap((i) => triples.flatMap((triple) => triple.slice(i, i + 1))).concat(strangers);
    const orders = [inOrder, [...inOrder].reverse(), [...strangers, ...triples.flat()]];
    const found: string[][][] = [];
    const filled: TestContext[] = [];
    for (const [i, records] of orders.entries()) {
      for (const atOnce of i === 0 ? [1, 5, records.length] : [2]) {
        const ctx = await newWorld(db);
        filled.push(ctx);
        const firstTwo = i === 0 && atOnce === 1 ? 2 * triples.length : 0;
        const apart = await stream(ctx, records.slice(0, firstTwo), atOnce);
        expect((await groupsOf(ctx, 'person')).filter((ids) => ids.length > 1)).toEqual([]);
        const people = [...apart, ...(await stream(ctx, records.slice(firstTwo), atOnce))];
        const groups = await groupsOf(ctx, 'person');
        const nodeOf = new Map(people.map(({ node, externalId }) => [externalId, node]));
        found.push(groups);
        for (const ids of groups.filter((group) => group.length > 1)) {
          const { identity } = await getMatch(ctx, { record: nodeOf.get(ids[0] ?? '') ?? '' });
          const oldest = [...identity.nodes].sort((x, y) => (x.since === y.since ? (x.id < y.id ? -1 : 1) : x.since < y.since ? -1 : 1))[0];
          expect(identity.entity).toBe(oldest?.id);
          for (const id of ids) expect((await getMatch(ctx, { record: nodeOf.get(id) ?? '' })).identity.entity).toBe(oldest?.id);
        }
        expect(await wrongProjections(ctx)).toEqual({});
      }
    }
    expect(found[0]?.filter((ids) => ids.length === 3)).toHaveLength(triples.length);
    for (const partition of found) expect(partition).toEqual(found[0]);
    // and the batch finds nothing else
    const [one] = filled;
    if (one === undefined) throw new Error('nobody came in');
    await stitchRecords(one, { kinds: ['person'] });
    expect(await groupsOf(one, 'person')).toEqual(found[0]);
  });

  it('are told by their source and id: the same again changes nothing', async () => {
    const ctx = await newWorld(await open());
    await stream(ctx, [ADA, { external_id: '2', name: 'Bob Baker', email: 'bob@bakery.example' }], 2);
    const [again] = await stream(ctx, [ADA], 1);
    expect(again).toMatchObject({ outcome: 'unchanged', merge: null });
    const other = { ...ADA, external_id: '3', email: 'ada.lovelace@gmail.com' };
    const [merged] = await stream(ctx, [other], 1);
    expect(merged).toMatchObject({ outcome: 'created', entity: again?.entity, merge: { decision: expect.any(String) } });
    expect((await stream(ctx, [other], 1))[0]).toMatchObject({ outcome: 'unchanged', entity: again?.entity });
    const view = await getMatch(ctx, { record: 'ada.lovelace@gmail.com' });
    expect(view.identity).toMatchObject({ entity: again?.entity, decisions: [{ verb: 'merged', decidedBy: 'model' }] });
  });

  it('hold to what people decided', async () => {
    const ctx = await newWorld(await open());
    const [ada] = await stream(ctx, [ADA], 1);
    const other = { ...ADA, external_id: '3', email: 'ada.lovelace@gmail.com' };
    const [merged] = await stream(ctx, [other], 1);
    await unmergeEntities(ctx, { kind: 'person', nodes: [merged?.node ?? ''], decision: { by: 'person' } });
    const [changed] = await stream(ctx, [{ ...other, title: 'Countess' }], 1);
    expect(changed).toMatchObject({ outcome: 'updated', entity: merged?.node, merge: null });
    // a suppressed number finds nobody
    await decideMatch(ctx, { verdict: 'suppress_identifier', identifier: { kind: 'phone', value: '+49 30 555 777' } });
    await stream(ctx, [{ external_id: '7', name: 'Zora Quist', phone: '+49 30 555777', email: 'z@one.example' }], 1);
    const [alone] = await stream(ctx, [{ external_id: '8', name: 'Z Quist', phone: '+49 30 555777', email: 'zq@gmail.com' }], 1);
    expect(alone?.merge).toBeNull();
    expect(ada?.entity).not.toBe(changed?.entity);
  });

  it('are refused together where one field cannot be read', async () => {
    const ctx = await newWorld(await open());
    await expect(streamPeople(ctx, { source: 'web', records: [ADA, { external_id: 'x', email: 'nobody' }] })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ path: 'records[1].email' }],
    });
    await expect(streamPeople(ctx, { source: 'web', records: [{ external_id: 'x', fields: { senority: 'vp' } }] })).rejects.toThrow(
      /records\[0\]\.fields\.senority is not a field .*did you mean seniority/,
    );
    await expect(matchLead(ctx, { email: ADA.email })).resolves.toMatchObject({ person: { decision: 'none' } });
  });
});

async function* readProjections(ctx: TestContext): AsyncGenerator<string[]> {
  const wrong = await readWorkspace(ctx, async (tx) => {
    const found: string[][] = [];
    for await (const one of compareProjections(tx, ctx, { most: Number.MAX_SAFE_INTEGER, start: '00000000-0000-0000-0000-000000000000' }))
      found.push(one.wrong);
    return found;
  });
  yield* wrong;
}
