import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { EnrichedField, OtherValue } from './core/enriched.ts';

/** What was last found of a field, and whether that was sure enough to be a fact. */
export interface Finding {
  field: string;
  value: unknown;
  /** Probability that it is right. */
  confidence: number;
  written: boolean;
  /** Who gave it, the most accurate first. */
  providers: readonly string[];
  otherValues: readonly (Pick<OtherValue, 'confidence' | 'providers'> & { value: unknown })[];
  observedAt: Date;
}

/** Keeps what a run found of a record, with what lost. Within a write that ticked the knowledge clock. */
export async function keepFindings(
  tx: Tx,
  ctx: Context,
  found: readonly EnrichedField[],
  { entityId, runId, minConfidence, recordedAt }: { entityId: string; runId: string; minConfidence: number; recordedAt: Date },
): Promise<void> {
  if (found.length === 0) return;
  const params = new SqlParams();
  await tx.query(
    `insert into enriched_field (workspace_id, entity_id, field, recorded_at, run_id, value, confidence, written, providers, other_values,
       observed_at, expires_day)
     select ${params.add(ctx.workspaceId)}, ${params.add(entityId)}::uuid, f.field, ${params.add(recordedAt.toISOString())}::timestamptz,
       ${params.add(runId)}::uuid, f.value, f.confidence, f.written, f.providers, f.other_values, f.observed_at, f.expires_day
     from ${params.rows('f', {
       field: ['text', found.map((one) => one.field)],
       value: ['jsonb', found.map((one) => JSON.stringify(one.value))],
       confidence: ['int', found.map((one) => String(tenThousandths(one.confidence)))],
       written: ['boolean', found.map((one) => String(one.confidence >= minConfidence))],
       providers: ['jsonb', found.map((one) => JSON.stringify(one.providers))],
       other_values: ['jsonb', found.map((one) => JSON.stringify(one.otherValues.map(roundedOther)))],
       observed_at: ['timestamptz', found.map((one) => new Date(one.observedAt).toISOString())],
       expires_day: ['int', found.map((one) => String(one.expiresDay))],
     })}`,
    params.values,
    { prepare: true },
  );
}

const tenThousandths = (confidence: number) => Math.round(confidence * 10_000);
const roundedOther = ({ confidence, ...other }: OtherValue) => ({ ...other, confidence: tenThousandths(confidence) });

const share = z.number().transform((bp) => bp / 10_000);
const rowSchema = z.array(
  z.object({
    field: z.string(),
    value: z.unknown(),
    confidence: share,
    written: z.boolean(),
    providers: z.array(z.string()),
    other_values: z.array(z.object({ value: z.unknown(), confidence: share, providers: z.array(z.string()) })),
    observed_at: z.coerce.date(),
  }),
);

/** What was last found of each field of an entity, of all its nodes, and still counts today. */
export async function readFindings(tx: Tx, ctx: Context, nodes: readonly string[]): Promise<Map<string, Finding>> {
  const params = new SqlParams();
  const rows = await tx.query(
    `select field, value, confidence, written, providers, other_values, observed_at from (
       select distinct on (field) * from enriched_field
       where workspace_id = ${params.add(ctx.workspaceId)} and entity_id = any(${params.uuids(nodes)}) order by field, recorded_at desc, entity_id
     ) last_found where expires_day > ${params.add(dayOf(ctx.now()))}::int`,
    params.values,
  );
  return new Map(
    rowSchema.parse(rows).map(({ other_values: otherValues, observed_at: observedAt, ...found }) => {
      return [found.field, { ...found, otherValues, observedAt }];
    }),
  );
}
