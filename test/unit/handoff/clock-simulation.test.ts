import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Calendar, WEEKDAYS } from '../../../src/definitions/core/sla.ts';
import { DAY } from '../../../src/handoff/core/business-hours.ts';
import { clockState, type Pause, pausedStretches, termsOf } from '../../../src/handoff/core/clock.ts';
import { slaOf } from './calendars.ts';

const MINUTE = 60_000;
/** Minutes that are simulated: five weeks. */
const HORIZON = 35 * 1440;

const ZONES = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/St_Johns'];
/** Days about which clocks change somewhere, a leap day, a new year. */
const STARTS = ['2026-02-20', '2026-03-01', '2026-03-25', '2026-04-18', '2026-09-25', '2026-10-20', '2026-12-20', '2028-02-15'];

const quarter = fc.integer({ min: 0, max: 96 });
const time = (n: number) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`;
const hours = fc
  .uniqueArray(quarter, { minLength: 2, maxLength: 6 })
  .map((cuts) => cuts.sort((a, b) => a - b))
  .map((cuts) => cuts.flatMap((cut, i): [string, string][] => (i % 2 === 1 ? [[time(cuts[i - 1] ?? 0), time(cut)]] : [])));

const calendars = fc
  .record({
    time_zone: fc.constantFrom(...ZONES),
    open: fc.array(fc.option(hours, { freq: 3 }), { minLength: 7, maxLength: 7 }).filter((days) => days.some((day) => day !== null)),
    start: fc.constantFrom(...STARTS),
    off: fc.uniqueArray(fc.integer({ min: 0, max: 34 }), { maxLength: 5 }),
  })
  .map(({ time_zone, open, start, off }) => {
    const first = Date.parse(`${start}T00:00Z`);
    const days = Object.fromEntries(WEEKDAYS.flatMap((day, i) => (open[i] == null ? [] : [[day, open[i]]])));
    const holidays = off.map((n) => ({ date: new Date(first + n * DAY).toISOString().slice(0, 10), label: 'Closed' }));
    return { first, calendar: { time_zone, hours: days, holidays } satisfies Calendar };
  });

const runs = fc.record({
  world: calendars,
  offset: fc.integer({ min: 0, max: 3 * 1440 }),
  within: fc.oneof(
    fc.record({ minutes: fc.integer({ min: 1, max: 3000 }) }),
    fc.record({ hours: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ days: fc.integer({ min: 1, max: 8 }) }),
  ),
  pauses: fc.array(
    fc.tuple(fc.integer({ min: -1440, max: 20_000 }), fc.option(fc.integer({ min: 1, max: 6000 })), fc.constantFrom('asked', 'short')),
    {
      maxLength: 3,
    },
  ),
  seen: fc.integer({ min: 0, max: 30 * 1440 }),
});

/** By minute of the horizon: whether it is open, and the day it belongs to. Written against the wall clock that `Intl` shows. */
function simulate(calendar: Calendar, first: number): { open: boolean[]; day: string[] } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: calendar.time_zone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const shut = new Set(calendar.holidays?.map(({ date }) => date));
  const open: boolean[] = [];
  const day: string[] = [];
  let reached = 0;
  for (let minute = -2880; minute < HORIZON + 2880; minute += 15) {
    const [date = '', clock = ''] = format.format(first + minute * MINUTE).split(', ');
    const wall = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
    // a time of day is reached once: what comes a second time is later than it shows
    reached = date === day.at(-1) ? Math.max(reached, wall) : wall;
    const weekday = WEEKDAYS[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7] ?? 'monday';
    const spans = shut.has(date) ? [] : (calendar.hours[weekday] ?? []);
    const isOpen = spans.some(([from, to]) => minuteOf(from) <= reached && reached < minuteOf(to));
    for (let i = 0; i < 15; i++) {
      open.push(isOpen);
      day.push(date);
    }
  }
  return { open, day };
}

const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

test('a clock is what counting its minutes one by one gives', () => {
  fc.assert(
    fc.property(runs, ({ world: { first, calendar }, offset, within, pauses: stretches, seen }) => {
      const start = first + offset * MINUTE;
      const asOf = start + seen * MINUTE;
      const pauses = stretches.map(([from, length, reason]): Pause => {
        const begun = start + from * MINUTE;
        return { reason, from: begun, until: length === null ? null : begun + length * MINUTE, resumed: null };
      });
      const sla = slaOf(calendar, { within });
      const [clock] = sla.clocks;
      if (clock === undefined) throw new Error('no clock');
      const paused = pausedStretches(sla, clock.id, pauses, asOf);
      const lead = { source: null, tier: null, holds: new Set<string>(), calendar: null };
      const state = clockState(termsOf(sla, clock, lead), { started: start, stopped: null, called_off: null }, paused, asOf);

      const { open, day } = simulate(calendar, first);
      const lengths = new Map<string, number>();
      for (const [i, name] of day.entries()) if (open[i] === true) lengths.set(name, (lengths.get(name) ?? 0) + 1);
      const known = pauses.filter(({ from }) => from <= asOf);
      const isPaused = (instant: number) =>
        known.some(({ reason, from, until }) => {
          const ends = Math.min(until ?? Number.POSITIVE_INFINITY, reason === 'short' ? from + 2 * DAY : Number.POSITIVE_INFINITY);
          return from <= instant && instant < ends;
        });
      const amount = 'days' in within ? within.days : 'hours' in within ? within.hours * 60 : within.minutes;
      let counted = 0;
      let elapsed = 0;
      let due: number | null = null;
      for (let instant = start; instant < first + HORIZON * MINUTE; instant += MINUTE) {
        if (instant === asOf) elapsed = counted;
        const i = (instant - first) / MINUTE + 2880;
        if (open[i] !== true || isPaused(instant)) continue;
        counted += 'days' in within ? 1 / (lengths.get(day[i] ?? '') ?? 1) : 1;
        if (due === null && counted >= amount - 1e-9) due = instant + MINUTE;
      }
      const unit = 'days' in within ? DAY : MINUTE;
      expect(Math.abs(state.elapsed - elapsed * unit)).toBeLessThan(10);
      if (due === null) expect(state.due ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(first + HORIZON * MINUTE - MINUTE);
      else {
        expect(state.due).toBeLessThanOrEqual(due);
        expect(state.due).toBeGreaterThan(due - MINUTE);
      }
      expect(state.breached_since).toBe(state.due !== null && state.due < asOf ? state.due : null);
    }),
    { seed: 20_260_601, numRuns: 150 },
  );
});
