import type { DefinitionRef } from '../../definitions/core/definition.ts';
import { count } from '../../kernel/markdown.ts';
import { quoteOutside } from '../../kernel/quote-outside.ts';
import type { Performance } from './performance.ts';
import type { DealRow } from './performance-rows.ts';
import { isToCome } from './period.ts';

type Doubts = Omit<Extract<DealRow, { part: 'doubts' }>, 'part'>;
type Review = Pick<Performance, 'period' | 'funnel' | 'pipeline' | 'won' | 'velocity' | 'coverage' | 'tiers' | 'scored'> & {
  handed: number;
};

/** What is not settled yet. */
export function immatureOf({ period, funnel, scored }: Pick<Performance, 'period' | 'funnel' | 'scored'>): string[] {
  const young = funnel.filter(({ cohort }) => cohort.this.of > 0 && !cohort.this.mature);
  return [
    ...(period.over || isToCome({ period, scored }) ? [] : [`${period.name} is not over: its figures are those up to today.`]),
    ...young.map(
      ({ from, to, within_days }) => `${from} to ${to}: not all of the cohort of ${period.name} have had their ${within_days} days.`,
    ),
  ];
}

/** What the records do not tell, or tell against each other. @param future the month has not begun */
export function statementsOf(review: Review, doubts: Doubts, future: boolean): string[] {
  const { period, won, handed, velocity, coverage, tiers, scored } = review;
  const [created, closed] = review.pipeline.map(({ totals }) => totals.reduce((sum, one) => sum + one.this.deals, 0));
  const currencies = [
    ...new Set(review.pipeline.flatMap(({ totals }) => totals.flatMap((one) => (one.currency === null ? [] : [one.currency])))),
  ];
  const deals = (n: number, rest: string) => (n === 0 ? [] : [`${count(n, 'deal')} ${rest}`]);
  const none = (is: boolean, sentence: string) => (is ? [sentence] : []);
  return [
    ...none(future, `${period.name} has not begun: there is nothing to count.`),
    ...none(!future && handed === 0, 'Nobody was handed off in the month.'),
    ...none(!future && created === 0, 'No deal was created in the month.'),
    ...none(!future && won.this.of === 0, 'No deal was closed in the month.'),
    ...none(won.this.of > 0 && closed === 0, 'No deal was won in the month.'),
    ...none(won.this.of === 1, 'One deal was closed in the month: a rate of one tells nothing.'),
    ...none(
      won.year.of > 0 && won.by_tier.every(({ tier }) => tier === null),
      'No deal of the year has a tier of the day it was opened: nothing was scored then.',
    ),
    ...none(tiers.shares.length > 0 && tiers.index === null, 'There are too few hand-offs to tell whether their tiers have shifted.'),
    ...(future ? [] : scoredStatements(scored, period)),
    ...none(coverage.roles.length === 0, 'The ICP requires no buying role.'),
    ...none(currencies.length > 1, `Deals are in ${currencies.map(quoteOutside).join(', ')}: amounts are never added across currencies.`),
    ...velocity.flatMap(({ currency, n, per_day, open }) =>
      none(
        per_day === null && open > 0,
        `No velocity in ${currency === null ? 'no currency' : quoteOutside(currency)}: ${n === 0 ? 'no deal with an amount and both days was won' : 'all deals were won on the day they were opened'}.`,
      ),
    ),
    ...deals(doubts.unpriced, 'of the month without an amount: counted, and adding nothing to amounts.'),
    ...deals(doubts.negative, 'of the month with an amount below zero: in the sums, and in no velocity.'),
    ...deals(doubts.without_currency, 'of the month with an amount in no currency, shown as such.'),
    ...deals(doubts.backwards, 'of the month closed before created: no course is counted of them.'),
    ...deals(doubts.without_outcome, 'of the month closed without saying whether won: left out of win rates.'),
    ...deals(doubts.without_created, 'without the day they were created: in no cohort, and no pipeline created.'),
    ...deals(doubts.without_closed, 'closed without a day: in no month.'),
    ...deals(doubts.closed_later, 'said to be closed on a day to come.'),
    ...deals(doubts.opened_later, 'said to be created on a day to come.'),
    ...deals(coverage.without_account, 'of no account: nobody of a buying group is known of them.'),
  ];
}

/** Whether what moved is the market or the rubric. */
function scoredStatements(
  { before, this: now, kinds }: Performance['scored'],
  { name, before: nameBefore }: Performance['period'],
): string[] {
  if (kinds.length === 0) return ['Nothing had a score at the end of either month.'];
  const isOther = before.rubric !== null && now.rubric !== null && before.rubric.hash !== now.rubric.hash;
  const rubric = (one: DefinitionRef | null) => (one === null ? 'none' : `v${one.version} (${one.hash})`);
  const moves = kinds
    .filter(({ moved_by_rubric }) => isOther || moved_by_rubric > 0)
    .map(({ kind, moved, moved_by_rubric }) => `${moved_by_rubric} of ${count(moved, kind)}`);
  return [
    ...(isOther
      ? [`The rubric changed: ${rubric(before.rubric)} stood at the end of ${nameBefore}, ${rubric(now.rubric)} at the end of ${name}.`]
      : []),
    ...(moves.length === 0
      ? []
      : [
          `Of those that moved to another tier, ${moves.join(' and ')} went from a score by one version of the rubric to a score by another: a drift by definition is no drift of the market.`,
        ]),
  ];
}
