import { audit, recordInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { recordFacts } from '../records/record-facts.ts';
import type { CallReport } from './core/call-report.ts';
import { type EnrichedField, enrichedField, SOURCE, sharedCosts } from './core/enriched.ts';
import type { Statistics } from './core/expectations.ts';
import { valueKey } from './core/field-states.ts';
import type { Ceilings } from './core/ledger.ts';
import { lessonsOf } from './core/lessons.ts';
import type { Market } from './core/market.ts';
import { periodOf } from './core/tally.ts';
import { Waterfall, type WaterfallLimits } from './core/waterfall.ts';
import type { WantedSubject } from './enrichment-input.ts';
import { keepFindings } from './findings.ts';
import { hearKept } from './hear-kept.ts';
import { goesOn } from './late-work.ts';
import { learn } from './learned.ts';
import type { LoadedSubject } from './load-subject.ts';
import type { ProviderHouse } from './provider-house.ts';
import { WaterfallRun } from './run-waterfall.ts';

/** What one record's enrichment needs beside the record. */
export interface EnrichOptions {
  runId: string;
  market: Market;
  statistics: Statistics;
  limits: WaterfallLimits;
  ceilings: Ceilings;
  minConfidence: number;
  /** Uses what was answered before and asks nobody. */
  onlyKept?: boolean;
}

export interface EnrichedRecord {
  fields: EnrichedField[];
  /** Wanted, and not found or not sure enough. */
  missing: string[];
  calls: readonly CallReport[];
  costMicros: number;
  /** What the answers that were kept would have cost again. */
  savedMicros: number;
  elapsedMs: number;
  /** An answer is still to come: ask again with the run's id. */
  isPartial: boolean;
}

/** Enriches one record: hears what was answered before, asks who is worth asking, and records what is sure enough as facts. */
export async function enrichOne(
  ctx: Context,
  house: ProviderHouse,
  { subject, wanted, kept }: Omit<WantedSubject, 'known'>,
  options: EnrichOptions,
): Promise<EnrichedRecord> {
  const { market, ceilings } = options;
  const asked = { inputs: subject.inputs, wanted, today: dayOf(ctx.now()) };
  const waterfall = new Waterfall(market, options.statistics.expect(market, subject.segment), options.limits, asked);
  const run = new WaterfallRun(ctx, {
    port: house.port,
    market,
    waterfall,
    subject: { runId: options.runId, kind: subject.kind, entityId: subject.id },
    ceilings,
  });
  if (wanted.length > 0) {
    run.savedMicros += hearKept(waterfall, market, kept, wanted);
    if (options.onlyKept !== true) await run.finish(ctx.signal);
  }
  const recorder = new Recorder({ subject, wanted, waterfall, run, options });
  const recorded = recorder.record(ctx);
  goesOn(ctx.db, recordLate(ctx, { recorded, recorder, run }));
  await recorded;
  return recorder.result(ctx);
}

/** What comes too late to be told of is in the ledger and the cache in any case; what it brings is recorded too. */
async function recordLate(ctx: Context, work: { recorded: Promise<void>; recorder: Recorder; run: WaterfallRun }): Promise<void> {
  await work.recorded.catch(() => {});
  const any = await work.run.late();
  if (any) await work.recorder.record({ ...ctx, signal: new AbortController().signal });
}

interface RecorderParts {
  subject: LoadedSubject;
  wanted: readonly string[];
  waterfall: Waterfall;
  run: WaterfallRun;
  options: EnrichOptions;
}

/** Writes what a run found, once when it is finished and again when late answers change it. */
class Recorder {
  readonly #parts: RecorderParts;
  readonly #written = new Map<string, string>();
  /** What is kept of each field, as text. */
  readonly #kept = new Map<string, string>();
  #taught = 0;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  #found(ctx: Context): EnrichedField[] {
    const { wanted, waterfall, run, options } = this.#parts;
    const offers = new Map(options.market.offers.map((offer) => [offer.id, offer]));
    const winners = new Map(
      wanted.flatMap((field) => {
        const [best] = waterfall.candidates(field);
        return best === undefined ? [] : [[field, best.votes.map(({ provider }) => provider)] as const];
      }),
    );
    const costs = sharedCosts(run.reports, winners);
    const now = ctx.now();
    return wanted.flatMap((field) => {
      const found = enrichedField(field, waterfall.candidates(field), offers, { now, costMicros: costs.get(field) ?? 0 });
      return found === undefined ? [] : [found];
    });
  }

  result(ctx: Context): EnrichedRecord {
    const { wanted, run, options } = this.#parts;
    const fields = this.#found(ctx);
    const sure = new Set(fields.filter((found) => found.confidence >= options.minConfidence).map(({ field }) => field));
    return {
      fields,
      missing: wanted.filter((field) => !sure.has(field)),
      calls: run.reports,
      costMicros: run.reports.reduce((sum, { costMicros }) => sum + costMicros, 0),
      savedMicros: run.savedMicros,
      elapsedMs: run.elapsedMs,
      isPartial: run.isPartial,
    };
  }

  async record(ctx: Context): Promise<void> {
    const { subject, waterfall, run, options, wanted } = this.#parts;
    const found = this.#found(ctx);
    const sure = found.filter(({ confidence }) => confidence >= options.minConfidence);
    const told = found.filter((one) => this.#kept.get(one.field) !== JSON.stringify(one));
    const fresh = sure.filter(({ field, value }) => this.#written.get(field) !== valueKey(field, value));
    const called = waterfall.called.slice(this.#taught);
    if (fresh.length === 0 && called.length === 0) return;
    const tallies = lessonsOf({
      segment: subject.segment,
      period: periodOf(dayOf(ctx.now())),
      called,
      offerId: (p) => options.market.offers[p]?.id ?? '',
      // whether fields exist is learned of a whole run
      wanted: this.#taught === 0 ? wanted : [],
      candidates: (field) => waterfall.candidates(field),
      existence: (field) => waterfall.existence(field),
    });
    this.#taught = waterfall.called.length;
    await recordInWorkspace(ctx, async (tx, recordedAt) => {
      const { kind, id } = subject;
      const facts = fresh.map((found) => ({
        entityId: id,
        field: found.field.slice(kind.length + 1),
        value: found.value,
        confidence: found.confidence,
        observedAt: new Date(found.observedAt),
        expiresDay: found.expiresDay,
        costMicros: found.costMicros,
      }));
      await recordFacts(tx, ctx, facts, { kind, source: SOURCE, recordedAt });
      const { runId, minConfidence } = options;
      await keepFindings(tx, ctx, told, { entityId: id, runId, minConfidence, recordedAt });
      await learn(tx, ctx, tallies);
      await markUsable(tx, ctx, run.reports, sure);
      await audit(tx, ctx, 'enrich_record', `${kind} ${id} run ${options.runId}: ${facts.length} values of ${called.length} calls`);
    });
    for (const { field, value } of fresh) this.#written.set(field, valueKey(field, value));
    for (const one of told) this.#kept.set(one.field, JSON.stringify(one));
  }
}

/** Notes at each call how many of its values were taken: what a provider's price bought. */
async function markUsable(tx: Tx, ctx: Context, calls: readonly CallReport[], sure: readonly EnrichedField[]): Promise<void> {
  const rows = calls
    .map(({ callId, provider, outcome }) => ({ id: callId, n: sure.filter((found) => found.providers.includes(provider)).length, outcome }))
    .filter(({ n, outcome }) => n > 0 && outcome === 'hit')
    .map(({ id, n }) => ({ id, n }));
  if (rows.length === 0) return;
  await tx.query(
    `update provider_call c set usable = r.n from jsonb_to_recordset($2::text::jsonb) as r(id uuid, n smallint)
     where c.workspace_id = $1 and c.id = r.id`,
    [ctx.workspaceId, JSON.stringify(rows)],
  );
}
