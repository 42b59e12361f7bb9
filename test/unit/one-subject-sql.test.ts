import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import { type OneSubject, oneSubjectSql } from '../../src/scoring/core/one-subject-sql.ts';
import { scoreSql } from '../../src/scoring/core/score-sql.ts';
import { rubric } from '../support/arbitraries.ts';

/** The same, put together anew. */
function anew({ workspaceId, rubric, kind, id, asOfDay, variants }: OneSubject) {
  const params = new SqlParams();
  const source = variants === undefined ? ({ mode: 'today' } as const) : ({ mode: 'variants', variants } as const);
  const text = scoreSql({ params, workspaceId, rubric, kind, selection: { ids: [id] }, source, asOfDay });
  return { text, values: params.values };
}

const fields = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const call = fc.record(
  {
    workspaceId: fc.string(),
    kind: fc.constantFrom('account' as const, 'lead' as const),
    id: fc.uuid(),
    asOfDay: fc.integer({ min: 20_000, max: 20_002 }),
    variants: fc.array(fc.record({ accountFields: fields, personFields: fields }), { maxLength: 3 }),
  },
  { requiredKeys: ['workspaceId', 'kind', 'id', 'asOfDay'] },
);

it('one subject after the other, of any workspace, day and what-if, is asked for as if nothing had been kept', () => {
  fc.assert(
    fc.property(rubric, fc.array(call, { minLength: 1, maxLength: 8 }), (document, calls) => {
      for (const one of calls) expect(oneSubjectSql({ ...one, rubric: document })).toEqual(anew({ ...one, rubric: document }));
    }),
    { seed: 20_261_123, numRuns: 40 },
  );
});
