import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { anyMerged } from './load-aliases.ts';
import { projectFields } from './project-fields.ts';
import { claimants } from './settle-memberships.ts';
import { settlePeople } from './settle-people.ts';

/** One value of one entity as a source gave it. */
export interface NewFact {
  entityId: string;
  /** Key without its entity: `employees`. */
  field: string;
  value: unknown;
  /** 0 to 1. */
  confidence: number;
  observedAt: Date;
  /** First UTC day on which it no longer holds; null: never. */
  expiresDay: number | null;
  costMicros: number;
}

/**
 * Adds facts of accounts or people that are there already and derives what depends on them: golden values, and where a domain or an
 * e-mail is new, who belongs where. Within a write that ticked the knowledge clock.
 */
export async function recordFacts(
  tx: Tx,
  ctx: Context,
  facts: readonly NewFact[],
  { kind, source, recordedAt }: { kind: 'account' | 'person'; source: string; recordedAt: Date },
): Promise<void> {
  if (facts.length === 0) return;
  const at = recordedAt.toISOString();
  const params = new SqlParams();
  await tx.query(
    `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, source_record_id, "values", confidence,
       observed_at, observed_day, expires_day, cost_micros)
     select ${params.add(ctx.workspaceId)}, o.entity_id, ${params.add(at)}::timestamptz, o.ordinal, ${params.add(kind)}, ${params.add(source)}, null,
       o."values", o.confidence, o.observed_at, o.observed_day, o.expires_day, o.cost::bigint
     from ${params.rows('o', {
       entity_id: ['uuid', facts.map((fact) => fact.entityId)],
       ordinal: ['int', facts.map((_, i) => String(i))],
       values: ['jsonb', facts.map((fact) => JSON.stringify({ [fact.field]: fact.value }))],
       confidence: ['int', facts.map((fact) => String(Math.round(fact.confidence * 10_000)))],
       observed_at: ['timestamptz', facts.map((fact) => fact.observedAt.toISOString())],
       observed_day: ['int', facts.map((fact) => String(dayOf(fact.observedAt)))],
       expires_day: ['int', facts.map((fact) => (fact.expiresDay === null ? null : String(fact.expiresDay)))],
       cost: ['text', facts.map((fact) => String(fact.costMicros))],
     })}`,
    params.values,
  );
  const merged = await anyMerged(tx, ctx);
  const ids = [...new Set(facts.map((fact) => fact.entityId))];
  // read under the write lock: while a source was asked, another taxonomy may have come into use
  const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
  await projectFields(tx, ctx, { entity: kind, ids, policy, recordedAt, merged });
  const domains = kind === 'account' ? await claimDomains(tx, ctx, facts, at) : [];
  const people = kind === 'person' ? [...new Set(facts.filter((fact) => fact.field === 'email').map((fact) => fact.entityId))] : [];
  await settlePeople(tx, ctx, { people, domains, at, merged });
}

/** An account that was found to have a domain claims it, unless another does already. */
async function claimDomains(tx: Tx, ctx: Context, facts: readonly NewFact[], at: string): Promise<string[]> {
  const found = new Map(
    facts.flatMap((fact) => (fact.field === 'domain' && typeof fact.value === 'string' ? [[fact.value, fact.entityId]] : [])),
  );
  if (found.size === 0) return [];
  const taken = await claimants(tx, ctx, [...found.keys()]);
  const free = [...found].filter(([domain]) => !taken.has(domain));
  for (const [domain, accountId] of free) {
    await tx.query(
      `insert into account_domain (workspace_id, domain, believed_from, account_id) values ($1, $2, $3::timestamptz, $4::uuid)`,
      [ctx.workspaceId, domain, at, accountId],
    );
  }
  return free.map(([domain]) => domain);
}
