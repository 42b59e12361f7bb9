import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import { accountName } from '../records/find-account.ts';
import type { Ceilings } from './core/ledger.ts';
import { type Market, marketOf } from './core/market.ts';
import type { ProviderOffer, Subject } from './core/provider.ts';
import type { WaterfallLimits } from './core/waterfall.ts';
import { type Kept, keptAnswers } from './hear-kept.ts';
import { type LoadedSubject, loadSubjects } from './load-subject.ts';

const MICROS = 1_000_000;
const usd = z.number().min(0).max(10_000);

/** What is to be enriched, and for how much: the same for a quote and for the enrichment. */
export const enrichmentInput = z.strictObject({
  kind: z.enum(['account', 'person']).default('account'),
  records: z.array(accountName).min(1).max(100).describe('ids, domains, e-mails or exact names'),
  fields: z
    .array(z.string().regex(/^(account|person)\.[a-z][a-z0-9_]*$/, 'is written entity.key, as in account.employees'))
    .min(1)
    .max(50)
    .optional()
    .describe('default: all unknown that someone offers'),
  budget_usd: usd.default(0.5).describe('ceiling a record'),
  max_usd: usd.optional().describe('of the whole call'),
  deadline_seconds: z.number().min(0.5).max(60).default(5).describe('a record'),
});
export type EnrichmentInput = z.output<typeof enrichmentInput>;

/** How many requests of one record may be out at once. */
const AT_ONCE = 24;
/** What a right field is worth at most, when the budget would allow more. */
const FIELD_WORTH_USD = 2;

export function limitsOf(input: EnrichmentInput): WaterfallLimits {
  return {
    budgetMicros: Math.round(input.budget_usd * MICROS),
    deadlineMs: input.deadline_seconds * 1000,
    atOnce: AT_ONCE,
    worthMicros: FIELD_WORTH_USD * MICROS,
  };
}

export function ceilingsOf(ctx: Context, input: EnrichmentInput): Ceilings {
  const { dayUsd, workspaceUsd } = ctx.providers ?? {};
  return {
    record: Math.round(input.budget_usd * MICROS),
    ...(input.max_usd === undefined ? {} : { run: Math.round(input.max_usd * MICROS) }),
    ...(dayUsd === undefined ? {} : { day: Math.round(dayUsd * MICROS) }),
    ...(workspaceUsd === undefined ? {} : { workspace: Math.round(workspaceUsd * MICROS) }),
  };
}

/** A record, and what is wanted of it. */
export interface WantedSubject {
  subject: LoadedSubject;
  wanted: string[];
  /** Of the fields asked for, those that are known already. */
  known: string[];
  /** What was answered before and still holds. */
  kept: Kept;
}

export interface Task {
  taxonomy: Taxonomy;
  market: Market;
  subjects: WantedSubject[];
}

/**
 * Finds the records, what of them is unknown and offered, and what was answered before, in one snapshot.
 * @throws SamepageError `not_found`, `ambiguous`, `invalid_input` for a field that is not declared or of another kind
 */
export function prepareTask(ctx: Context, input: EnrichmentInput, offers: readonly ProviderOffer[]): Promise<Task> {
  return readWorkspace(ctx, async (tx) => {
    const taxonomy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    const declared = taxonomy.fields.map((field) => field.name).filter((name) => name.startsWith(`${input.kind}.`));
    for (const [i, field] of (input.fields ?? []).entries())
      if (!declared.includes(field)) throw notDeclared(i, field, input.kind, declared);
    const market = marketOf(offers.flatMap((offer) => within(offer, input.kind, declared)));
    const loaded = await loadSubjects(tx, ctx, input.kind, input.records, taxonomy);
    const kept = await keptAnswers(
      tx,
      ctx,
      market,
      loaded.map(({ inputs }) => inputs),
    );
    const asked = input.fields ?? market.fields;
    const subjects = loaded.map((subject, i) => ({
      subject,
      wanted: asked.filter((field) => !subject.known.has(field)),
      known: input.fields === undefined ? [] : asked.filter((field) => subject.known.has(field)),
      kept: kept[i] ?? new Map(),
    }));
    return { taxonomy, market, subjects };
  });
}

/** An offer without the fields that the taxonomy does not declare for the kind. */
function within(offer: ProviderOffer, kind: Subject, declared: readonly string[]): ProviderOffer[] {
  const fields = offer.fields.filter(({ field }) => declared.includes(field));
  return offer.subject !== kind || fields.length === 0 ? [] : [{ ...offer, fields }];
}

function notDeclared(i: number, field: string, kind: Subject, declared: readonly string[]): SamepageError {
  const meant = nearest(field, declared);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return new SamepageError(
    'invalid_input',
    `fields[${i}] is not a field of the taxonomy for ${kind}s${hint} found ${shown(field)}.`,
    'Call get_definition with kind "taxonomy" to see the fields, correct it and call again; nothing was asked or paid.',
    { problems: [{ path: `fields[${i}]`, value: shown(field), reason: `is not a field of the taxonomy for ${kind}s${hint}` }] },
  );
}
