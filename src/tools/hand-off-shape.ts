import { z } from 'zod';
import type { RunningClock } from '../handoff/core/hand-off-clocks.ts';
import { isoInstant } from '../kernel/dates.ts';
import { bullets } from '../kernel/markdown.ts';

/** A clock as the tools of hand-off show it. Minutes are of the promise: of business hours where it runs in them, a business day as 24 hours. */
export const clockOut = z.strictObject({
  clock: z.string(),
  state: z.enum(['waiting', 'running', 'paused', 'stopped', 'called_off']),
  due: z.string().nullable(),
  elapsed_minutes: z.int(),
  remaining_minutes: z.int().describe('below 0 by what it ran over'),
  paused_since: z.string().nullable(),
  stopped: z.string().nullable(),
  breached_since: z.string().nullable(),
  near_breach: z.boolean(),
});
type ClockOut = z.output<typeof clockOut>;

export const clocksOut = z.array(clockOut);
export const stageOut = z.string().describe('what the stage means');

export function shapeClock({
  terms,
  state,
  due,
  elapsed,
  remaining,
  paused_since,
  stopped,
  breached_since,
  near_breach,
}: RunningClock): ClockOut {
  return {
    clock: terms.clock,
    state,
    due: isoInstant(due),
    elapsed_minutes: minutes(elapsed),
    remaining_minutes: minutes(remaining),
    paused_since: isoInstant(paused_since),
    stopped: isoInstant(stopped),
    breached_since: isoInstant(breached_since),
    near_breach,
  };
}

export function clocksText(clocks: readonly ClockOut[]): string {
  return bullets(clocks.map((one) => `${one.clock}: ${clockText(one)}`));
}

/** How one clock stands, in a few words. */
export function clockText({ state, due, remaining_minutes, paused_since, stopped, breached_since, near_breach }: ClockOut): string {
  const late = breached_since === null ? '' : `, breached since ${breached_since}`;
  if (state === 'waiting') return 'not started';
  if (state === 'stopped') return `${breached_since === null ? 'kept' : 'ended'} at ${stopped}${late}`;
  if (state === 'called_off') return `called off${late}`;
  const when = due === null ? 'no due time while it is paused' : `due ${due}`;
  const left = breached_since === null ? `, ${duration(remaining_minutes)} left` : late;
  return `${when}${left}${paused_since === null ? '' : `, paused since ${paused_since}`}${near_breach ? ', near its breach' : ''}`;
}

function duration(all: number): string {
  const [hours, rest] = [Math.trunc(all / 60), all % 60];
  return hours === 0 ? `${rest} min` : `${hours} h ${rest} min`;
}

const minutes = (milliseconds: number) => Math.trunc(milliseconds / 60_000);
