import { dayFromIso, isoFromDay, periodAfter, periodStart, weekdayOf } from '../../kernel/dates.ts';
import type { Cadence, Review } from './cadence.ts';
import { WEEKDAYS } from './sla.ts';

/** When a review is due, as of a day; all days are `YYYY-MM-DD`. */
export interface DueReview {
  id: string;
  label: string;
  owner: Review['owner'];
  /** The first one that is not before the day. */
  next: string;
  /** When its report is with everybody; null where it has none. */
  reportBy: string | null;
  lastHeld: string | null;
  /** The day on which one was due that nobody has recorded as held; null when nothing is missing. */
  overdueSince: string | null;
}

/** Days on which reviews were held, by the review's id. */
export type Held = ReadonlyMap<string, string>;

/**
 * What is due of each review and what is overdue, as of a day. A review that was held counts for its week (Monday to Sunday), month
 * or quarter, on whichever day of it. Nothing is overdue on its own day, nor of the time before `since`.
 */
export function dueReviews(cadence: Cadence, { asOf, since, held }: { asOf: string; since: string; held: Held }): DueReview[] {
  return cadence.reviews.map((review) => {
    const { id, label, owner } = review;
    const lastHeld = held.get(id) ?? null;
    const next = firstDue(review, dayFromIso(asOf));
    const missing = firstDue(review, lastHeld === null ? dayFromIso(since) : periodAfter(review.every, dayFromIso(lastHeld)));
    return {
      id,
      label,
      owner,
      next: isoFromDay(next),
      reportBy: review.report === undefined ? null : isoFromDay(next - (review.report_days_before ?? 0)),
      lastHeld,
      overdueSince: missing < dayFromIso(asOf) ? isoFromDay(missing) : null,
    };
  });
}

/** The first due day that is not before a day. */
function firstDue(review: Pick<Review, 'every' | 'on'>, from: number): number {
  const start = periodStart(review.every, from);
  const due = onWeekday(start, review.on);
  return due >= from ? due : onWeekday(periodAfter(review.every, from), review.on);
}

/** The first such weekday on or after a day. */
function onWeekday(day: number, weekday: Review['on']): number {
  return day + ((WEEKDAYS.indexOf(weekday) - weekdayOf(day) + 7) % 7);
}

/** The same as plain JSON. */
export function dueData({ reportBy: report_by, lastHeld: last_held, overdueSince: overdue_since, ...review }: DueReview) {
  return { ...review, report_by, last_held, overdue_since };
}

/** A review's state as a sentence. */
export function dueText({ label, next, reportBy, lastHeld, overdueSince }: DueReview): string {
  const report = reportBy === null ? '' : `, its report by ${reportBy}`;
  const late = overdueSince === null ? '' : `; overdue since ${overdueSince}`;
  return `${label}: next on ${next}${report}; ${lastHeld === null ? 'none is recorded as held' : `last held on ${lastHeld}`}${late}.`;
}
