import { z } from 'zod';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { type Clash, clashes, duration, head, label, prose, refuseRepeats, refuseUnknown, tiers } from './common.ts';
import { predicateDocument, slug } from './predicate.ts';
import type { Holed } from './problems.ts';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** What starts and stops a clock. */
const SLA_MOMENTS = ['hand_off', 'first_touch', 'disposition', 'acceptance', 'first_meeting', 'follow_up_done'] as const;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day as in "09:00", in quotes');
const span = z
  .tuple([time, time])
  .refine(([from, to]) => from < to, 'opens before it closes; hours over midnight are two entries, one a day');
const dayHours = z
  .array(span)
  .max(4)
  .refine((spans) => spans.every((s, i) => i === 0 || (spans[i - 1]?.[1] ?? '') <= s[0]), 'hours ascend and do not overlap');
const zone = z.string().refine(isTimeZone, 'a time zone of the IANA list, as in Europe/Berlin');

const calendar = z.strictObject({
  time_zone: zone,
  /** Business hours by weekday; a day left out is closed. */
  hours: z
    .partialRecord(z.enum(WEEKDAYS), dayHours)
    .refine((h) => Object.values(h).some((d) => (d ?? []).length > 0), 'no day is open: give the hours of one at least'),
  holidays: z
    .array(z.strictObject({ date: z.string().refine(isIsoDate, ISO_DATE), label }))
    .max(1000)
    .optional(),
});

/** Which leads an exception is for: of these sources, in these tiers, for whom the predicate holds; all that are given. */
const leads = {
  id: slug,
  label: label.optional(),
  when: predicateDocument.optional(),
  /** Lead sources of the taxonomy. */
  sources: z.array(slug).min(1).max(50).optional(),
  tiers: tiers.optional(),
};
const someLeads = [
  (x: { when?: unknown; sources?: unknown; tiers?: unknown }) => x.when !== undefined || x.sources !== undefined || x.tiers !== undefined,
  'say of which leads: when, sources or tiers',
] as const;

const attempts = z
  .array(z.strictObject({ type: slug, at_least: z.int().min(1).max(100) }))
  .min(1)
  .max(10);
const withinDays = z.int().min(1).max(100);

const clock = z
  .strictObject({
    id: slug,
    label,
    from: z.enum(SLA_MOMENTS),
    to: z.enum(SLA_MOMENTS),
    /** The promise. */
    within: duration,
    /** True: time and days run in business hours only. */
    business: z.boolean(),
    /** One of `calendars`; the calendar of the lead's owner, or else `calendar`, when left out. */
    calendar: slug.optional(),
    /** Leads with another promise; the first that holds is used. */
    exceptions: z
      .array(z.strictObject({ ...leads, within: duration, business: z.boolean().optional() }).refine(...someLeads))
      .max(20)
      .optional(),
  })
  .refine((c) => c.from !== c.to, 'a clock stops at another moment than it starts');

/** The promises between the teams: how soon, in whose hours, and what stops the clock. */
export const slaDocument = z
  .strictObject({
    kind: z.literal('sla'),
    ...head,
    calendar,
    /** Other hours, by name: of an office, of a team. */
    calendars: z.record(slug, calendar).optional(),
    clocks: z.array(clock).min(1).max(20),
    /** A clock that has run so many percent of its time is announced as near its breach. */
    near_breach_percent: z.int().min(1).max(99).optional(),
    /** What is tried before a lead may be called unable to reach. */
    follow_up: z.strictObject({
      attempts,
      within_business_days: withinDays,
      /** Leads that are tried otherwise; the first that holds is used. */
      exceptions: z
        .array(z.strictObject({ ...leads, attempts, within_business_days: withinDays }).refine(...someLeads))
        .max(20)
        .optional(),
    }),
    /** How long after a disposition it may be taken back as a slip. */
    reversal_within: duration.optional(),
    /** The only reasons for which a clock may be paused. */
    pauses: z
      .array(
        z.strictObject({
          id: slug,
          label,
          description: prose.optional(),
          /** The clocks that it pauses; all, when left out. */
          clocks: z.array(slug).min(1).max(20).optional(),
          /** After so many days the clock runs again by itself. */
          at_most_days: z.int().min(1).max(400).optional(),
        }),
      )
      .max(20)
      .optional(),
    report: z
      .strictObject({
        percentiles: z.array(z.int().min(1).max(99)).min(1).max(10),
        by: z.array(z.enum(['lead_source', 'segment', 'tier', 'owner', 'country'])).max(5),
      })
      .optional(),
  })
  .superRefine((sla, issue) => {
    for (const found of slaProblems(sla)) issue.addIssue({ code: 'custom', ...found });
  });

export type Sla = z.infer<typeof slaDocument>;
export type Clock = Sla['clocks'][number];
export type Calendar = Sla['calendar'];
export type Duration = Clock['within'];

/** What its parts say that cannot stand together. */
export function slaProblems(sla: Holed<Sla>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(sla.clocks, ['clocks'], (x) => x.id, fail);
  refuseRepeats(sla.pauses, ['pauses'], (x) => x.id, fail);
  refuseRepeats(sla.calendar?.holidays, ['calendar', 'holidays'], (x) => x.date, fail, 'date');
  refuseRepeats(sla.follow_up?.exceptions, ['follow_up', 'exceptions'], (x) => x.id, fail);
  for (const [name, one] of Object.entries(sla.calendars ?? {}))
    refuseRepeats(one?.holidays, ['calendars', name, 'holidays'], (x) => x.date, fail, 'date');
  const calendars = Object.keys(sla.calendars ?? {});
  for (const [i, clock] of (sla.clocks ?? []).entries()) {
    refuseRepeats(clock?.exceptions, ['clocks', i, 'exceptions'], (x) => x.id, fail);
    if (clock?.calendar !== undefined && !calendars.includes(clock.calendar))
      fail(
        ['clocks', i, 'calendar'],
        `there is no calendar "${clock.calendar}" under calendars; there are ${calendars.join(', ') || 'none'}`,
      );
  }
  for (const [i, pause] of (sla.pauses ?? []).entries())
    refuseUnknown(
      pause?.clocks,
      sla.clocks?.map((x) => x?.id),
      ['pauses', i, 'clocks'],
      'clock',
      fail,
    );
  return found;
}

/** What makes an SLA that can be read useless: no new one is taken with it, and one that was saved before stays as it is. */
export function slaContradictions(sla: Holed<Sla>): Clash[] {
  const { found, fail } = clashes();
  for (const [i, clock] of (sla.clocks ?? []).entries()) {
    if (clock?.to === 'hand_off') fail(['clocks', i, 'to'], 'no clock stops at the hand-off: it is where the first one starts');
    if (clock?.from === 'first_meeting')
      fail(['clocks', i, 'from'], 'no clock starts at the first meeting: it is the last moment there is');
  }
  return found;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name === 'UTC' || name.includes('/');
  } catch {
    return false;
  }
}
