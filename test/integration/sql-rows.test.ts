import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import { describeDatabases } from '../support/databases.ts';

const text = fc.option(
  fc.oneof(
    fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', '')),
    fc.constantFrom('', 'null', 'NULL', '{}', '"', '\\', ',', '\n', ' a ', '\u001e'),
  ),
);
const json = fc
  .option(
    fc.tuple(
      fc.dictionary(fc.constantFrom('a', 'b\n', '"', '{'), fc.oneof(fc.integer(), fc.constantFrom('x\ny', '\\', '"')), { maxKeys: 3 }),
      fc.boolean(),
    ),
  )
  .map((made) => (made === null ? null : JSON.stringify(made[0], null, made[1] ? 1 : 0)));

describeDatabases('rows given a column at a time', (open) => {
  it('arrive as they were sent', async () => {
    const db = await open();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text, json, number: fc.option(fc.integer({ min: -1000, max: 1000 })) }), { maxLength: 6 }),
        async (rows) => {
          const params = new SqlParams();
          const from = params.rows('r', {
            number: ['int', rows.map((row) => (row.number === null ? null : String(row.number)))],
            text: ['text', rows.map((row) => row.text)],
            line: ['json', rows.map((row) => row.json)],
            values: ['jsonb', rows.map((row) => row.json)],
          });
          const found = await db.transaction('read', (tx) =>
            tx.query(`select r.number, r.text, r.line, r."values"::text as document from ${from}`, params.values),
          );
          const got = found.map((row) => ({ ...row, document: row.document === null ? null : JSON.parse(String(row.document)) }));
          expect(got).toEqual(
            rows.map((row) => ({
              number: row.number,
              text: row.text,
              line: row.json,
              document: row.json === null ? null : JSON.parse(row.json),
            })),
          );
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });
});
