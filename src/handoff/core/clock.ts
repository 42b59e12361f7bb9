import type { Calendar, Clock, Duration, Sla } from '../../definitions/core/sla.ts';
import { ALL_HOURS, businessTime, DAY, type Measure } from './business-hours.ts';
import { exceptionFor, type LeadFacts } from './exceptions.ts';

/** What of a lead decides which promise holds for it. */
export interface ClockedLead extends LeadFacts {
  /** The owner's calendar, by its name in the SLA. */
  calendar: string | null;
}

/** One clock's promise to one lead, under one version of the SLA. */
export interface Terms {
  clock: string;
  label: string;
  from: Clock['from'];
  to: Clock['to'];
  within: Duration;
  business: boolean;
  calendar: Calendar;
  /** The exception that made it so; null: the clock's own promise. */
  exception: string | null;
  near_breach_percent: number | null;
}

/** A clock that was stopped for a reason of the SLA. Times are epoch milliseconds. */
export interface Pause {
  reason: string;
  from: number;
  /** Until when, as it was said at its start; null: until somebody ends it. */
  until: number | null;
  /** When somebody ended it. */
  resumed: number | null;
}

/** What happened to a clock: epoch milliseconds, null for what did not. */
export interface Run {
  started: number | null;
  /** The moment that it waits for. One before the start is none. */
  stopped: number | null;
  /** It ended without that moment, which is not owed any more: the lead was merged away before its first touch. */
  called_off: number | null;
}

/** A clock as of an instant. Instants are epoch milliseconds; amounts milliseconds as the promise counts them, a business day as 24 hours. */
export interface ClockState {
  state: 'waiting' | 'running' | 'paused' | 'stopped' | 'called_off';
  started: number | null;
  /** Null while it waits, and in a pause without an end. */
  due: number | null;
  /** When it comes near its breach; null where nobody is told. */
  near: number | null;
  within: number;
  elapsed: number;
  /** Below zero by what it ran over. */
  remaining: number;
  /** Milliseconds by the wall for which it was paused, and since when it is. */
  paused: number;
  paused_since: number | null;
  stopped: number | null;
  /** The due instant, when it passed before the clock ended. */
  breached_since: number | null;
  /** Still owed, not breached, and past `near`. */
  near_breach: boolean;
}

/** The promise of a clock to a lead: that of the first exception that holds, else the clock's own. */
export function termsOf(sla: Sla, clock: Clock, lead: ClockedLead): Terms {
  const exception = exceptionFor(clock.exceptions, clock.id, lead);
  return {
    clock: clock.id,
    label: clock.label,
    from: clock.from,
    to: clock.to,
    within: exception?.within ?? clock.within,
    business: exception?.business ?? clock.business,
    calendar: sla.calendars?.[clock.calendar ?? lead.calendar ?? ''] ?? sla.calendar,
    exception: exception?.id ?? null,
    near_breach_percent: sla.near_breach_percent ?? null,
  };
}

interface Stretch {
  from: number;
  /** Infinity: without an end. */
  to: number;
}

/**
 * The stretches for which a clock was, is and will be paused, as was known at `asOf`: in order, without overlap. A reason that the SLA
 * does not list for the clock pauses nothing; `at_most_days` are days of 24 hours.
 */
export function pausedStretches(sla: Sla, clock: string, pauses: readonly Pause[], asOf: number): Stretch[] {
  const stretches = pauses.flatMap(({ reason, from, until, resumed }): Stretch[] => {
    const rule = sla.pauses?.find(({ id }) => id === reason);
    if (rule === undefined || from > asOf || rule.clocks?.includes(clock) === false) return [];
    const ends = [until, resumed !== null && resumed <= asOf ? resumed : null, limit(rule.at_most_days, from)];
    const to = Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
    return to > from ? [{ from, to }] : [];
  });
  const merged: Stretch[] = [];
  for (const one of stretches.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && one.from <= last.to) last.to = Math.max(last.to, one.to);
    else merged.push(one);
  }
  return merged;
}

const limit = (days: number | undefined, from: number) => (days === undefined ? null : from + days * DAY);

/**
 * How a clock stands as of an instant, from what had happened by then: a function of its arguments alone, so that any past day can be
 * computed again.
 * @param paused of `pausedStretches`, for the same instant
 * @param asOf epoch milliseconds
 */
export function clockState(terms: Terms, run: Run, paused: readonly Stretch[], asOf: number): ClockState {
  const within = amountOf(terms.within);
  const started = past(run.started, asOf);
  if (started === null) return { ...WAITING, within, remaining: within };
  const measure = measureOf(terms);
  const stopped = run.stopped !== null && run.stopped >= started ? past(run.stopped, asOf) : null;
  const calledOff = stopped === null ? past(run.called_off, asOf) : null;
  const end = Math.max(started, stopped ?? calledOff ?? asOf);
  const elapsed = elapsedOf(measure, paused, started, end);
  const due = dueOf(measure, paused, started, within);
  const part = terms.near_breach_percent;
  const near = part === null ? null : dueOf(measure, paused, started, Math.ceil((within * part) / 100));
  const ended = stopped !== null || calledOff !== null;
  const pausedNow = ended ? undefined : paused.find(({ from, to }) => from <= asOf && asOf < to);
  const breached = due !== null && due < end;
  return {
    state: stopped !== null ? 'stopped' : calledOff !== null ? 'called_off' : pausedNow === undefined ? 'running' : 'paused',
    started,
    due,
    near,
    within,
    elapsed,
    remaining: within - elapsed,
    paused: paused.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, end) - Math.max(from, started)), 0),
    paused_since: pausedNow === undefined ? null : Math.max(pausedNow.from, started),
    stopped,
    breached_since: breached ? due : null,
    near_breach: !ended && !breached && near !== null && near <= asOf,
  };
}

const WAITING = {
  state: 'waiting',
  started: null,
  due: null,
  near: null,
  elapsed: 0,
  paused: 0,
  paused_since: null,
  stopped: null,
  breached_since: null,
  near_breach: false,
} as const;

const past = (instant: number | null, asOf: number) => (instant !== null && instant <= asOf ? instant : null);

/** Milliseconds of a promise; a day counts 24 hours, also a business day. */
export function amountOf({ minutes = 0, hours = 0, days = 0 }: Duration): number {
  return (minutes + hours * 60) * 60_000 + days * DAY;
}

function measureOf({ business, within, calendar }: Terms): Measure {
  if (!business) return ALL_HOURS;
  const { hours, days } = businessTime(calendar);
  return within.days === undefined ? hours : days;
}

/** The stretches in which a clock runs from its start on, between its pauses; the last one has no end unless a pause has none. */
function* running(paused: readonly Stretch[], started: number): Generator<Stretch> {
  let from = started;
  for (const pause of paused) {
    if (pause.to <= from) continue;
    if (pause.from > from) yield { from, to: pause.from };
    from = pause.to;
  }
  if (from < Number.POSITIVE_INFINITY) yield { from, to: Number.POSITIVE_INFINITY };
}

function elapsedOf(measure: Measure, paused: readonly Stretch[], started: number, end: number): number {
  let sum = 0;
  for (const { from, to } of running(paused, started)) {
    if (from >= end) break;
    sum += measure.at(Math.min(to, end)) - measure.at(from);
  }
  return sum;
}

/** The first instant at which a clock has run so long; null when a pause without an end comes first. */
function dueOf(measure: Measure, paused: readonly Stretch[], started: number, amount: number): number | null {
  let left = amount;
  for (const { from, to } of running(paused, started)) {
    const position = measure.at(from);
    const room = to === Number.POSITIVE_INFINITY ? to : measure.at(to) - position;
    if (left <= room) return measure.when(position + left);
    left -= room;
  }
  return null;
}
