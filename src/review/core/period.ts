import { type ReviewPeriod, reviewPeriod } from '../../handoff/core/review-period.ts';
import type { Every } from '../../kernel/dates.ts';

/** The reviews that are published, each of its own period. */
export const REVIEW_KINDS = ['weekly', 'monthly', 'quarterly'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** How often each is held. */
export const EVERY: Readonly<Record<ReviewKind, Every>> = { weekly: 'week', monthly: 'month', quarterly: 'quarter' };

/** What names a period of each kind, in words. */
export const FORM_OF: Readonly<Record<ReviewKind, string>> = {
  weekly: 'a week as in 2026-W47',
  monthly: 'a month as in 2026-11',
  quarterly: 'a quarter as in 2026-Q4',
};

/** A period of a kind by its name; undefined for what is none, or one of another kind. */
export function periodOfKind(kind: ReviewKind, name: string): ReviewPeriod | undefined {
  const period = reviewPeriod(name);
  return period?.every === EVERY[kind] ? period : undefined;
}

/** A month of which no day has come: what stood at its end stood before it began. */
export function isToCome({ period, scored }: { period: { from: string }; scored: { this: { day: string } } }): boolean {
  return scored.this.day < period.from;
}

/** What is said of a period to come, in place of tables in which nothing stands. @param today the day of the answer */
export function toComeText({ name, from, to, today }: Record<'name' | 'from' | 'to' | 'today', string>): string {
  return `${name} has not begun: it runs from ${from} to ${to}, and today is ${today}. There is nothing to review yet.`;
}
