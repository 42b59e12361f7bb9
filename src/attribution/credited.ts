import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import type { CreditedRow, CreditInput, Past } from './core/credited-row.ts';
import type { PastScope } from './core/deal-sql.ts';
import { creditDeals } from './credit-deals.ts';

/**
 * What the opportunities converted in a period credit, by the attribution in force: a row for each value of the dimensions in each
 * currency, sorted by bytes. Opportunities that nobody touched have rows of their own.
 * @throws SamepageError `not_found` where there is no attribution
 */
export async function creditedAmounts(tx: Tx, ctx: Context, input: CreditInput): Promise<CreditedRow[]> {
  const attribution = await currentDefinition(tx, ctx, 'attribution', input.past?.knownAt);
  const taxonomy = await currentDefinition(tx, ctx, 'taxonomy', input.past?.knownAt);
  const { rows } = await creditDeals(tx, ctx, {
    ...input,
    attribution: attribution.document,
    taxonomy: taxonomy.document,
    models: [input.model ?? attribution.document.model],
    today: input.past?.asOfDay ?? dayOf(ctx.now()),
    past: pastScope(input.past, taxonomy.document),
  });
  return rows[0] ?? [];
}

/** What statements need to know of an instant gone by. */
export function pastScope(past: Past | undefined, policy: PastScope['policy']): PastScope | undefined {
  return past === undefined ? undefined : { knownAt: past.knownAt.toISOString(), asOfDay: past.asOfDay, policy };
}
