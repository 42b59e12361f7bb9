import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Rubric, SubjectKind } from '../../src/definitions/core/rubric.ts';
import type { Tx } from '../../src/kernel/database.ts';
import { SqlParams } from '../../src/kernel/sql-params.ts';
import { scoreSql } from '../../src/scoring/core/score-sql.ts';
import type { Source } from '../../src/scoring/core/subject-sql.ts';
import { caseBatch } from '../support/arbitraries.ts';
import { nodesOf, rowsOf, subjectsOf } from '../support/case-batch.ts';
import { describeDatabases } from '../support/databases.ts';
import { LEARNED, loadCase } from '../support/load-case.ts';
import { scoreByOracle } from '../support/oracle.ts';

const BATCHES = 170;
const FEWEST_CASES = 10_000;
const KINDS = ['account', 'lead'] as const;

interface Result {
  score: number;
  tier: string;
  heat: string | null;
  points: number[];
  unknown: number;
  disqualified: number;
  [counts: string]: unknown;
}

async function scored(
  tx: Tx,
  rubric: Rubric,
  kind: SubjectKind,
  asOfDay: number,
  source: Source,
  ids: readonly string[],
): Promise<Map<string, Result>> {
  const params = new SqlParams();
  const text = scoreSql({ params, workspaceId: 'test', rubric, kind, selection: { ids }, source, asOfDay });
  const rows = await tx.query(`select s.*, to_jsonb(s.points) as points from (${text}) s`, params.values);
  return new Map(
    rows.map((row) => [
      String(row.id),
      {
        score: Number(row.score),
        tier: String(row.tier),
        heat: row.heat === null ? null : String(row.heat),
        points: row.points as number[],
        unknown: Number(row.unknown),
        disqualified: Number(row.disqualified),
        ...(kind === 'account' && {
          depth: Number(row.depth),
          people: Number(row.people),
          thisWeek: Number(row.this_week),
          before: Number(row.weeks_before),
        }),
      },
    ]),
  );
}

describeDatabases('the scoring statement', (open) => {
  it('agrees with the oracle on random rubrics and data, from the projections and from the logs', async () => {
    const db = await open();
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(caseBatch, async (batch) => {
        const nodes = nodesOf(batch);
        const subjects = subjectsOf(rowsOf(nodes));
        // aliases are asked for too, and have no score
        const all = { account: nodes.accounts.map((node) => node.id), lead: nodes.people.map((node) => node.id) };
        await db.transaction('write', async (tx) => {
          await loadCase(tx, 'test', nodes);
          for (const kind of KINDS) {
            const ofKind = subjects.filter(({ subject }) => subject.kind === kind);
            const ids = all[kind];
            const today = await scored(tx, batch.rubric, kind, batch.asOfDay, { mode: 'today' }, ids);
            const then = await scored(
              tx,
              batch.rubric,
              kind,
              batch.asOfDay,
              { mode: 'history', knownAt: LEARNED, policy: { sources: [] } },
              ids,
            );
            expect(today.size).toBe(ofKind.length);
            expect(then.size).toBe(ofKind.length);
            for (const { id, subject } of ofKind) {
              const oracle = scoreByOracle(batch.rubric, subject, batch.asOfDay);
              const { groups: _groups, total: _total, depth, people, thisWeek, before, ...result } = oracle;
              const expected = kind === 'account' ? { ...result, depth, people, thisWeek, before } : result;
              expect(today.get(id)).toEqual(expected);
              expect(then.get(id)).toEqual(expected);
              cases += 1;
            }
          }
        });
      }),
      { numRuns: BATCHES, seed: 20_260_302 },
    );
    expect(cases).toBeGreaterThanOrEqual(FEWEST_CASES);
  }, 300_000);
});
