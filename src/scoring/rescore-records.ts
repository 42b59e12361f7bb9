import { z } from 'zod';
import { maintainGrown } from '../db/maintain-grown.ts';
import { audit, deriveInWorkspace, requireScope } from '../db/workspace.ts';
import { type Activated, activateDue } from '../definitions/activate-signed.ts';
import type { DefinitionRef } from '../definitions/core/definition.ts';
import { readWhere } from '../definitions/core/given-predicate.ts';
import { fieldsOf } from '../definitions/core/predicate.ts';
import { refOf } from '../definitions/current-definition.ts';
import { definitionByVersion } from '../definitions/definition-by-hash.ts';
import type { Context } from '../kernel/context.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { closeAliasScores } from '../records/close-alias-scores.ts';
import { refreshExpired } from '../records/refresh-expired.ts';
import { settleDefinitions } from '../records/settle-definitions.ts';
import { reasonsOf } from './core/meanings.ts';
import { addCounts, NOTHING, type PartCounts, type RescorePlan } from './core/rescore-plan.ts';
import { subjectKind } from './get-score.ts';
import { beginRun, finishRun, type Run, resumeRun } from './rescore-run.ts';
import { doneParts, scorePart, selectionsOf } from './score-part.ts';

export const rescoreInput = z.strictObject({
  scope: z
    .enum(['all', 'changed'])
    .default('changed')
    .describe('all, or only what can have changed since the last run (the result is the same, sooner)'),
  kinds: z.array(subjectKind).min(1).max(2).default(['account', 'lead']),
  where: z.record(z.string(), z.json()).optional().describe('only records for which this rubric predicate over fields holds'),
  resume: z.uuid().optional().describe('id of a run that was cancelled or cut off: goes on with it'),
});

export interface Rescored {
  run: string;
  scope: RescorePlan['mode'];
  note: string | null;
  asOf: string;
  knownAt: string;
  counts: Record<string, PartCounts>;
  /** Definitions that all had signed and whose day had come: in use since this call. */
  activated: Activated[];
  /** What the reasons of tier moves mean. */
  reasons: Record<string, string>;
  definitions: DefinitionRef[];
}

/**
 * Scores many records as of today and keeps what changed. The run goes part by part, each in its own transaction: it
 * reports progress, can be cancelled between parts, and resumes by its id. A run that finds nothing changed writes no score.
 * @throws SamepageError `cancelled` (its message names the run), `not_found` for a run that does not exist, `conflict` for one that is done.
 */
export async function rescoreRecords(
  ctx: Context,
  given: z.input<typeof rescoreInput>,
  options: { partSize?: number } = {},
): Promise<Rescored> {
  requireScope(ctx, 'write');
  const input = parseInput(rescoreInput, given, 'rescore_records');
  if (input.resume !== undefined && input.where !== undefined) {
    throw new SamepageError(
      'invalid_input',
      'A resumed run keeps its own filter.',
      'Leave out `where`, or start a new run without `resume`.',
      {
        problems: [{ path: 'where', value: shown(input.where), reason: 'does not go with resume' }],
      },
    );
  }
  refuseForeignFields(input);
  const activated = await activateDue(ctx, settleDefinitions(ctx));
  await refreshExpired(ctx);
  await maintainGrown(ctx);
  await deriveInWorkspace(ctx, async (tx) => {
    for (const kind of ['account', 'person'] as const) await closeAliasScores(tx, ctx, kind, ctx.now());
  });
  const run = input.resume === undefined ? await beginRun(ctx, input, options.partSize) : await resumeRun(ctx, input.resume);
  try {
    const counts = await runParts(ctx, run);
    await finishRun(ctx, run, 'done', counts);
    return deriveInWorkspace(ctx, async (tx) => {
      const rubric = await definitionByVersion(tx, ctx, 'rubric', run.rubric.version);
      const written = Object.values(counts).reduce((sum, one) => sum + one.created + one.replaced, 0);
      await audit(tx, ctx, 'rescore_records', `run ${run.id} ${run.plan.mode} wrote ${written}`);
      return {
        run: run.id,
        scope: run.plan.mode,
        note: run.plan.note,
        asOf: isoFromDay(run.asOfDay),
        knownAt: run.knownAt.toISOString(),
        counts,
        activated,
        reasons: reasonsOf(run.rubric.document),
        definitions: [refOf(rubric)],
      };
    });
  } catch (error) {
    if (ctx.signal.aborted) {
      await finishRun(ctx, run, 'cancelled', null);
      throw new SamepageError(
        'cancelled',
        `The run ${run.id} was cancelled; the parts that were done are kept.`,
        `Call rescore_records with resume "${run.id}" to go on.`,
      );
    }
    throw error;
  }
}

/** A filter over people's fields says nothing of accounts. */
function refuseForeignFields({ where, kinds }: z.output<typeof rescoreInput>): void {
  if (where === undefined) return;
  const allowed = kinds.includes('account') ? ['account'] : ['account', 'person'];
  const foreign = fieldsOf(readWhere(where)).filter((field) => !allowed.some((entity) => field.startsWith(`${entity}.`)));
  if (foreign.length === 0) return;
  throw new SamepageError(
    'invalid_input',
    `The filter reads ${foreign.join(', ')}, which ${kinds.join(' and ')} records do not have.`,
    foreign.every((field) => field.startsWith('person.'))
      ? 'Give kinds ["lead"], or filter by fields of the account.'
      : 'Filter by fields of the account or, for leads, of the person.',
    { problems: foreign.map((field) => ({ path: 'where', value: field, reason: `is no field of ${kinds.join(' and ')} records` })) },
  );
}

async function runParts(ctx: Context, run: Run): Promise<Record<string, PartCounts>> {
  const total = run.plan.kinds.reduce((sum, kind) => sum + (run.plan.parts[kind] ?? 0), 0);
  const totals: Record<string, PartCounts> = {};
  let done = 0;
  for (const kind of run.plan.kinds) {
    const finished = await doneParts(ctx, run, kind);
    let counts = [...finished.values()].reduce(addCounts, NOTHING);
    done += finished.size;
    const waiting = (await selectionsOf(ctx, run, kind)).filter(({ part }) => !finished.has(part));
    const report = () => ctx.progress.report(done, total, `${counts.subjects.toLocaleString('en-US')} ${kind}s scored`);
    report();
    // what one worker has looked at need not be looked at by the other at the same time
    let isLooking = false;
    const maintain = async () => {
      if (isLooking) return;
      isLooking = true;
      await maintainGrown(ctx).finally(() => {
        isLooking = false;
      });
    };
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        ctx.signal.throwIfAborted();
        const scored = await scorePart(ctx, run, kind, next);
        await maintain();
        counts = addCounts(counts, scored);
        done += 1;
        report();
      }
    };
    // a failure or a cancellation in one worker lets the other finish its part first
    const settled = await Promise.allSettled(Array.from({ length: ctx.db.parallel }, worker));
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
    totals[kind] = counts;
  }
  return totals;
}
