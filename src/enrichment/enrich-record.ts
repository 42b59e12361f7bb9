import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { cancelled } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type EnrichedRecord, enrichOne } from './enrich-one.ts';
import { ceilingsOf, enrichmentInput, limitsOf, prepareTask, type WantedSubject } from './enrichment-input.ts';
import { goesOn } from './late-work.ts';
import { learned } from './learned.ts';
import { openHouse, type ProviderHouse } from './provider-house.ts';
import { resumeWaiting } from './resume-waiting.ts';
import { addSaved } from './savings.ts';

/** What `enrichRecord` takes. */
export const enrichRecordInput = enrichmentInput.extend({
  min_confidence: z.number().min(0).max(1).default(0.5).describe('less sure values are told, not written'),
  resume: z.uuid().optional().describe('run of a partial answer: awaits its vendors alone'),
});

export interface EnrichmentResult {
  run: string;
  records: (EnrichedRecord & WantedSubject)[];
  costMicros: number;
  savedMicros: number;
  isPartial: boolean;
}

/** Records at once: their calls share the providers' limits. */
const AT_ONCE = 8;

/**
 * Enriches accounts or people: asks the providers that are worth it, within budget and deadline, and records what is sure enough as facts
 * with source, confidence, cost and expiry. Fields that are known are left alone.
 * @throws SamepageError `not_found`, `ambiguous`, `invalid_input`, `permission_denied`; `cancelled` between two records
 */
export async function enrichRecord(ctx: Context, given: z.input<typeof enrichRecordInput>): Promise<EnrichmentResult> {
  requireScope(ctx, 'write');
  return enrichWith(ctx, await openHouse(ctx), given);
}

/** The same with the providers of a house. @param runId the run that its money counts for, where it is part of one */
export async function enrichWith(
  ctx: Context,
  house: ProviderHouse,
  given: z.input<typeof enrichRecordInput>,
  runId: string = randomUUID(),
): Promise<EnrichmentResult> {
  requireScope(ctx, 'write');
  const input = parseInput(enrichRecordInput, given, 'enrich_record');
  const run = input.resume ?? runId;
  // before the answers that are kept are read: what it brings is among them
  if (input.resume !== undefined) await resumeWaiting(ctx, house, { run, deadlineMs: input.deadline_seconds * 1000 });
  const task = await prepareTask(ctx, input, house.offers);
  const statistics = await learned(ctx);
  const options = {
    runId: run,
    market: task.market,
    statistics,
    limits: limitsOf(input),
    ceilings: ceilingsOf(ctx, input),
    minConfidence: input.min_confidence,
    onlyKept: input.resume !== undefined,
  };
  const limit = pLimit(AT_ONCE);
  let done = 0;
  const enriching = task.subjects.map((one) =>
    limit(async () => {
      if (ctx.signal.aborted) throw cancelled();
      const enriched = await enrichOne(ctx, house, one, options);
      done += 1;
      ctx.progress.report(done, task.subjects.length, 'records enriched');
      return { ...enriched, ...one };
    }),
  );
  // where one fails, the call is answered while the others are at it
  goesOn(ctx.db, Promise.allSettled(enriching));
  const records = await Promise.all(enriching);
  const sum = (of: (record: EnrichedRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const savedMicros = sum((record) => record.savedMicros);
  addSaved(ctx, savedMicros);
  return {
    run,
    records,
    costMicros: sum((record) => record.costMicros),
    savedMicros,
    isPartial: records.some((record) => record.isPartial),
  };
}
