import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { BLOCK_CAP } from '../../src/identity/core/blocks.ts';
import { PEOPLE } from '../../src/identity/core/model.ts';
import { coverNodes } from '../../src/identity/cover-nodes.ts';
import { decideMatch } from '../../src/identity/decide-match.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { streamPeople } from '../../src/identity/stream-people.ts';
import { unmergeEntities } from '../../src/identity/unmerge-entities.ts';
import type { Database } from '../../src/kernel/database.ts';
import { importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';
import { groupsOf } from '../support/identity-groups.ts';
import { wrongProjections } from '../support/wrong-projections.ts';

type Person = Record<'external_id' | 'first_name' | 'last_name' | 'email' | 'phone' | 'company' | 'city', string>;

const BLANK = { first_name: '', last_name: '', email: '', phone: '', company: '', city: '' };
const ZORA = { ...BLANK, first_name: 'Zora', last_name: 'Quistgaard', phone: '+1 212 555 0199', city: 'Leeds' };
const IGOR = { ...BLANK, first_name: 'Igor', last_name: 'Pfefferkorn', phone: '+49 30 5557 0187', company: 'Pfefferkorn Works' };
const NOBODY = { ...BLANK, email: 'info@harrow.example', company: 'Harrow Works', city: 'Leeds' };

const FAMILIES = 'Ostrander Vandermeer Blomkvist Iacobelli Szymanski Thorvald Ekelund Dragomir Kuusela Wojtyla'.split(' ');

const times = (n: number, id: string, said: typeof BLANK): Person[] =>
  Array.from({ length: n }, (_, i) => ({ external_id: `${id}${i}`, ...said }));

let worlds = 0;

async function newWorld(db: Database): Promise<TestContext> {
  worlds += 1;
  const ctx = testContext(db, { workspaceId: `copies-${worlds}` });
  await ensureWorkspace(ctx);
  return ctx;
}

async function stream(ctx: TestContext, people: readonly Person[], sizes: readonly number[]) {
  const found = [];
  for (let from = 0, part = 0; from < people.length; part += 1) {
    const size = sizes[part % sizes.length] ?? 1;
    const records = people
      .slice(from, from + size)
      .map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== '')));
    ctx.advance(1000);
    found.push(...(await streamPeople(ctx, { source: 'web', records })).people);
    from += size;
  }
  return found;
}

const MAPPING = {
  external_id: 'external_id',
  first_name: 'person.first_name',
  last_name: 'person.last_name',
  email: 'person.email',
  phone: 'person.phone',
  company: 'person.company',
  city: 'person.city',
};

async function importPeople(ctx: TestContext, people: readonly Person[], source: string): Promise<void> {
  const names = Object.keys(MAPPING) as (keyof Person)[];
  const lines = people.map((one) => names.map((name) => one[name]).join(','));
  await importRecords(ctx, { kind: 'people', source, content: [names.join(','), ...lines].join('\n'), mapping: MAPPING });
}

describeDatabases('people of whom many records say the very same', (open, dialect) => {
  it('are one as they come in, in any order and any split, as in a stitching of all', async () => {
    const db = await open();
    const people = [
      ...times(BLOCK_CAP + 5, 'z', ZORA),
      ...times(PEOPLE.largest + 5, 'i', IGOR),
      // too few to be looked at once, who say it with a slip, and whose address is nobody's
      ...times(5, 'f', { ...IGOR, first_name: 'Olga', phone: '+49 30 5557 0245' }),
      ...times(2, 'slip', { ...ZORA, last_name: 'Quistgard', city: '' }),
      ...times(40, 'n', NOBODY),
      ...FAMILIES.map((last_name, i) => ({
        ...BLANK,
        external_id: `s${i}`,
        first_name: last_name.split('').reverse().join(''),
        last_name,
        email: `${last_name}@own${i}.example`.toLowerCase(),
      })),
    ];
    const whole = await newWorld(db);
    await importPeople(whole, people, 'crm');
    await stitchRecords(whole, { kinds: ['person'] });
    const batch = await groupsOf(whole, 'person');
    const sizes = batch.map((ids) => ids.length).filter((n) => n > 1);
    expect(sizes.sort((a, b) => a - b)).toEqual([5, PEOPLE.largest + 5, BLOCK_CAP + 7]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(people, { minLength: people.length }),
        fc.array(fc.constantFrom(1, 7, 40, 150, 300), { minLength: 3, maxLength: 8 }),
        async (shuffled, split) => {
          const ctx = await newWorld(db);
          await stream(ctx, shuffled, split);
          expect(await groupsOf(ctx, 'person')).toEqual(batch);
          await stitchRecords(ctx, { kinds: ['person'] });
          expect(await groupsOf(ctx, 'person')).toEqual(batch);
          expect(await wrongProjections(ctx)).toEqual({});
        },
      ),
      // a large group is derived again with each call, which takes the embedded database seconds
      { seed: 4711, numRuns: dialect === 'postgres' ? 3 : 1 },
    );
  });

  it('are left apart by the guards of a stitching, and by what people decided', async () => {
    const ctx = await newWorld(await open());
    // a switchboard's number, and a name that many have
    const colleagues = Array.from({ length: 6 }, (_, i) => ({
      ...BLANK,
      external_id: `k${i}`,
      first_name: ['Ann', 'Bob', 'Cyrus', 'Dolores', 'Edwin', 'Fatima'][i] ?? '',
      last_name: ['Baker', 'Cutler', 'Dyer', 'Ostrander', 'Vandermeer', 'Kuusela'][i] ?? '',
      phone: ZORA.phone,
    }));
    await stream(
      ctx,
      [...colleagues, ...times(15, 'z', ZORA), ...times(15, 'n', { ...BLANK, first_name: 'John', last_name: 'Smith' })],
      [12],
    );
    const apart = await groupsOf(ctx, 'person');
    expect(apart.filter((ids) => ids.length > 1)).toEqual([]);
    await stitchRecords(ctx, { kinds: ['person'] });
    expect(await groupsOf(ctx, 'person')).toEqual(apart);
    // one of many copies is said to be somebody else: it stays so, and the others come in as before
    const copies = await stream(ctx, times(20, 'i', IGOR), [20]);
    const split = copies.find(({ node, entity }) => node !== entity);
    const other = split?.node ?? '';
    await unmergeEntities(ctx, { kind: 'person', nodes: [other], decision: { by: 'person' } });
    const [again] = await stream(ctx, [{ ...IGOR, external_id: split?.externalId ?? '', city: 'Leeds' }], [1]);
    expect(again).toMatchObject({ node: other, entity: other, merge: null });
    const [late] = await stream(ctx, [{ ...IGOR, external_id: 'late' }], [1]);
    expect(late?.entity).toBe(copies[0]?.entity);
    expect(late?.merge?.sentence).toMatch(/^The same, p (?:1|0\.99)/);
    // where the number tells nobody apart nothing does
    ctx.advance(1000);
    await decideMatch(ctx, { kind: 'person', verdict: 'suppress_identifier', identifier: { kind: 'phone', value: IGOR.phone } });
    const [alone] = await stream(ctx, [{ ...IGOR, external_id: 'alone' }], [1]);
    expect(alone?.merge).toBeNull();
  });

  it('fill no block: of each only the first are found by their keys', async () => {
    const ctx = await newWorld(await open());
    const sizes = async () => {
      const rows = await readWorkspace(ctx, (tx) =>
        tx.query('select count(*)::int as n from block_key where workspace_id = $1 group by key order by 1 desc', [ctx.workspaceId]),
      );
      return rows.map(({ n }) => Number(n));
    };
    await stream(ctx, times(60, 'i', IGOR), [1, 1, 5, 20, 33]);
    // all have the key of the row; the import stores no others either
    await importPeople(ctx, times(60, 'c', IGOR), 'crm');
    await coverNodes(ctx);
    const [rows, ...keys] = await sizes();
    expect(rows).toBeGreaterThan(100);
    expect(Math.max(...keys)).toBeLessThan(40);
  });
});
