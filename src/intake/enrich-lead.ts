import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { EnrichedField } from '../enrichment/core/enriched.ts';
import { enrichWith } from '../enrichment/enrich-record.ts';
import { goesOn } from '../enrichment/late-work.ts';
import { openHouse, type ProviderHouse } from '../enrichment/provider-house.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { pause } from '../kernel/pause.ts';

/** What of an intake's input is about enrichment. */
export const enrichLeadInput = {
  enrich_usd: z.number().min(0).max(100).optional().describe('asks providers too, for this at most; else own lists'),
  enrich_seconds: z.number().min(1).max(10).default(2),
};

/** What enrichment added to a lead and its account before it was scored. */
export interface LeadEnrichment {
  /** What `enrich_record` resumes with, where answers are still to come. */
  run: string;
  fields: (EnrichedField & { written: boolean })[];
  /** How many providers were asked. */
  asked: number;
  costMicros: number;
  /** The answer did not wait for all of it: what comes later is recorded by itself. */
  isPartial: boolean;
  /** Why it could not be done. */
  problem?: string;
}

/** Of the deadline, what is kept for opening and recording. */
const RECORDING_MS = 300;

/**
 * Enriches a lead and its account: from the team's own lists, and with a budget from all providers. Never takes longer than its deadline,
 * and never fails the lead.
 * @param how.budget in US dollars, for both; 0 asks free providers alone, and left out the lists alone
 * @returns null where there is nobody to ask
 */
export async function enrichLead(
  ctx: Context,
  { person, account }: { person: string; account: string | null },
  { budget, seconds }: { budget: number | undefined; seconds: number },
  open: () => Promise<ProviderHouse> = () => openHouse(ctx),
): Promise<LeadEnrichment | null> {
  const until = performance.now() + seconds * 1000;
  const run = randomUUID();
  const nothing = { run, fields: [], asked: 0, costMicros: 0, isPartial: false };
  // what was begun is brought to its end, also when the answer is out or nobody waits for it
  const lasting: Context = { ...ctx, signal: new AbortController().signal };
  const work = async (): Promise<LeadEnrichment | null> => {
    const house = await open();
    const offers = budget === undefined ? house.offers.filter(({ local }) => local === true) : house.offers;
    const kinds = [['account', account] as const, ['person', person] as const].flatMap(([kind, id]) =>
      id !== null && offers.some(({ subject }) => subject === kind) ? [{ kind, records: [id] }] : [],
    );
    if (kinds.length === 0) return null;
    const left = Math.max(500, until - performance.now() - RECORDING_MS) / 1000;
    const results = await Promise.all(
      kinds.map((one) => {
        const input = { ...one, budget_usd: budget ?? 0, max_usd: budget ?? 0, deadline_seconds: left };
        return enrichWith(lasting, { offers, port: house.port }, input, run);
      }),
    );
    const records = results.flatMap((result) => result.records);
    return {
      run,
      fields: records.flatMap(({ fields, missing }) => fields.map((one) => ({ ...one, written: !missing.includes(one.field) }))),
      asked: records.reduce((sum, { calls }) => sum + calls.length, 0),
      costMicros: results.reduce((sum, { costMicros }) => sum + costMicros, 0),
      isPartial: results.some(({ isPartial }) => isPartial),
    };
  };
  const isAnswered = new AbortController();
  const late = pause(seconds * 1000, AbortSignal.any([ctx.signal, isAnswered.signal])).then(() => ({
    ...nothing,
    isPartial: true,
  }));
  const failed = (error: unknown) => ({
    ...nothing,
    problem: error instanceof SamepageError ? error.message : 'the providers could not be asked',
  });
  const working = work();
  goesOn(ctx.db, working);
  return Promise.race([working.catch(failed), late]).finally(() => isAnswered.abort());
}
