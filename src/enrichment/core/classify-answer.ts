import { isTruthy, type Mapping } from './mapping.ts';
import type { Meaning } from './provider-steps.ts';

export interface OutcomeRule {
  statuses: ReadonlySet<number> | undefined;
  when: Mapping | undefined;
  is: Meaning;
}

/** What an answer means by the rules of its step, the first that fits; by its status where none does. */
export function meaningOf(status: number, body: unknown, rules: readonly OutcomeRule[]): Meaning {
  const rule = rules.find(
    ({ statuses, when }) => (statuses === undefined || statuses.has(status)) && (when === undefined || isTruthy(when(body))),
  );
  return rule?.is ?? byStatus(status);
}

function byStatus(status: number): Meaning {
  if (status >= 200 && status < 300) return 'hit';
  switch (status) {
    case 401:
    case 403:
      return 'auth';
    case 402:
      return 'quota';
    case 404:
    case 410:
      return 'miss';
    case 408:
    case 425:
      return 'retry';
    case 429:
      return 'rate';
    default:
      return status >= 500 ? 'retry' : 'error';
  }
}

const LONGEST_WAIT_MS = 24 * 3_600_000;

/** The wait that `Retry-After` asks for (RFC 9110: seconds, or a date), at most a day. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_WAIT_MS);
  // every form of an HTTP date begins with the name of a day
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - nowMs), LONGEST_WAIT_MS);
}
