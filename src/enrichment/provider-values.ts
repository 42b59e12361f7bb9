import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { ProvidedValue, ProviderAnswer, ProviderOffer } from './core/provider.ts';

const DAY_MS = 86_400_000;
/** A field that a hit did not have may come sooner than a whole miss. */
const LACKED_SHARE = 0.5;

/** Keeps what a provider said, a field a row, each for its own time; an error is neither a hit nor a miss, and is not kept. */
export async function keepAnswer(
  tx: Tx,
  ctx: Context,
  said: { callId: string; key: string; fields: readonly string[]; offer: ProviderOffer; answer: ProviderAnswer; now: Date },
): Promise<void> {
  const { offer, answer, now } = said;
  if (answer.outcome !== 'hit' && answer.outcome !== 'miss') return;
  const rows = offer.fields
    .filter(({ field }) => said.fields.includes(field) || field in answer.values)
    .map(({ field, ttlDays }) => {
      const value = answer.values[field];
      const days = value !== undefined ? ttlDays : offer.missTtlDays * (answer.outcome === 'miss' ? 1 : LACKED_SHARE);
      const observed = value?.observedAt ?? now.toISOString();
      return {
        field,
        value: value === undefined ? null : JSON.stringify({ ...value, observedAt: observed }),
        until: new Date(now.getTime() + days * DAY_MS).toISOString(),
      };
    });
  if (rows.length === 0) return;
  const params = new SqlParams();
  await tx.query(
    `insert into provider_value (workspace_id, key, field, provider, call_id, outcome, value, answered_at, fresh_until)
     select ${params.add(ctx.workspaceId)}, ${params.add(said.key)}, r.field, ${params.add(offer.id)}, ${params.add(said.callId)}::uuid,
       ${params.add(answer.outcome)}, r.value, ${params.add(now.toISOString())}::timestamptz, r.until
     from ${params.rows('r', {
       field: ['text', rows.map((row) => row.field)],
       value: ['jsonb', rows.map((row) => row.value)],
       until: ['timestamptz', rows.map((row) => row.until)],
     })}
     on conflict (workspace_id, key, field) do update set call_id = excluded.call_id, outcome = excluded.outcome, value = excluded.value,
       answered_at = excluded.answered_at, fresh_until = excluded.fresh_until`,
    params.values,
    { prepare: true },
  );
}

const provided = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  confidence: z.number().optional(),
  role: z.string().optional(),
  observedAt: z.string().optional(),
});
const rowSchema = z.array(
  z.object({
    key: z.string(),
    field: z.string(),
    call_id: z.string(),
    outcome: z.enum(['hit', 'miss']),
    value: provided.nullable(),
  }),
);

/** What a provider said to a question before, and still holds. */
export interface KeptAnswer {
  callId: string;
  outcome: 'hit' | 'miss';
  /** Fields of which it is known what the provider says: null, that it has none. */
  fields: ReadonlyMap<string, ProvidedValue | null>;
}

/** The kept answers that are still fresh, by the key of the question. */
export async function readAnswers(tx: Tx, ctx: Context, keys: readonly string[]): Promise<Map<string, KeptAnswer>> {
  if (keys.length === 0) return new Map();
  const params = new SqlParams();
  const text = lookedUpSql({
    select: 't.key, t.field, t.call_id::text, t.outcome, t.value',
    table: 'provider_value',
    where: `t.workspace_id = ${params.add(ctx.workspaceId)} and t.fresh_until > ${params.add(ctx.now().toISOString())}::timestamptz`,
    column: 'key',
    keys: params.texts(keys),
  });
  const kept = new Map<string, KeptAnswer & { fields: Map<string, ProvidedValue | null> }>();
  for (const row of rowSchema.parse(await tx.query(text, params.values, { prepare: true }))) {
    const answer = kept.get(row.key) ?? { callId: row.call_id, outcome: row.outcome, fields: new Map<string, ProvidedValue | null>() };
    if (row.outcome === 'hit') answer.outcome = 'hit';
    answer.fields.set(row.field, row.value as ProvidedValue | null);
    kept.set(row.key, answer);
  }
  return kept;
}

/** A kept answer as if it had just come, for the fields wanted; undefined where one of them is not known of it. */
export function answerAgain(kept: KeptAnswer | undefined, fields: readonly string[]): ProviderAnswer | undefined {
  if (kept === undefined || fields.some((field) => !kept.fields.has(field))) return undefined;
  const values = [...kept.fields].flatMap(([field, value]): [string, ProvidedValue][] => (value === null ? [] : [[field, value]]));
  return { outcome: kept.outcome, values: Object.fromEntries(values), chargedMicros: 0, latencyMs: 0 };
}
