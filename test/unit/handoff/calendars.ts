import type { Calendar, Sla } from '../../../src/definitions/core/sla.ts';

type Spans = [string, string][];

const weekdays = (...spans: Spans): Calendar['hours'] => ({
  monday: spans,
  tuesday: spans,
  wednesday: spans,
  thursday: spans,
  friday: spans,
});
const daily = (...spans: Spans): Calendar['hours'] => ({ ...weekdays(...spans), saturday: spans, sunday: spans });
const nine: [string, string] = ['09:00', '17:00'];
const off = (...dates: string[]) => dates.map((date) => ({ date, label: 'Closed' }));

export const CALENDARS = {
  ny: { time_zone: 'America/New_York', hours: weekdays(nine), holidays: off('2026-07-03', '2026-11-26', '2026-12-25', '2027-01-01') },
  ny_breaks: { time_zone: 'America/New_York', hours: weekdays(['09:00', '12:00'], ['13:00', '17:00']) },
  ny_short_friday: { time_zone: 'America/New_York', hours: { ...weekdays(nine), friday: [['09:00', '13:00']] } },
  ny_always: { time_zone: 'America/New_York', hours: daily(['00:00', '24:00']) },
  ny_night: { time_zone: 'America/New_York', hours: daily(['00:00', '06:00'], ['22:00', '24:00']) },
  ny_gap: { time_zone: 'America/New_York', hours: { sunday: [['02:15', '04:00']] } },
  ny_in_gap: { time_zone: 'America/New_York', hours: { sunday: [['02:15', '02:45']] } },
  ny_twice: { time_zone: 'America/New_York', hours: { sunday: [['01:30', '04:00']] } },
  ny_to_twice: { time_zone: 'America/New_York', hours: { sunday: [['00:00', '01:30']] } },
  ny_new_rule: { time_zone: 'America/New_York', hours: weekdays(['08:00', '20:00']), holidays: off('2026-03-09') },
  berlin: { time_zone: 'Europe/Berlin', hours: weekdays(['08:30', '17:30']), holidays: off('2026-05-01', '2026-12-25') },
  london: { time_zone: 'Europe/London', hours: weekdays(['09:00', '17:30']), holidays: off('2026-12-25', '2026-12-28') },
  dubai: { time_zone: 'Asia/Dubai', hours: { sunday: [nine], monday: [nine], tuesday: [nine], wednesday: [nine], thursday: [nine] } },
  kolkata: { time_zone: 'Asia/Kolkata', hours: weekdays(['09:30', '18:30']) },
  kathmandu: { time_zone: 'Asia/Kathmandu', hours: weekdays(nine) },
  sydney: { time_zone: 'Australia/Sydney', hours: weekdays(nine) },
  lord_howe: { time_zone: 'Australia/Lord_Howe', hours: daily(['00:00', '24:00']) },
  apia: { time_zone: 'Pacific/Apia', hours: daily(nine) },
  cairo: { time_zone: 'Africa/Cairo', hours: daily(['00:00', '08:00']) },
  asuncion: { time_zone: 'America/Asuncion', hours: daily(['20:00', '24:00']) },
  utc: { time_zone: 'UTC', hours: weekdays(nine) },
  mondays: { time_zone: 'UTC', hours: { monday: [nine] }, holidays: off('2026-01-12', '2026-01-19') },
} satisfies Record<string, Calendar>;

/** An SLA of one clock on one calendar, with three reasons to pause it. */
export function slaOf(calendar: Calendar, clock: Partial<Sla['clocks'][number]> = {}, more: Partial<Sla> = {}): Sla {
  return {
    kind: 'sla',
    calendar,
    clocks: [{ id: 'touch', label: 'First touch', from: 'hand_off', to: 'first_touch', within: { hours: 4 }, business: true, ...clock }],
    near_breach_percent: 80,
    follow_up: { attempts: [{ type: 'call', at_least: 1 }], within_business_days: 5 },
    pauses: [
      { id: 'asked', label: 'Asked to wait' },
      { id: 'short', label: 'For two days', at_most_days: 2 },
      { id: 'other', label: 'Of another clock', clocks: ['meeting'] },
    ],
    ...more,
  };
}
