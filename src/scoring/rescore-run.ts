import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Definition } from '../definitions/core/definition.ts';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { definitionByVersion } from '../definitions/definition-by-hash.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { type PartCounts, partsFor, type RescorePlan, rescorePlan } from './core/rescore-plan.ts';

export interface Run {
  id: string;
  plan: RescorePlan;
  rubric: Definition<'rubric'>;
  asOfDay: number;
  /** Everything recorded up to here is in the run; parts may know more. */
  knownAt: Date;
}

const runRow = z.object({
  id: z.string(),
  plan: rescorePlan,
  state: z.string(),
  rubric_version: z.number(),
  as_of_day: z.number(),
  known_at: z.coerce.date(),
});
/** Days after which nearly every score has aged: then everything is scored. */
const LONGEST_GAP = 60;
const RUN = 'select id, plan, state, rubric_version, as_of_day, known_at from rescore_run';

export interface RunRequest {
  scope: 'all' | 'changed';
  kinds: readonly SubjectKind[];
  where?: unknown;
}

/** Plans a run as of today and records it. */
export function beginRun(ctx: Context, { scope, kinds, where }: RunRequest, partSize?: number): Promise<Run> {
  return deriveInWorkspace(ctx, async (tx) => {
    const rubric = await currentDefinition(tx, ctx, 'rubric');
    const taxonomy = await currentDefinition(tx, ctx, 'taxonomy');
    const knownAt = z
      .object({ known_at: z.coerce.date() })
      .parse((await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]))[0]).known_at;
    const asOfDay = Math.max(dayOf(ctx.now()), dayOf(knownAt));
    const base = scope === 'changed' && where === undefined ? await latestBase(tx, ctx, rubric.version, kinds, asOfDay) : null;
    const mode = where !== undefined ? 'filter' : scope === 'changed' && base !== null ? 'changed' : 'all';
    const plan: RescorePlan = {
      mode,
      kinds: [...new Set(kinds)],
      parts: {},
      base,
      where: where ?? null,
      note: scope === 'changed' && mode === 'all' ? 'No finished run under this rubric to start from, so everything was scored.' : null,
    };
    for (const kind of plan.kinds) plan.parts[kind] = partsFor(await countSubjects(tx, ctx, kind), partSize);
    const id = randomUUID();
    await tx.query(
      `insert into rescore_run (workspace_id, id, plan, state, rubric_version, taxonomy_version, as_of_day, known_at, started_at)
       values ($1, $2::uuid, $3::text::jsonb, 'running', $4::int, $5::int, $6::int, $7::timestamptz, $8::timestamptz)`,
      [
        ctx.workspaceId,
        id,
        JSON.stringify(plan),
        rubric.version,
        taxonomy.version,
        asOfDay,
        knownAt.toISOString(),
        ctx.now().toISOString(),
      ],
    );
    return { id, plan, rubric, asOfDay, knownAt };
  });
}

/** The run of an id, to go on with. @throws SamepageError `not_found`, or `conflict` when it is done or its day is over. */
export function resumeRun(ctx: Context, id: string): Promise<Run> {
  return deriveInWorkspace(ctx, async (tx) => {
    const [found] = await tx.query(`${RUN} where workspace_id = $1 and id = $2::uuid`, [ctx.workspaceId, id]);
    if (found === undefined) {
      throw new SamepageError('not_found', `There is no run ${shown(id)}.`, 'Start a new run without `resume`.', {
        problems: [{ path: 'resume', value: shown(id), reason: 'is no run of this workspace' }],
      });
    }
    const row = runRow.parse(found);
    const rubric = await currentDefinition(tx, ctx, 'rubric');
    const today = dayOf(ctx.now());
    const reason =
      row.state === 'done'
        ? 'is done'
        : row.as_of_day < today
          ? 'is of an earlier day'
          : row.rubric_version !== rubric.version
            ? 'is under an earlier rubric'
            : undefined;
    if (reason !== undefined) {
      throw new SamepageError('conflict', `The run ${id} ${reason}.`, 'Start a new run without `resume`.', {
        problems: [{ path: 'resume', value: id, reason }],
      });
    }
    await tx.query(`update rescore_run set state = 'running' where workspace_id = $1 and id = $2::uuid`, [ctx.workspaceId, id]);
    return {
      id,
      plan: row.plan,
      rubric: await definitionByVersion(tx, ctx, 'rubric', row.rubric_version),
      asOfDay: row.as_of_day,
      knownAt: row.known_at,
    };
  });
}

export async function finishRun(
  ctx: Context,
  run: Run,
  state: 'done' | 'cancelled',
  counts: Record<string, PartCounts> | null,
): Promise<void> {
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      'update rescore_run set state = $3, finished_at = $4::timestamptz, result = $5::text::jsonb where workspace_id = $1 and id = $2::uuid',
      [ctx.workspaceId, run.id, state, ctx.now().toISOString(), JSON.stringify(counts)],
    ),
  );
}

/** The latest finished run that scored all of these kinds under the rubric, directly or through the run it built on. */
async function latestBase(
  tx: Tx,
  ctx: Context,
  rubricVersion: number,
  kinds: readonly SubjectKind[],
  asOfDay: number,
): Promise<RescorePlan['base']> {
  const rows = await tx.query(
    `${RUN} where workspace_id = $1 and state = 'done' and rubric_version = $2::int and as_of_day <= $3::int
     and as_of_day > $3::int - ${LONGEST_GAP}
     and plan ->> 'mode' in ('all', 'changed') and plan -> 'kinds' @> $4::text::jsonb order by known_at desc, as_of_day desc limit 1`,
    [ctx.workspaceId, rubricVersion, asOfDay, JSON.stringify(kinds)],
  );
  const [row] = z.array(runRow).parse(rows);
  return row === undefined ? null : { run: row.id, knownAt: row.known_at.toISOString(), asOfDay: row.as_of_day };
}

async function countSubjects(tx: Tx, ctx: Context, kind: SubjectKind): Promise<number> {
  const [row] = await tx.query(`select count(*) as n from ${kind === 'account' ? 'account' : 'person'} where workspace_id = $1`, [
    ctx.workspaceId,
  ]);
  return z.object({ n: z.coerce.number() }).parse(row).n;
}
