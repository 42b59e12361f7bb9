import { describe, expect, test } from 'vitest';
import type { Sla } from '../../../src/definitions/core/sla.ts';
import { DAY } from '../../../src/handoff/core/business-hours.ts';
import {
  type ClockedLead,
  type ClockState,
  clockState,
  type Pause,
  pausedStretches,
  type Run,
  termsOf,
} from '../../../src/handoff/core/clock.ts';
import { CALENDARS, slaOf } from './calendars.ts';
import { DUE } from './clock-cases.ts';

const LEAD: ClockedLead = { source: 'website', tier: 'B', holds: new Set(), calendar: null };

function stateOf(
  sla: Sla,
  run: Partial<Run>,
  { lead = LEAD, pauses = [] as Pause[], asOf = (run.started ?? 0) + 500 * DAY } = {},
): ClockState {
  const [clock] = sla.clocks;
  if (clock === undefined) throw new Error('the SLA has no clock');
  const paused = pausedStretches(sla, clock.id, pauses, asOf);
  return clockState(termsOf(sla, clock, lead), { started: null, stopped: null, called_off: null, ...run }, paused, asOf);
}

const told = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

describe('when a clock is due', () => {
  test.each(DUE)('%s (%s)', (_, calendar, started, within, due, ...paused) => {
    const pauses = paused.map(([reason, from, until]) => ({
      reason,
      from: Date.parse(from),
      until: until === undefined ? null : Date.parse(until),
      resumed: null,
    }));
    const state = stateOf(slaOf(CALENDARS[calendar], { within }), { started: Date.parse(started) }, { pauses });
    expect(told(state.due)).toBe(due === null ? null : told(Date.parse(due)));
  });

  test('hours that are not business hours run through nights, weekends and summer time', () => {
    const sla = slaOf(CALENDARS.ny, { within: { hours: 48 }, business: false });
    expect(told(stateOf(sla, { started: Date.parse('2026-03-06T16:00-05:00') }).due)).toBe('2026-03-08T21:00:00.000Z');
    const days = slaOf(CALENDARS.ny, { within: { days: 2 }, business: false });
    expect(told(stateOf(days, { started: Date.parse('2026-03-06T16:00-05:00') }).due)).toBe('2026-03-08T21:00:00.000Z');
  });
});

describe('how a clock stands', () => {
  const sla = slaOf(CALENDARS.ny);
  const at = (time: string) => Date.parse(`2026-06-${time}-04:00`);
  const started = at('02T10:00');
  const HOUR = 3_600_000;

  test.each<[string, string, Partial<Run>, Partial<ClockState>]>([
    ['not started', '02T09:59', {}, { state: 'waiting', started: null, due: null, elapsed: 0, remaining: 4 * HOUR }],
    ['at its start', '02T10:00', {}, { state: 'running', elapsed: 0, remaining: 4 * HOUR, breached_since: null, near_breach: false }],
    ['before it is near', '02T13:11', {}, { elapsed: 191 * 60_000, near: at('02T13:12'), near_breach: false }],
    ['near', '02T13:12', {}, { near_breach: true, remaining: 48 * 60_000 }],
    ['at the due instant', '02T14:00', {}, { near_breach: true, remaining: 0, breached_since: null }],
    ['breached', '02T15:00', {}, { state: 'running', near_breach: false, remaining: -HOUR, breached_since: at('02T14:00') }],
    ['breached overnight', '03T06:00', {}, { elapsed: 7 * HOUR, breached_since: at('02T14:00') }],
    ['kept', '03T06:00', { stopped: at('02T13:30') }, { state: 'stopped', elapsed: 3.5 * HOUR, breached_since: null, near_breach: false }],
    ['kept on the instant', '03T06:00', { stopped: at('02T14:00') }, { state: 'stopped', remaining: 0, breached_since: null }],
    ['late', '03T06:00', { stopped: at('02T14:01') }, { state: 'stopped', remaining: -60_000, breached_since: at('02T14:00') }],
    ['before it was stopped', '02T13:00', { stopped: at('02T13:30') }, { state: 'running', stopped: null, elapsed: 3 * HOUR }],
    [
      'a touch before the start',
      '02T15:00',
      { stopped: at('01T10:00') },
      { state: 'running', stopped: null, breached_since: at('02T14:00') },
    ],
    ['called off in time', '05T10:00', { called_off: at('02T12:00') }, { state: 'called_off', elapsed: 2 * HOUR, breached_since: null }],
    ['called off too late', '05T10:00', { called_off: at('02T16:00') }, { state: 'called_off', breached_since: at('02T14:00') }],
  ])('%s', (_, asOf, run, expected) => {
    expect(stateOf(sla, { started, ...run }, { asOf: at(asOf) })).toMatchObject(expected);
  });

  test('a pause is known from its start on, and its end from then on', () => {
    const pauses = [{ reason: 'asked', from: at('02T12:00'), until: null, resumed: at('03T10:00') }];
    const seen = (asOf: string) => stateOf(sla, { started }, { pauses, asOf: at(asOf) });
    expect(seen('02T11:00')).toMatchObject({ state: 'running', due: at('02T14:00'), paused_since: null });
    expect(seen('02T18:00')).toMatchObject({
      state: 'paused',
      due: null,
      elapsed: 2 * HOUR,
      paused: 6 * HOUR,
      paused_since: at('02T12:00'),
    });
    expect(seen('03T10:00')).toMatchObject({
      state: 'running',
      due: at('03T12:00'),
      elapsed: 2 * HOUR,
      paused: 22 * HOUR,
      paused_since: null,
    });
  });

  test('a lead has the first exception that holds for it, and the calendar of its owner', () => {
    const more = slaOf(
      CALENDARS.ny,
      {
        exceptions: [
          { id: 'hot', tiers: ['A'], when: { field: 'account.target_account', eq: true }, within: { minutes: 10 } },
          { id: 'referred', sources: ['referral'], tiers: ['A', 'B'], within: { hours: 1 }, business: false },
          { id: 'top', tiers: ['A'], within: { hours: 2 } },
        ],
      },
      { calendars: { london: CALENDARS.london } },
    );
    const seen = (lead: Partial<ClockedLead>) => told(stateOf(more, { started }, { lead: { ...LEAD, ...lead } }).due);
    expect(seen({})).toBe('2026-06-02T18:00:00.000Z');
    expect(seen({ tier: 'A' })).toBe('2026-06-02T16:00:00.000Z');
    expect(seen({ tier: 'A', holds: new Set(['touch.hot']) })).toBe('2026-06-02T14:10:00.000Z');
    expect(seen({ tier: 'B', holds: new Set(['touch.hot']) })).toBe('2026-06-02T18:00:00.000Z');
    expect(seen({ tier: 'A', source: 'referral' })).toBe('2026-06-02T15:00:00.000Z');
    expect(seen({ tier: null, source: 'referral' })).toBe('2026-06-02T18:00:00.000Z');
    expect(seen({ calendar: 'london' })).toBe('2026-06-03T09:30:00.000Z');
    expect(seen({ calendar: 'unlisted' })).toBe('2026-06-02T18:00:00.000Z');
  });
});
