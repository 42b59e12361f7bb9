import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { enterWorkspace, insertLines, readLines } from '../../src/db/table-rows.ts';
import { TABLES, tableNamed } from '../../src/db/tables.ts';
import { describeDatabases, openTestPglite, openTestPostgres } from '../support/databases.ts';

describeDatabases('the tables of a copy', (open) => {
  it('are those of the database, with all their columns and keys', async () => {
    const db = await open();
    const rows = await db.transaction('read', (tx) =>
      tx.query(
        `select c.relname as table, a.attname as column, a.attnotnull as required, array_position(i.indkey::int2[], a.attnum) as key
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         join pg_index i on i.indrelid = c.oid and i.indisprimary
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1, a.attnum`,
      ),
    );
    const catalog = rows.map(({ table, column, required }) => `${table}.${column} ${required}`).sort();
    const ours = TABLES.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name} ${column.notNull}`));
    expect(ours.sort()).toEqual(catalog);
    for (const { name, key } of TABLES) {
      const inKey = rows.filter((row) => row.table === name && row.key !== null).sort((a, b) => Number(a.key) - Number(b.key));
      expect(key, name).toEqual(inKey.map((row) => row.column));
    }
  });
});

describe.skipIf(inject('postgres') === undefined)('the line of a row', () => {
  it('is the same on both databases, and the same after a round trip, whatever the row holds', async () => {
    const event = tableNamed('event');
    if (event === undefined) throw new Error('there is no table event');
    const text = fc.string({ unit: 'grapheme-composite', maxLength: 30 }).map((value) => value.replaceAll('\u0000', ''));
    const rowOf = fc.record({
      type: text,
      external_id: text,
      domain: fc.option(text),
      occurred_day: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
      occurred_at: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((at) => at.toISOString()),
      person_id: fc.option(fc.uuid()),
      attributes: fc.option(fc.json({ maxDepth: 3 }).filter((json) => !json.includes('\\u'))),
    });
    const rows = fc.sample(rowOf, { seed: 11, numRuns: 400 }).map((row, i) => ({
      workspace_id: 'test',
      id: `00000000-0000-8000-8000-${String(i).padStart(12, '0')}`,
      recorded_at: '2026-03-02T09:00:00.120+00:00',
      source: 'x',
      ...row,
    }));
    const lines: string[][] = [];
    let given = rows.map((row) => JSON.stringify(row));
    for (const opener of [openTestPglite, openTestPostgres]) {
      const db = await opener();
      await db.transaction('write', async (tx) => {
        await enterWorkspace(tx, 'test');
        await insertLines(tx, event, event.columns, given);
        const read: string[] = [];
        for await (const page of readLines(tx, event, 'test')) read.push(...page);
        lines.push(read);
        given = read;
      });
      await db.close();
    }
    expect(lines[0]).toHaveLength(rows.length);
    expect(lines[1]).toEqual(lines[0]);
    expect(lines[0]?.map((line) => JSON.parse(line).external_id)).toEqual(rows.map((row) => row.external_id));
  });
});
