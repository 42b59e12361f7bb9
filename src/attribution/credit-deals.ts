import { setImmediate as turn } from 'node:timers/promises';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { readAhead } from '../kernel/read-ahead.ts';
import type { Credited } from './core/credited-row.ts';
import { DealPaths, type PathScope } from './core/deal-paths.ts';
import type { PastScope } from './core/deal-sql.ts';
import { DealTotals } from './core/deal-totals.ts';
import { countUndated, readDeals, type StoredDeal } from './read-deals.ts';
import { type PathsAsked, readKnown, readTouches, type TouchedDeal } from './read-paths.ts';
import { refuseTooMuch } from './refuse-too-much.ts';

/** Deals whose touches are read with one statement. */
const BATCH = 1_000;

export interface CreditScope extends PathScope {
  /** Days from 1970-01-01; `to` is the day after the last. */
  from: number;
  to: number;
  /** The day as of which is asked. */
  today: number;
  past: PastScope | undefined;
}

/**
 * Credits all opportunities that were converted in a period.
 * @throws SamepageError `invalid_input` for amounts beyond counting; and when the call is cancelled
 */
export async function creditDeals(tx: Tx, ctx: Context, scope: CreditScope): Promise<Credited> {
  const { conversion, models, past } = scope;
  // what led to nothing is asked for by removal effects alone
  const lost = conversion === 'closed_won' && models.some(({ type }) => type === 'markov');
  const deals = await readDeals(tx, ctx, { ...scope, lost });
  refuseTooMuch(deals);
  const totals = new DealTotals(conversion, scope.today, await countUndated(tx, ctx, conversion, past));
  const paths = new DealPaths(scope, false);
  const creditor = paths.creditor();
  const asked = { ...scope, paths };
  let touches = 0;
  let done = 0;
  for await (const batch of readAhead(known(tx, ctx, readAhead(touched(tx, ctx, deals, asked)), asked))) {
    ctx.signal.throwIfAborted();
    // what was just asked for is sent before this thread is busy again
    await turn();
    paths.know(batch.known);
    for (const { deal, touches: found } of batch.deals) {
      const isLost = conversion === 'closed_won' && deal.won !== true;
      creditor.add(deal, found, isLost);
      if (isLost) continue;
      totals.add(deal, found.length > 0);
      touches += found.length;
    }
    done += batch.deals.length;
    ctx.progress.report(done, deals.length, 'opportunities are credited');
  }
  return { rows: creditor.finish(), touches, ...totals.finish() };
}

async function* touched(tx: Tx, ctx: Context, deals: readonly StoredDeal[], asked: PathsAsked): AsyncGenerator<TouchedDeal[]> {
  // what was known at an instant is worked out for all events at once
  const size = asked.past === undefined ? BATCH : Math.max(1, deals.length);
  for (let i = 0; i < deals.length; i += size) yield await readTouches(tx, ctx, deals.slice(i, i + size), asked);
}

/** What is to be known of each batch is asked for while the touches of the next are looked up. */
async function* known(tx: Tx, ctx: Context, batches: AsyncGenerator<TouchedDeal[]>, asked: PathsAsked) {
  for await (const deals of batches) yield { deals, known: await readKnown(tx, ctx, deals, asked) };
}
