import { z } from 'zod';
import { commitSoon } from '../db/bulk.ts';
import { unlessOvertaken } from '../db/unless-overtaken.ts';
import { deriveInWorkspace, readWorkspace } from '../db/workspace.ts';
import { predicateDocument, readPredicate } from '../definitions/core/predicate.ts';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import { whereSql } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { candidatesSql } from './core/candidates-sql.ts';
import { persistSql } from './core/persist-sql.ts';
import { boundsOf, type PartCounts, partCounts, partOf } from './core/rescore-plan.ts';
import type { Selection } from './core/selection-sql.ts';
import type { Run } from './rescore-run.ts';

export interface Part {
  part: number;
  selection: Selection;
}

const idRow = z.object({ id: z.string() });

/** The parts of a run that hold anything to score. */
export async function selectionsOf(ctx: Context, run: Run, kind: SubjectKind): Promise<Part[]> {
  const parts = run.plan.parts[kind] ?? 1;
  if (run.plan.mode === 'all') return Array.from({ length: parts }, (_, part) => ({ part, selection: boundsOf(part, parts) }));
  const ids = Array.from({ length: parts }, () => new Set<string>());
  await Promise.all(
    statementsOf(ctx, run, kind).map(async ({ text, params }) => {
      const rows = await readWorkspace(ctx, (tx) => tx.query(text, params.values));
      for (const row of rows) {
        const { id } = idRow.parse(row);
        ids[partOf(id, parts)]?.add(id);
      }
    }),
  );
  return ids.flatMap((some, part) => (some.size === 0 ? [] : [{ part, selection: { ids: [...some] } }]));
}

interface Statement {
  text: string;
  params: SqlParams;
}

/** What finds a run's subjects: the candidates of an incremental run are looked for in as many shares as can run at once. */
function statementsOf(ctx: Context, run: Run, kind: SubjectKind): Statement[] {
  const { base } = run.plan;
  if (base === null) {
    const params = new SqlParams();
    return [{ text: filterSql(params, ctx, run, kind), params }];
  }
  const of = ctx.db.parallel;
  return Array.from({ length: of }, (_, index) => index).flatMap((index) => {
    const params = new SqlParams();
    const question = { workspaceId: ctx.workspaceId, rubric: run.rubric.document, kind, base, asOfDay: run.asOfDay };
    const text = candidatesSql(params, question, { index, of });
    return text === undefined ? [] : [{ text, params }];
  });
}

/** The ids for which the run's own predicate holds. */
function filterSql(params: SqlParams, ctx: Context, run: Run, kind: SubjectKind): string {
  const predicate = readPredicate(predicateDocument.parse(run.plan.where));
  const record = kind === 'account' ? 'account' : 'person';
  const where = whereSql(predicate, { params, workspaceId: ctx.workspaceId, kind: record, asOfDay: run.asOfDay });
  const account = kind === 'account' ? '' : 'left join account a on a.workspace_id = r.workspace_id and a.id = r.account_id';
  return `select r.id from ${record} r ${account} where r.workspace_id = ${params.add(ctx.workspaceId)} and ${where}`;
}

/** The parts that a run finished before it was cut off. */
export async function doneParts(ctx: Context, run: Run, kind: SubjectKind): Promise<Map<number, PartCounts>> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query('select part, counts from rescore_part where workspace_id = $1 and run_id = $2::uuid and kind = $3', [
      ctx.workspaceId,
      run.id,
      kind,
    ]),
  );
  return new Map(rows.map((row) => [z.number().parse(row.part), partCounts.parse(row.counts)]));
}

/** Scores one part and marks it done, in one transaction. */
export function scorePart(ctx: Context, run: Run, kind: SubjectKind, { part, selection }: Part): Promise<PartCounts> {
  const score = () =>
    deriveInWorkspace(ctx, async (tx) => {
      const params = new SqlParams();
      const text = persistSql({
        params,
        workspaceId: ctx.workspaceId,
        rubric: run.rubric.document,
        rubricVersion: run.rubric.version,
        kind,
        selection,
        source: { mode: 'today' },
        asOfDay: run.asOfDay,
        replacedAt: ctx.now().toISOString(),
      });
      // a part that is lost with the server's power is done again; the end of the run waits for the disk for all of them
      const [, [row]] = await Promise.all([commitSoon(tx), tx.query(text, params.values)]);
      const counts = partCounts.parse(row);
      await tx.query(
        `insert into rescore_part (workspace_id, run_id, kind, part, counts) values ($1, $2::uuid, $3, $4::int, $5::text::jsonb) on conflict do nothing`,
        [ctx.workspaceId, run.id, kind, part, JSON.stringify(counts)],
      );
      return counts;
    });
  return unlessOvertaken(score);
}
