import { dayFromIso, isIsoDate } from '../../kernel/dates.ts';

/** A closed deal as its record says it today. */
export interface ClosedDeal {
  id: string;
  /** The account that its record names. */
  account: string | null;
  won: boolean | null;
  /** As dates, where the record has them. */
  created: string | null;
  closed: string | null;
  /** From what was heard of it, and when: the first day, and the first on which it was closed. */
  firstDay: number | null;
  firstClosedDay: number | null;
  /** When the workspace first knew the account: milliseconds since 1970. */
  accountKnownAt: number | null;
}

/** A deal with its outcome and the standpoint from which it is looked at. */
export interface Outcome {
  id: string;
  account: string;
  won: boolean;
  /** null where the record does not say. */
  openedDay: number | null;
  closedDay: number;
  /** The last day of which anything counts. */
  cutOffDay: number;
  /** Milliseconds since 1970: what was recorded later does not count. */
  knownAt: number;
  /** False where the account was recorded after the cut-off: then the times at which facts were true have to be believed. */
  witnessed: boolean;
}

/** Why a closed deal cannot be used. */
export const LEFT_OUT = {
  no_account: 'without an account, so that nothing is known of the buyer',
  no_outcome: 'closed without saying whether won',
  no_close_date: 'without a close date',
  closes_in_future: 'closed on a day that is still to come',
  no_created_date: 'without the day of creation',
  closed_before_created: 'closed before created',
} as const;
export type LeftOut = keyof typeof LEFT_OUT;

/** Which day's knowledge counts of a deal. */
export interface CutOff {
  /** Days before the close; null: the day on which the deal was created. */
  daysBeforeClose: number | null;
  /** Of fields: `then` as they were known at the cut-off, `today` as they are known now. Events never count after the cut-off. */
  values: 'then' | 'today';
}

export interface Standpoint {
  today: number;
  /** What is known today: the workspace's knowledge clock, in milliseconds since 1970. */
  knownAt: number;
  cutOff: CutOff;
}

const DAY = 86_400_000;

/**
 * The outcome of a closed deal, or why it has none that can be used. The cut-off is the day on which the deal was created, or so many days
 * before its close, and the day before the close at the latest: what a close brings with it is never seen. Of an account that was in the
 * workspace by then, what had been recorded by then counts; of one that came later, as of imported history, all that is recorded and was
 * true by then.
 */
export function outcomeOf(deal: ClosedDeal, { today, knownAt, cutOff }: Standpoint): Outcome | LeftOut {
  const closedDay = dayOfText(deal.closed) ?? deal.firstClosedDay;
  if (closedDay === null) return 'no_close_date';
  if (closedDay > today) return 'closes_in_future';
  if (deal.won === null) return 'no_outcome';
  if (deal.account === null || deal.accountKnownAt === null) return 'no_account';
  // a record that was closed when it was first heard of tells nothing of when it was opened
  const heardOpen = deal.firstDay !== null && deal.firstDay !== deal.firstClosedDay ? deal.firstDay : null;
  const created = dayOfText(deal.created) ?? heardOpen;
  if (created !== null && closedDay < created) return 'closed_before_created';
  const { daysBeforeClose } = cutOff;
  if (created === null && daysBeforeClose === null) return 'no_created_date';
  const wanted = daysBeforeClose === null ? (created ?? closedDay) : closedDay - daysBeforeClose;
  const { id, account, won } = deal;
  const cutOffDay = Math.min(wanted, closedDay - 1);
  const endOfDay = Math.min(knownAt, (cutOffDay + 1) * DAY - 1);
  const witnessed = cutOff.values === 'then' && deal.accountKnownAt <= endOfDay;
  return { id, account, won, openedDay: created, closedDay, cutOffDay, knownAt: witnessed ? endOfDay : knownAt, witnessed };
}

function dayOfText(date: string | null): number | null {
  return date !== null && isIsoDate(date) ? dayFromIso(date) : null;
}
