import { z } from 'zod';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { type Clash, clashes, head, label, prose, refuseRepeats } from './common.ts';
import { predicateDocument, slug } from './predicate.ts';
import type { Holed } from './problems.ts';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** What starts and stops a clock. */
export const SLA_MOMENTS = ['hand_off', 'first_touch', 'disposition', 'acceptance', 'first_meeting', 'follow_up_done'] as const;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day as in "09:00", in quotes');
const span = z
  .tuple([time, time])
  .refine(([from, to]) => from < to, 'opens before it closes; hours over midnight are two entries, one a day');
const dayHours = z
  .array(span)
  .max(4)
  .refine((spans) => spans.every((s, i) => i === 0 || (spans[i - 1]?.[1] ?? '') <= s[0]), 'hours ascend and do not overlap');
const zone = z.string().refine(isTimeZone, 'a time zone of the IANA list, as in Europe/Berlin');
const duration = z
  .strictObject({
    minutes: z.int().min(1).max(100_000).optional(),
    hours: z.int().min(1).max(10_000).optional(),
    days: z.int().min(1).max(400).optional(),
  })
  .refine((d) => Object.values(d).filter((v) => v !== undefined).length === 1, 'give one of minutes, hours, days');

/** The promises between the teams: how soon, in whose hours, and what stops the clock. */
export const slaDocument = z
  .strictObject({
    kind: z.literal('sla'),
    ...head,
    calendar: z.strictObject({
      time_zone: zone,
      /** Business hours by weekday; a day left out is closed. */
      hours: z
        .partialRecord(z.enum(WEEKDAYS), dayHours)
        .refine((h) => Object.values(h).some((d) => (d ?? []).length > 0), 'some day is open'),
      holidays: z
        .array(z.strictObject({ date: z.string().refine(isIsoDate, ISO_DATE), label }))
        .max(1000)
        .optional(),
    }),
    clocks: z
      .array(
        z
          .strictObject({
            id: slug,
            label,
            from: z.enum(SLA_MOMENTS),
            to: z.enum(SLA_MOMENTS),
            /** The promise. */
            within: duration,
            /** True: time and days run in business hours only. */
            business: z.boolean(),
            /** Leads with another promise; the first that holds is used. */
            exceptions: z
              .array(
                z.strictObject({
                  id: slug,
                  label: label.optional(),
                  when: predicateDocument,
                  within: duration,
                  business: z.boolean().optional(),
                }),
              )
              .max(20)
              .optional(),
          })
          .refine((c) => c.from !== c.to, 'a clock stops at another moment than it starts'),
      )
      .min(1)
      .max(20),
    /** What is tried before a lead may be called unable to reach. */
    follow_up: z.strictObject({
      attempts: z
        .array(z.strictObject({ type: slug, at_least: z.int().min(1).max(100) }))
        .min(1)
        .max(10),
      within_business_days: z.int().min(1).max(100),
    }),
    /** The only reasons for which a clock may be paused. */
    pauses: z
      .array(z.strictObject({ id: slug, label, description: prose.optional() }))
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

/** What its parts say that cannot stand together. */
export function slaProblems(sla: Holed<Sla>): Clash[] {
  const { found, fail } = clashes();
  refuseRepeats(sla.clocks, ['clocks'], (x) => x.id, fail);
  refuseRepeats(sla.pauses, ['pauses'], (x) => x.id, fail);
  refuseRepeats(sla.calendar?.holidays, ['calendar', 'holidays'], (x) => x.date, fail, 'date');
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
