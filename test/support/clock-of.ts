import type { ClockState } from '../../src/handoff/core/clock.ts';
import type { RunningClock } from '../../src/handoff/core/hand-off-clocks.ts';

/** A clock as its hand-off's last event left it, with what is kept of it. @param minutes that had passed at its end */
export function clockOf(
  clock: string,
  started: Date,
  due: Date,
  stopped: Date | null,
  minutes: number,
  state: ClockState['state'] = stopped === null ? 'running' : 'stopped',
): RunningClock {
  const calendar = { time_zone: 'UTC', hours: { monday: [['09:00', '17:00']] as [string, string][] } };
  return {
    terms: {
      clock,
      label: clock,
      from: 'hand_off',
      to: 'first_touch',
      within: { hours: 4 },
      business: false,
      calendar,
      exception: null,
      near_breach_percent: null,
    },
    sla: 'none',
    state,
    started: started.getTime(),
    due: due.getTime(),
    near: null,
    within: due.getTime() - started.getTime(),
    elapsed: minutes * 60_000,
    remaining: 0,
    paused: 0,
    paused_since: null,
    stopped: stopped?.getTime() ?? null,
    breached_since: stopped !== null && stopped > due ? due.getTime() : null,
    near_breach: false,
  };
}
