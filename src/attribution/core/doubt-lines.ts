import type { Conversion, CurrencyTotal, Doubts } from './credited-row.ts';

const opportunities = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? 'opportunity' : 'opportunities'}`;

/** What is odd about the opportunities of a period, a sentence each. */
export function doubtLines(doubts: Doubts, totals: readonly CurrencyTotal[], conversion: Conversion): string[] {
  const { no_amount, too_large, negative, no_currency, no_account, future, won_before_created, undated } = doubts;
  const untouched = totals.reduce((sum, one) => sum + one.untouched.deals, 0);
  const say = (n: number, rest: string) => (n === 0 ? [] : [`${opportunities(n)} ${rest}`]);
  return [
    ...(totals.length === 0 ? ['No opportunity was converted in this period.'] : []),
    ...say(untouched, 'had no touch in the look-back: credited to nobody, on a line of their own.'),
    ...say(no_account, 'without an account, so that no events can be theirs.'),
    ...say(
      no_amount,
      `without an amount that can be added up: counted, with an amount of 0${too_large === 0 ? '' : `; ${too_large} say more than can be right`}.`,
    ),
    ...say(negative, 'with an amount below 0, which is in the sums as it is.'),
    ...say(no_currency, 'with an amount in no currency: added up apart.'),
    ...(totals.length > 1 ? [`${totals.length} currencies, each added up by itself and never together.`] : []),
    ...say(future, 'dated after the day as of which this is.'),
    ...say(won_before_created, 'won before they were created, by their dates.'),
    ...say(undated, `of the workspace without a day on which they were ${conversion === 'closed_won' ? 'won' : 'created'}: of no period.`),
  ];
}
