import { SamepageError, shown } from '../kernel/errors.ts';
import type { Deal } from './core/deal.ts';

/**
 * Refuses deals whose amounts in one currency add up to more than can be counted to the hundredth.
 * @throws SamepageError `invalid_input`
 */
export function refuseTooMuch(deals: readonly Deal[]): void {
  const sums = new Map<string, number>();
  for (const { currency, cents } of deals) {
    const sum = (sums.get(currency ?? '') ?? 0) + Math.abs(cents ?? 0);
    sums.set(currency ?? '', sum);
    if (sum <= Number.MAX_SAFE_INTEGER) continue;
    const reason = `has amounts in ${shown(currency ?? 'no currency')} that add up to more than can be counted to the hundredth`;
    throw new SamepageError('invalid_input', `period ${reason}.`, 'Ask for a shorter period, or correct the amounts.', {
      problems: [{ path: 'period', reason }],
    });
  }
}
