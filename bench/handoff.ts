import { performance } from 'node:perf_hooks';
import type { Calendar, Sla } from '../src/definitions/core/sla.ts';
import { clockState, pausedStretches, termsOf } from '../src/handoff/core/clock.ts';
import { handoffFlow } from './handoff-flow.ts';
import { handoffReview } from './handoff-review.ts';
import type { Benchmark, Figures } from './run.ts';
import { outboxPerSecond } from './support/outbox-speed.ts';
import { percentile } from './support/owner.ts';

const ROUNDS = 60;
const CLOCKS = 2000;
const HOUR = 3_600_000;

/**
 * One clock over a year of business hours: its terms, its pauses and how it stands, with two pauses, started at another hour each time.
 * `clock_us` is the middle of the rounds, `clock_worst_us` the slowest; `calendar_ms` is what a calendar costs that nobody asked before,
 * with the years that the clock spans. `outbox_per_s`: signed deliveries to a local receiver, from PostgreSQL; with `--only-outbox` nothing
 * else is measured.
 */
export const handoffBench: Benchmark = async (args, say) => {
  const outbox = await outboxFigures(say);
  if (args.includes('--only-outbox')) return outbox;
  const perClock: number[] = [];
  const perCalendar: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sla = yearLong();
    perCalendar.push(timed(() => one(sla, 0)));
    perClock.push((timed(() => Array.from({ length: CLOCKS }, (_, i) => one(sla, i))) / CLOCKS) * 1000);
  }
  const figures = {
    clock_us: rounded(percentile(perClock, 0.5)),
    clock_worst_us: rounded(Math.max(...perClock)),
    calendar_ms: rounded(percentile(perCalendar, 0.5)),
  };
  say(`${ROUNDS} rounds of ${CLOCKS} clocks`);
  return { ...figures, ...outbox, ...(await handoffFlow(args, say)), ...(await handoffReview(args, say)) };
};

async function outboxFigures(say: (line: string) => void): Promise<Figures> {
  const perSecond = await outboxPerSecond();
  if (perSecond === undefined) say('There is no PostgreSQL on this machine: no outbox_per_s.');
  return perSecond === undefined ? {} : { outbox_per_s: Math.round(perSecond) };
}

/** About a year of the business hours of a week with breaks and holidays. */
function yearLong(): Sla {
  const spans: [string, string][] = [
    ['09:00', '12:00'],
    ['13:00', '17:00'],
  ];
  const calendar: Calendar = {
    time_zone: 'America/New_York',
    hours: { monday: spans, tuesday: spans, wednesday: spans, thursday: spans, friday: spans },
    holidays: Array.from({ length: 12 }, (_, i) => ({ date: `2026-${String(i + 1).padStart(2, '0')}-25`, label: 'Closed' })),
  };
  return {
    kind: 'sla',
    calendar,
    clocks: [{ id: 'year', label: 'A year', from: 'hand_off', to: 'disposition', within: { hours: 1700 }, business: true }],
    near_breach_percent: 80,
    follow_up: { attempts: [{ type: 'call', at_least: 1 }], within_business_days: 5 },
    pauses: [{ id: 'asked', label: 'Asked to wait' }],
  };
}

function one(sla: Sla, i: number): number | null {
  const [clock] = sla.clocks;
  if (clock === undefined) return null;
  const started = Date.parse('2026-01-05T14:00Z') + (i % 500) * HOUR;
  const asOf = started + 330 * 24 * HOUR;
  const pauses = [100, 2000].map((hours) => ({
    reason: 'asked',
    from: started + hours * HOUR,
    until: started + (hours + 50) * HOUR,
    resumed: null,
  }));
  const paused = pausedStretches(sla, clock.id, pauses, asOf);
  const lead = { source: null, tier: null, holds: new Set<string>(), calendar: null };
  return clockState(termsOf(sla, clock, lead), { started, stopped: null, called_off: null }, paused, asOf).due;
}

function timed(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

const rounded = (n: number) => Math.round(n * 100) / 100;
