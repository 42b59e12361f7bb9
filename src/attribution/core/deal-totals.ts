import type { Conversion, CurrencyTotal, Doubts } from './credited-row.ts';
import { conversionDay, type Deal } from './deal.ts';

/** Counts the opportunities of a period, and what is odd about them. */
export class DealTotals {
  readonly #totals = new Map<string, CurrencyTotal>();
  readonly #doubts: Doubts;
  readonly #conversion: Conversion;
  readonly #today: number;

  /** @param today the day as of which is asked, from 1970-01-01 */
  constructor(conversion: Conversion, today: number, undated: number) {
    this.#conversion = conversion;
    this.#today = today;
    this.#doubts = { no_amount: 0, too_large: 0, negative: 0, no_currency: 0, no_account: 0, future: 0, won_before_created: 0, undated };
  }

  add(deal: Deal & { isTooLarge: boolean }, isTouched: boolean): void {
    const key = deal.currency ?? '';
    const total = this.#totals.get(key) ?? { currency: deal.currency, deals: 0, cents: 0, untouched: { deals: 0, cents: 0 } };
    this.#totals.set(key, total);
    for (const one of isTouched ? [total] : [total, total.untouched]) {
      one.deals += 1;
      one.cents += deal.cents ?? 0;
    }
    const doubts = this.#doubts;
    if (deal.cents === null) doubts.no_amount += 1;
    if (deal.isTooLarge) doubts.too_large += 1;
    if (deal.cents !== null && deal.cents < 0) doubts.negative += 1;
    if (deal.cents !== null && deal.currency === null) doubts.no_currency += 1;
    if (deal.accountId === null) doubts.no_account += 1;
    if (conversionDay(deal, this.#conversion) > this.#today) doubts.future += 1;
    if (deal.won === true && deal.created !== null && deal.closed !== null && deal.closed < deal.created) doubts.won_before_created += 1;
  }

  finish(): { totals: CurrencyTotal[]; doubts: Doubts } {
    const byCurrency = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
    return { totals: [...this.#totals].sort(byCurrency).map(([, total]) => total), doubts: this.#doubts };
  }
}
