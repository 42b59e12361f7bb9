import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sla } from '../../../src/definitions/core/sla.ts';
import { clocksOf, type Entry, type HandOff, urgencyOf } from '../../../src/handoff/core/hand-off-clocks.ts';
import { type LeadState, type Move, moved, NEW_LEAD } from '../../../src/handoff/core/moves.ts';
import { CALENDARS, slaOf } from './calendars.ts';

const clocks: Sla['clocks'] = [
  { id: 'touch', label: 'First touch', from: 'hand_off', to: 'first_touch', within: { hours: 4 }, business: true },
  { id: 'decision', label: 'Decision', from: 'hand_off', to: 'disposition', within: { hours: 48 }, business: false },
  { id: 'cadence', label: 'Cadence', from: 'hand_off', to: 'follow_up_done', within: { days: 5 }, business: true },
  { id: 'meeting', label: 'Meeting', from: 'acceptance', to: 'first_meeting', within: { days: 5 }, business: true },
];
const follow_up = {
  attempts: [
    { type: 'call', at_least: 2 },
    { type: 'mail', at_least: 1 },
  ],
  within_business_days: 5,
};
const old = slaOf(CALENDARS.utc, {}, { clocks, follow_up });
const later = slaOf(CALENDARS.utc, {}, { clocks: clocks.map((one) => ({ ...one, within: { hours: 1 } })), follow_up });
const SLAS = new Map([
  ['old', old],
  ['new', later],
]);

/** Of 2026-06: `02T10` is Tuesday at ten. */
const at = (time: string) => Date.parse(`2026-06-${time}:00Z`);
type Bare<T> = T extends Entry ? Omit<T, 'at' | 'sla'> : never;
const entry = (time: string, what: Bare<Entry>, sla = 'old') => ({ ...what, at: at(time), sla }) as Entry;
const call = { kind: 'attempt', type: 'call', reached: false } as const;
const handOff = (...log: Entry[]): HandOff => ({
  lead: { source: null, tier: null, holds: new Set(), calendar: null },
  log: [entry('02T10', { kind: 'hand_off' }), ...log],
});
const seen = (one: HandOff, time: string) => Object.fromEntries(clocksOf(one, SLAS, at(time)).map((clock) => [clock.terms.clock, clock]));

describe('the clocks of a hand-off', () => {
  test('start and are due', () => {
    const now = seen(handOff(), '02T11');
    expect(now.touch).toMatchObject({ state: 'running', due: at('02T14'), sla: 'old' });
    expect(now.decision).toMatchObject({ state: 'running', due: at('04T10') });
    expect(now.cadence).toMatchObject({ state: 'running', due: at('09T10') });
    expect(now.meeting).toMatchObject({ state: 'waiting', due: null });
    expect(clocksOf(handOff(), SLAS, at('02T09'))).toEqual([]);
  });

  test('stop at the first moment that they wait for', () => {
    const one = handOff(
      entry('02T12', call),
      entry('03T10', call),
      entry('03T11', { ...call, type: 'mail' }),
      entry('03T12', call),
      entry('03T13', { kind: 'accept' }),
    );
    expect(seen(one, '04T10').touch).toMatchObject({ state: 'stopped', stopped: at('02T12') });
    expect(seen(one, '03T10').cadence).toMatchObject({ state: 'running' });
    expect(seen(one, '04T10').cadence).toMatchObject({ state: 'stopped', stopped: at('03T11') });
    expect(seen(one, '04T10').decision).toMatchObject({ state: 'stopped', stopped: at('03T13'), breached_since: null });
    expect(seen(one, '04T10').meeting).toMatchObject({ state: 'running', started: at('03T13') });
  });

  test('a lead that answers need not be tried again', () => {
    expect(seen(handOff(entry('02T12', { ...call, reached: true })), '03T10').cadence).toMatchObject({ stopped: at('02T12') });
    expect(seen(handOff(entry('02T12', { kind: 'meeting' })), '03T10')).toMatchObject({
      touch: { stopped: at('02T12') },
      cadence: { stopped: at('02T12') },
    });
  });

  test('a rejection that sends the lead to another owner decides nothing', () => {
    const one = handOff(
      entry('02T12', { kind: 'reject', rerouted: true }),
      entry('02T13', { kind: 'assign' }),
      entry('03T10', { kind: 'accept' }),
    );
    expect(seen(one, '02T14')).toMatchObject({
      touch: { state: 'running' },
      decision: { state: 'running' },
      cadence: { state: 'running' },
    });
    expect(seen(one, '04T09').decision).toMatchObject({ state: 'stopped', stopped: at('03T10') });
  });

  test('a rejection calls off what is not owed any more', () => {
    const one = handOff(entry('02T12', { kind: 'reject' }));
    expect(seen(one, '09T10')).toMatchObject({
      touch: { state: 'called_off', breached_since: null },
      decision: { state: 'stopped' },
      cadence: { state: 'called_off' },
      meeting: { state: 'waiting' },
    });
    expect(urgencyOf(clocksOf(one, SLAS, at('09T10')))).toBe(Number.POSITIVE_INFINITY);
  });

  test('a disposition that was taken back never stopped a clock, from then on', () => {
    const one = handOff(entry('02T12', { kind: 'reject' }), entry('02T13', { kind: 'take_back' }));
    expect(seen(one, '02T12').decision).toMatchObject({ state: 'stopped' });
    expect(seen(one, '02T13').decision).toMatchObject({ state: 'running', stopped: null, due: at('04T10') });
    expect(seen(one, '02T16').touch).toMatchObject({ state: 'running', breached_since: at('02T14') });
  });

  test('a clock keeps the version under which it started, and the next one has the new one', () => {
    const one = handOff(entry('03T10', { kind: 'accept' }, 'new'));
    expect(seen(one, '03T11')).toMatchObject({
      touch: { sla: 'old', within: 4 * 3_600_000 },
      meeting: { sla: 'new', within: 3_600_000, due: at('03T11') },
    });
    expect(clocksOf(one, SLAS, at('03T11'))).toHaveLength(4);
  });

  test('a pause ends when it is resumed', () => {
    const one = handOff(
      entry('02T12', { kind: 'pause', reason: 'asked', until: null }),
      entry('03T10', { kind: 'resume', reason: 'asked' }),
    );
    expect(seen(one, '02T16').touch).toMatchObject({ state: 'paused', due: null });
    expect(seen(one, '03T10').touch).toMatchObject({ state: 'running', due: at('03T12') });
  });

  test('what is breached longest comes first', () => {
    expect(urgencyOf(clocksOf(handOff(), SLAS, at('02T11')))).toBe(at('02T14'));
    expect(urgencyOf(clocksOf(handOff(entry('02T11', call)), SLAS, at('08T11')))).toBe(at('04T10'));
  });
});

test('what is logged later changes nothing of what was so before', () => {
  const kinds = fc.constantFrom<Bare<Entry>>(
    call,
    { ...call, reached: true },
    { kind: 'accept' },
    { kind: 'reject' },
    { kind: 'take_back' },
    { kind: 'meeting' },
    { kind: 'pause', reason: 'asked', until: null },
    { kind: 'pause', reason: 'short', until: null },
    { kind: 'resume', reason: 'asked' },
  );
  const logs = fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 600 }), fc.constantFrom('old', 'new')), { maxLength: 12 });
  fc.assert(
    fc.property(logs, fc.integer({ min: 0, max: 6000 }), (entries, minutes) => {
      let time = at('02T10');
      const log = entries.map(([what, wait, sla]) => {
        time += wait * 60_000;
        return { ...what, at: time, sla } as Entry;
      });
      const asOf = at('02T10') + minutes * 60_000;
      const whole = clocksOf(handOff(...log), SLAS, asOf);
      expect(whole).toEqual(clocksOf(handOff(...log.filter((one) => one.at <= asOf)), SLAS, asOf));
      for (const { state, started, stopped, due, breached_since } of whole) {
        expect(state === 'waiting').toBe(started === null);
        expect(stopped === null || (started ?? 0) <= stopped).toBe(true);
        expect(breached_since === null || breached_since === due).toBe(true);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('a decision is owed as long as the lead is an MQL that nobody decided on', () => {
  const outcome = { stage: 'disqualified', waits_for: null, returns_on: null } as const;
  const made = fc.constantFrom<Move>(
    { move: 'accept' },
    { move: 'reject', outcome },
    { move: 'qualify' },
    { move: 'assign', owner: 'ben' },
    { move: 'take_back' },
    { move: 'take_back' },
  );
  fc.assert(
    fc.property(fc.array(made, { maxLength: 30, size: 'max' }), (moves) => {
      let lead: LeadState = { ...NEW_LEAD, stage: 'mql', owner: 'ana' };
      const log: Entry[] = [];
      for (const [i, move] of moves.entries()) {
        const time = at('02T10') + (i + 1) * 60_000;
        const next = moved(lead, move, { by: 'sales', at: time, reversal: 86_400_000 });
        if ('refused' in next) continue;
        lead = next;
        log.push({ kind: move.move, at: time, sla: 'old' } as Entry);
        const { decision, meeting } = Object.fromEntries(
          clocksOf(handOff(...log), SLAS, time).map((clock) => [clock.terms.clock, clock.state]),
        );
        expect(decision).toBe(lead.stage === 'mql' ? 'running' : 'stopped');
        expect(meeting !== 'waiting').toBe(
          lead.stage === 'accepted' ||
            lead.stage === 'qualified' ||
            log.some(({ kind }, j) => kind === 'accept' && log[j + 1]?.kind !== 'take_back'),
        );
      }
    }),
    { seed: 5, numRuns: 500 },
  );
});
