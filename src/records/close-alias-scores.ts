import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { MergedKind } from './load-aliases.ts';

const SUBJECT = { account: 'account', person: 'lead' } as const;

/**
 * Puts the scores of aliases into the history: an alias has none of its own, and what it had is not lost.
 * @param nodes where to look; left out, everywhere: a score that was computed while its subject was being merged came too late
 */
export async function closeAliasScores(tx: Tx, ctx: Context, kind: MergedKind, at: Date, nodes?: readonly string[]): Promise<void> {
  const columns =
    'kind, subject_id, rubric_version, taxonomy_version, as_of_day, known_at, score, tier, heat, points, unknown, disqualified';
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const subject = `'${SUBJECT[kind]}'`;
  const among = nodes === undefined ? '' : `and a.id = any(${params.uuids(nodes)})`;
  await tx.query(
    `with closed as materialized (
       select s.* from ${kind} a join score s on s.workspace_id = ${ws} and s.kind = ${subject} and s.subject_id = a.id
       where a.workspace_id = ${ws} and a.merged_into is not null ${among} order by s.subject_id for update of s
     ), kept as (
       insert into score_history (workspace_id, ${columns}, replaced_at)
       select workspace_id, ${columns}, ${params.add(at.toISOString())}::timestamptz from closed on conflict do nothing
     )
     delete from score s using closed c where s.workspace_id = ${ws} and s.kind = ${subject} and s.subject_id = c.subject_id`,
    params.values,
  );
}
