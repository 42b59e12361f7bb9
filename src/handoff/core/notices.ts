import type { RunningClock } from './hand-off-clocks.ts';

/** What of a clock is announced: that it came near its breach, and that it was breached. */
export interface Notice {
  clock: RunningClock;
  kind: 'due' | 'breached';
}

/**
 * What of the clocks of a hand-off is to be announced by an instant, and when there may be more. A clock that is breached already is not
 * announced as near; one that was stopped in time is not announced at all, nor one that was stopped late before anybody looked.
 * @param told what was announced before
 * @param asOf epoch milliseconds, the same that the clocks were computed for
 */
export function noticesOf(
  clocks: readonly RunningClock[],
  told: (notice: Notice) => boolean,
  asOf: number,
): { notices: Notice[]; lookAt: number | null } {
  const owed = clocks.filter(({ state }) => state === 'running' || state === 'paused');
  const notices = owed.flatMap((clock): Notice[] => {
    if (clock.breached_since !== null) return [{ clock, kind: 'breached' }];
    return clock.near_breach ? [{ clock, kind: 'due' }] : [];
  });
  const coming = owed.flatMap(({ near, due }) => [
    ...(near !== null && near > asOf ? [near] : []),
    // breached from the millisecond after the due instant
    ...(due !== null && due >= asOf ? [due + 1] : []),
  ]);
  const next = Math.min(...coming);
  return { notices: notices.filter((one) => !told(one)), lookAt: Number.isFinite(next) ? next : null };
}
