import { readWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import { recordEngagement } from '../engagement/record-engagement.ts';
import type { Context } from '../kernel/context.ts';
import { derivedId } from '../kernel/ids.ts';
import type { ProvidedSignal, ProviderAnswer, Subject } from './core/provider.ts';

/** A signal further ahead than this is a vendor's mistake. */
const SKEW_MS = 86_400_000;

export interface SignalsInput {
  /** Of the account that they are about. */
  domain: string;
  /** Their source. */
  provider: string;
  signals: readonly ProvidedSignal[];
}

/**
 * Records what a provider says happened as signals of the account. The same, told again, is the same signal; types that the
 * taxonomy does not declare as signals, and what is still to come, are left out.
 * @returns how many were new
 */
export async function recordSignals(ctx: Context, { domain, provider, signals }: SignalsInput): Promise<number> {
  requireScope(ctx, 'write');
  const { document } = await readWorkspace(ctx, (tx) => currentDefinition(tx, ctx, 'taxonomy'));
  const declared = new Set(document.event_types.filter((type) => type.class === 'signal').map(({ id }) => id));
  const latest = ctx.now().getTime() + SKEW_MS;
  const events = signals
    .filter(({ type, occurredAt }) => declared.has(type) && Date.parse(occurredAt) <= latest)
    .map(({ type, occurredAt, title }) => ({
      event_id: derivedId('signal', domain, type, occurredAt, title ?? ''),
      type,
      occurred_at: occurredAt,
      domain,
      ...(title === undefined ? {} : { attributes: { title } }),
    }));
  const different = [...new Map(events.map((event) => [event.event_id, event])).values()];
  if (different.length === 0) return 0;
  return (await recordEngagement(ctx, { source: provider, events: different })).created;
}

/** Records the signals of an answer about an account whose domain is known. The answer's values do not fail with them. */
export async function keepSignals(
  ctx: Context,
  about: { kind: Subject; inputs: Readonly<Record<string, string>> },
  provider: string,
  { signals = [] }: ProviderAnswer,
): Promise<void> {
  const domain = about.kind === 'account' ? about.inputs['account.domain'] : undefined;
  if (domain === undefined || signals.length === 0) return;
  await recordSignals(ctx, { domain, provider, signals }).catch(() => 0);
}
