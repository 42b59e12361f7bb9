import type { Duration } from '../../../src/definitions/core/sla.ts';
import type { CALENDARS } from './calendars.ts';

/** A stretch `reason from until`; without the last one it has no end. */
type Paused = [reason: 'asked' | 'short' | 'other', from: string, until?: string];

/** What a clock on a calendar's business time is due, worked out by hand. */
export type DueCase = [
  what: string,
  calendar: keyof typeof CALENDARS,
  started: string,
  within: Duration,
  due: string | null,
  ...paused: Paused[],
];

const h = (hours: number): Duration => ({ hours });
const m = (minutes: number): Duration => ({ minutes });
const d = (days: number): Duration => ({ days });

export const DUE: readonly DueCase[] = [
  // within a day, and over a night
  ['inside a day', 'ny', '2026-06-02T10:00-04:00', h(4), '2026-06-02T14:00-04:00'],
  ['to the minute of closing', 'ny', '2026-06-02T13:00-04:00', h(4), '2026-06-02T17:00-04:00'],
  ['a minute over closing', 'ny', '2026-06-02T13:01-04:00', h(4), '2026-06-03T09:01-04:00'],
  ['over a night', 'ny', '2026-06-02T16:00-04:00', h(4), '2026-06-03T12:00-04:00'],
  ['seconds are kept', 'ny', '2026-06-02T16:59:30-04:00', m(1), '2026-06-03T09:00:30-04:00'],
  ['ten minutes', 'ny', '2026-06-02T16:55-04:00', m(10), '2026-06-03T09:05-04:00'],
  ['a whole day is at closing', 'ny', '2026-06-02T09:00-04:00', h(8), '2026-06-02T17:00-04:00'],
  ['two whole days', 'ny', '2026-06-02T09:00-04:00', h(16), '2026-06-03T17:00-04:00'],
  ['a hundred hours', 'ny', '2026-06-01T09:00-04:00', h(100), '2026-06-17T13:00-04:00'],
  // a start outside hours
  ['before opening', 'ny', '2026-06-02T07:00-04:00', h(4), '2026-06-02T13:00-04:00'],
  ['at opening', 'ny', '2026-06-02T09:00-04:00', h(4), '2026-06-02T13:00-04:00'],
  ['at closing', 'ny', '2026-06-02T17:00-04:00', h(4), '2026-06-03T13:00-04:00'],
  ['after closing', 'ny', '2026-06-02T20:00-04:00', h(4), '2026-06-03T13:00-04:00'],
  ['just after midnight', 'ny', '2026-06-03T00:01-04:00', h(4), '2026-06-03T13:00-04:00'],
  // weekends
  ['over a weekend', 'ny', '2026-06-05T15:00-04:00', h(4), '2026-06-08T11:00-04:00'],
  ['from a Saturday', 'ny', '2026-06-06T12:00-04:00', h(4), '2026-06-08T13:00-04:00'],
  ['from a Sunday night', 'ny', '2026-06-07T23:59-04:00', m(30), '2026-06-08T09:30-04:00'],
  ['a week from Sunday to Thursday', 'dubai', '2026-06-04T16:00+04:00', h(4), '2026-06-07T12:00+04:00'],
  ['open on Mondays alone', 'mondays', '2026-01-05T16:00Z', h(2), '2026-01-26T10:00Z'],
  // holidays
  ['over a holiday', 'ny', '2026-11-25T15:00-05:00', h(4), '2026-11-27T11:00-05:00'],
  ['a holiday and a weekend', 'ny', '2026-07-02T16:00-04:00', h(4), '2026-07-06T12:00-04:00'],
  ['from inside a holiday', 'ny', '2026-12-25T10:00-05:00', h(4), '2026-12-28T13:00-05:00'],
  ['over the new year', 'ny', '2026-12-31T16:00-05:00', h(4), '2027-01-04T12:00-05:00'],
  ['two holidays about a weekend', 'london', '2026-12-24T17:00Z', h(1), '2026-12-29T09:30Z'],
  ['a holiday is a day of the zone', 'berlin', '2026-04-30T23:00Z', h(1), '2026-05-04T07:30Z'],
  ['no holiday where none is listed', 'utc', '2026-12-25T10:00Z', h(4), '2026-12-25T14:00Z'],
  // breaks and odd hours
  ['over a break', 'ny_breaks', '2026-06-02T11:00-04:00', h(2), '2026-06-02T14:00-04:00'],
  ['to the start of a break', 'ny_breaks', '2026-06-02T11:00-04:00', h(1), '2026-06-02T12:00-04:00'],
  ['from inside a break', 'ny_breaks', '2026-06-02T12:30-04:00', h(1), '2026-06-02T14:00-04:00'],
  ['over a break and a night', 'ny_breaks', '2026-06-02T11:00-04:00', h(7), '2026-06-03T11:00-04:00'],
  ['until 24:00', 'ny_always', '2026-06-02T20:00-04:00', h(4), '2026-06-03T00:00-04:00'],
  ['through 24:00', 'ny_always', '2026-06-02T20:00-04:00', h(8), '2026-06-03T04:00-04:00'],
  ['a night shift in two spans', 'ny_night', '2026-06-02T23:00-04:00', h(8), '2026-06-03T23:00-04:00'],
  // clocks go forward: 2026-03-08 in New York, 2026-03-29 in Europe, 2026-10-04 in Sydney
  ['over the start of summer time', 'ny', '2026-03-06T16:00-05:00', h(4), '2026-03-09T12:00-04:00'],
  ['through the lost hour', 'ny_always', '2026-03-07T23:00-05:00', h(4), '2026-03-08T04:00-04:00'],
  ['a night with the lost hour', 'ny_night', '2026-03-08T00:00-05:00', h(6), '2026-03-08T23:00-04:00'],
  ['opens in the lost hour', 'ny_gap', '2026-03-08T00:00-05:00', h(1), '2026-03-08T04:00-04:00'],
  ['open in the lost hour alone', 'ny_in_gap', '2026-03-08T00:00-05:00', m(30), '2026-03-15T02:45-04:00'],
  ['Berlin in March', 'berlin', '2026-03-27T17:00+01:00', h(1), '2026-03-30T09:00+02:00'],
  ['Sydney in October', 'sydney', '2026-10-02T16:00+10:00', h(2), '2026-10-05T10:00+11:00'],
  ['half an hour on Lord Howe', 'lord_howe', '2026-10-04T01:00+10:30', h(2), '2026-10-04T03:30+11:00'],
  ['a midnight that is skipped', 'cairo', '2026-04-23T23:00+02:00', h(7), '2026-04-24T08:00+03:00'],
  // clocks go back: 2026-11-01 in New York, 2026-10-25 in Europe, 2026-04-05 in Sydney
  ['over the end of summer time', 'ny', '2026-10-30T16:00-04:00', h(4), '2026-11-02T12:00-05:00'],
  ['through the hour that comes twice', 'ny_always', '2026-10-31T23:00-04:00', h(4), '2026-11-01T02:00-05:00'],
  ['opens the first time', 'ny_twice', '2026-11-01T00:00-04:00', h(1), '2026-11-01T01:30-05:00'],
  ['closes the first time', 'ny_to_twice', '2026-11-01T00:00-04:00', h(2), '2026-11-08T00:30-05:00'],
  ['starts the second time', 'ny_twice', '2026-11-01T01:15-05:00', h(1), '2026-11-01T02:15-05:00'],
  ['Berlin in October', 'berlin', '2026-10-23T17:00+02:00', h(1), '2026-10-26T09:00+01:00'],
  ['Sydney in April', 'sydney', '2026-04-03T16:00+11:00', h(2), '2026-04-06T10:00+10:00'],
  ['half an hour back on Lord Howe', 'lord_howe', '2026-04-05T01:00+11:00', h(2), '2026-04-05T02:30+10:30'],
  ['a midnight that is put off', 'asuncion', '2024-03-23T19:00-03:00', h(5), '2024-03-24T00:00-04:00'],
  // other zones
  ['half an hour off', 'kolkata', '2026-06-02T18:00+05:30', h(1), '2026-06-03T10:00+05:30'],
  ['a quarter of an hour off', 'kathmandu', '2026-06-02T16:30+05:45', h(1), '2026-06-03T09:30+05:45'],
  ['from another day by UTC', 'sydney', '2026-06-01T23:30Z', h(1), '2026-06-02T00:30Z'],
  ['a day that never was', 'apia', '2011-12-29T16:00-10:00', h(2), '2011-12-31T10:00+14:00'],
  // leap days and years
  ['on a leap day', 'utc', '2028-02-28T16:00Z', h(4), '2028-02-29T12:00Z'],
  ['no leap day in 2026', 'utc', '2026-02-27T16:00Z', h(4), '2026-03-02T12:00Z'],
  ['a weekend with a leap day', 'utc', '2032-02-27T16:00Z', h(2), '2032-03-01T10:00Z'],
  ['a leap year of hours', 'utc', '2028-01-03T09:00Z', h(2080), '2028-12-29T17:00Z'],
  // business days
  ['five days from a morning', 'ny', '2026-06-01T10:00-04:00', d(5), '2026-06-08T10:00-04:00'],
  ['five days from opening', 'ny', '2026-06-01T09:00-04:00', d(5), '2026-06-05T17:00-04:00'],
  ['five days from a Saturday', 'ny', '2026-06-06T12:00-04:00', d(5), '2026-06-12T17:00-04:00'],
  ['five days over a holiday', 'ny', '2026-11-23T10:00-05:00', d(5), '2026-12-01T10:00-05:00'],
  ['a short day is a day', 'ny_short_friday', '2026-06-05T11:00-04:00', d(1), '2026-06-08T13:00-04:00'],
  ['half of a long day is half of a short one', 'ny_short_friday', '2026-06-04T13:00-04:00', d(1), '2026-06-05T11:00-04:00'],
  ['days over summer time', 'ny', '2026-03-06T10:00-05:00', d(2), '2026-03-10T10:00-04:00'],
  ['days with a break', 'ny_breaks', '2026-06-02T14:00-04:00', d(1), '2026-06-03T14:00-04:00'],
  // pauses
  [
    'a pause inside a day',
    'ny',
    '2026-06-02T10:00-04:00',
    h(4),
    '2026-06-02T15:00-04:00',
    ['asked', '2026-06-02T11:00-04:00', '2026-06-02T12:00-04:00'],
  ],
  [
    'a pause over a night',
    'ny',
    '2026-06-02T15:00-04:00',
    h(4),
    '2026-06-03T14:00-04:00',
    ['asked', '2026-06-02T16:00-04:00', '2026-06-03T11:00-04:00'],
  ],
  [
    'a pause from night to night',
    'ny',
    '2026-06-02T16:00-04:00',
    h(4),
    '2026-06-04T12:00-04:00',
    ['asked', '2026-06-02T22:00-04:00', '2026-06-03T22:00-04:00'],
  ],
  [
    'a pause outside hours',
    'ny',
    '2026-06-02T16:00-04:00',
    h(4),
    '2026-06-03T12:00-04:00',
    ['asked', '2026-06-02T18:00-04:00', '2026-06-03T08:00-04:00'],
  ],
  [
    'a pause from before the start',
    'ny',
    '2026-06-02T10:00-04:00',
    h(4),
    '2026-06-02T16:00-04:00',
    ['asked', '2026-06-01T10:00-04:00', '2026-06-02T12:00-04:00'],
  ],
  [
    'pauses that overlap count once',
    'ny',
    '2026-06-02T09:00-04:00',
    h(4),
    '2026-06-02T15:00-04:00',
    ['asked', '2026-06-02T10:00-04:00', '2026-06-02T11:30-04:00'],
    ['short', '2026-06-02T11:00-04:00', '2026-06-02T12:00-04:00'],
  ],
  [
    'a pause after it was due',
    'ny',
    '2026-06-02T09:00-04:00',
    h(4),
    '2026-06-02T13:00-04:00',
    ['asked', '2026-06-02T13:00-04:00', '2026-06-02T16:00-04:00'],
  ],
  ['a pause without an end', 'ny', '2026-06-02T09:00-04:00', h(4), null, ['asked', '2026-06-02T10:00-04:00']],
  ['a pause that ends by itself', 'ny', '2026-06-02T09:00-04:00', h(4), '2026-06-04T13:00-04:00', ['short', '2026-06-02T10:00-04:00']],
  [
    'a pause that may not be so long',
    'ny',
    '2026-06-02T09:00-04:00',
    h(4),
    '2026-06-04T13:00-04:00',
    ['short', '2026-06-02T10:00-04:00', '2026-06-12T10:00-04:00'],
  ],
  ['a pause of another clock', 'ny', '2026-06-02T09:00-04:00', h(4), '2026-06-02T13:00-04:00', ['other', '2026-06-02T10:00-04:00']],
  [
    'a pause through summer time',
    'ny_always',
    '2026-03-07T23:00-05:00',
    h(4),
    '2026-03-08T07:00-04:00',
    ['asked', '2026-03-08T00:00-05:00', '2026-03-08T04:00-04:00'],
  ],
  [
    'days with a pause of a day',
    'ny',
    '2026-06-01T10:00-04:00',
    d(2),
    '2026-06-04T10:00-04:00',
    ['asked', '2026-06-01T17:00-04:00', '2026-06-02T17:00-04:00'],
  ],
  // another SLA for the same moments
  ['under the version before', 'ny', '2026-03-06T16:00-05:00', h(4), '2026-03-09T12:00-04:00'],
  ['under the version after', 'ny_new_rule', '2026-03-06T16:00-05:00', h(4), '2026-03-06T20:00-05:00'],
  ['with the holiday of the version after', 'ny_new_rule', '2026-03-06T18:00-05:00', h(4), '2026-03-10T10:00-04:00'],
];
