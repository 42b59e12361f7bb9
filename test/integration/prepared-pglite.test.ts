import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrapPglite } from '../../src/db/pglite.ts';
import type { Database, SqlParam, SqlRow } from '../../src/kernel/database.ts';

describe('statements that the embedded database keeps prepared', () => {
  let db: Database;
  beforeAll(async () => {
    db = wrapPglite(await PGlite.create());
    await db.transaction('write', (tx) => tx.query('create table kept (id int primary key, name text)'));
  });
  afterAll(() => db.close());

  const both = (text: string, params: readonly SqlParam[]): Promise<SqlRow[][]> =>
    db.transaction('write', async (tx) => [
      await tx.query(text, params),
      await tx.query(text, params, { prepare: true }),
      await tx.query(text, params, { prepare: true }),
    ]);

  it('give the same rows as others, of every type and with every parameter', async () => {
    const text = `select $1::int as int, $2::text as text, $3::boolean as yes, $4::bigint as big, $5::text::jsonb as document, $6::timestamptz as at,
        $7::text::uuid as id, $8::numeric as exact, $9::text[] as list, null::text as nothing
      from generate_series(1, $1::int)`;
    const id = '6f2b6f0e-8a39-8a1b-9c54-0f6f1f6f2b6f';
    const params = [
      2,
      'Ünï “q” \\ \n',
      true,
      9_007_199_254_740_991,
      '{"a":[1,null]}',
      '2026-03-02T09:00:00.123Z',
      id,
      '1.50',
      '{a,"b,c",null}',
    ];
    const [plain, first, again] = await both(text, params);
    expect(plain).toHaveLength(2);
    expect(plain?.[0]).toMatchObject({
      int: 2,
      yes: true,
      big: 9_007_199_254_740_991,
      document: { a: [1, null] },
      id,
      exact: '1.50',
      nothing: null,
    });
    expect(first).toEqual(plain);
    expect(again).toEqual(plain);
    const nulls = await both(text.replace('generate_series(1, $1::int)', 'generate_series(1, 1)'), Array(9).fill(null));
    expect(nulls[1]).toEqual(nulls[0]);
    expect(await both('select 1 as one where false', [])).toEqual([[], [], []]);
  });

  it('take effect in their order, also when none waits for the one before', async () => {
    const insert = 'insert into kept (id, name) values ($1, $2) returning id';
    const rows = await db.transaction('write', async (tx) => {
      const ids = await Promise.all([5, 3, 4].map((id) => tx.query(insert, [id, `n${id}`], { prepare: true })));
      const found = await tx.query('select count(*)::int as n from kept', [], { prepare: true });
      return [...ids.flat(), ...found];
    });
    expect(rows).toEqual([{ id: 5 }, { id: 3 }, { id: 4 }, { n: 3 }]);
  });

  it('fail with the code of the database, and are there after the transaction was rolled back', async () => {
    const insert = 'insert into kept (id, name) values ($1::int, $2)';
    const twice = db.transaction('write', async (tx) => {
      await tx.query(insert, [70, 'a'], { prepare: true });
      await tx.query(insert, [70, 'b'], { prepare: true });
    });
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    await db.transaction('write', (tx) => tx.query(insert, [71, 'c'], { prepare: true }));
    const left = await db.transaction('read', (tx) => tx.query('select id from kept where id >= 70', [], { prepare: true }));
    expect(left).toEqual([{ id: 71 }]);
    await expect(db.transaction('read', (tx) => tx.query(insert, [72, 'd'], { prepare: true }))).rejects.toMatchObject({ code: '25006' });
  });

  it('are prepared anew when a table that they read changed, and let go when there are too many', async () => {
    const all = 'select * from kept where id = 71';
    const read = () => db.transaction('read', (tx) => tx.query(all, [], { prepare: true }));
    expect(await read()).toEqual([{ id: 71, name: 'c' }]);
    await db.transaction('write', (tx) => tx.query('alter table kept add column more int'));
    await expect(read()).rejects.toMatchObject({ code: '0A000' });
    expect(await read()).toEqual([{ id: 71, name: 'c', more: null }]);
    await db.transaction('read', async (tx) => {
      for (let i = 0; i < 600; i += 1) expect(await tx.query(`select ${i} as i`, [], { prepare: true })).toEqual([{ i }]);
    });
    const kept = await db.transaction('read', (tx) => tx.query('select count(*)::int as n from pg_prepared_statements'));
    expect(kept).toEqual([{ n: 500 }]);
    expect(await read()).toEqual([{ id: 71, name: 'c', more: null }]);
  });
});
