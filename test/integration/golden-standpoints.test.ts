import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import { goldenFieldsSql } from '../../src/records/core/golden-sql.ts';
import { knownFields } from '../../src/review/known-fields.ts';
import { newWorkspace } from '../support/context.ts';
import { describeDatabases } from '../support/databases.ts';

const DAY = 20_000;
const FIELDS = ['industry', 'country', 'employees'];
const entityId = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const instant = (n: number) => new Date((DAY + n) * 86_400_000).toISOString();

/** Few of everything, so that sources say the same, say otherwise, and say it at the same time. */
const said = fc.record({
  entity: fc.nat(1),
  source: fc.constantFrom('crm', 'ads', 'web'),
  observed: fc.nat(2),
  recorded: fc.nat(2),
  expires: fc.constantFrom(null, null, null, 2),
  values: fc.dictionary(fc.constantFrom(...FIELDS, 'other'), fc.constantFrom('a', 'b', null), { minKeys: 1, maxKeys: 3 }),
});
const sources = fc.constantFrom([], ['crm'], ['web', 'crm', 'ads']);

describeDatabases('golden values of many standpoints', (open) => {
  it('are those of each alone', async () => {
    const db = await open();
    await fc.assert(
      fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 12 }), sources, async (facts, ranked) => {
        const ctx = await newWorkspace(db);
        await recordInWorkspace(ctx, async (tx) => {
          for (const [ordinal, { entity, source, observed, recorded, expires, values }] of facts.entries())
            await tx.query(
              `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, "values", confidence, observed_at, observed_day, expires_day, cost_micros)
               values ($1, $2::uuid, $3::timestamptz, $4::int, 'account', $5, $6::text::jsonb, 10000, $7::timestamptz, $8::int, $9::int, 0)`,
              [
                ctx.workspaceId,
                entityId(entity),
                instant(recorded),
                ordinal,
                source,
                JSON.stringify(values),
                instant(observed),
                DAY + observed,
                expires === null ? null : DAY + expires,
              ],
            );
        });
        const policy = { sources: ranked };
        const asked = [0, 1].flatMap((entity) =>
          [0, 1, 2].flatMap((known) => [0, 1, 2].map((day) => ({ entity: entityId(entity), known, day: DAY + day }))),
        );
        const idOf = (at: number) => `10000000-0000-4000-8000-0000000000${String(at).padStart(2, '0')}`;
        const found = await knownFields(
          ctx,
          'account',
          asked.map(({ entity, known, day }, at) => ({ id: idOf(at), node: entity, knownAt: Date.parse(instant(known)), day })),
          { fields: FIELDS, policy },
        );
        for (const [at, { entity, known, day }] of asked.entries()) {
          const params = new SqlParams();
          const text = goldenFieldsSql({
            params,
            workspaceId: ctx.workspaceId,
            entity: 'account',
            entities: `o.entity_id = ${params.add(entity)}::uuid`,
            policy,
            knownAt: `${params.add(instant(known))}::timestamptz`,
            asOfDay: String(day),
            fields: FIELDS,
          });
          const [alone] = await readWorkspace(ctx, (tx) => tx.query(text, params.values));
          expect(found.get(idOf(at))).toEqual(alone?.fields);
        }
      }),
      { numRuns: 8, seed: 20_261_123 },
    );
  }, 60_000);
});
