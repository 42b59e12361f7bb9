import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunningClock } from '../../../src/handoff/core/hand-off-clocks.ts';
import { noticesOf } from '../../../src/handoff/core/notices.ts';

/** A clock as of an instant, by when it comes near, is due and is stopped. */
function clockAt(asOf: number, { near, due, stopped }: { near: number | null; due: number; stopped: number }): RunningClock {
  const end = Math.min(asOf, stopped);
  const breached = due < end;
  return {
    terms: { clock: 'c' },
    sla: 's',
    state: asOf >= stopped ? 'stopped' : 'running',
    near,
    due,
    breached_since: breached ? due : null,
    near_breach: asOf < stopped && !breached && near !== null && near <= asOf,
  } as RunningClock;
}

it('whoever looks when it is said to, and now and then besides, hears of all that came near and was breached, once and at once', () => {
  const times = fc.tuple(fc.option(fc.integer({ min: 1, max: 50 })), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 200 }));
  fc.assert(
    fc.property(times, fc.array(fc.integer({ min: 0, max: 150 })), ([near, after, stopped], besides) => {
      const clock = { near, due: (near ?? 10) + after, stopped };
      const heard: [string, number][] = [];
      let at = 0;
      for (let look: number | null = 0; look !== null; ) {
        at = look;
        const told = noticesOf([clockAt(at, clock)], ({ kind }) => heard.some(([before]) => before === kind), at);
        for (const { kind } of told.notices) heard.push([kind, at]);
        const extra = besides.find((other) => other > at && (told.lookAt === null || other < told.lookAt));
        look = extra ?? told.lookAt;
      }
      const expected: [string, number][] = [];
      if (near !== null && near < stopped) expected.push(['due', near]);
      if (clock.due + 1 < stopped) expected.push(['breached', clock.due + 1]);
      expect(heard).toEqual(expected);
    }),
    { seed: 3, numRuns: 500 },
  );
});
