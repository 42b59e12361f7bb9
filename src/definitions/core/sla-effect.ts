import { canonicalJson } from '../../kernel/canonical-json.ts';
import { TIERS } from './common.ts';
import { type Labels, predicateSentence } from './sentence.ts';
import { type Calendar, type Clock, type Duration, type Sla, WEEKDAYS } from './sla.ts';

/** A clock that another SLA would run otherwise, for leads of one source and tier. */
export interface ClockChange {
  clock: string;
  /** A lead source; null: all. */
  source: string | null;
  tier: string | null;
  /** A condition beside both, as a sentence; null: none. */
  when: string | null;
  /** The promise as text: `4 business hours`; null: there is no such clock. */
  from: string | null;
  to: string | null;
}

type Cell = Pick<ClockChange, 'from' | 'to'>;

/**
 * The clocks that would change for leads handed off from then on, as few rows as say it. Clocks that run keep the version under which
 * they started, so nothing else changes.
 * @param sources the lead sources there are
 */
export function clockChanges(before: Sla, after: Sla, { sources, labels }: { sources: readonly string[]; labels: Labels }): ClockChange[] {
  const clocks = new Set([...before.clocks, ...after.clocks].map(({ id }) => id));
  return [...clocks].flatMap((id): ClockChange[] => {
    const [old, fresh] = [before, after].map((sla) => ({ sla, clock: sla.clocks.find((one) => one.id === id) }));
    if (old === undefined || fresh === undefined) return [];
    const cell = (source: string, tier: string): Cell => told(promised(old, source, tier), promised(fresh, source, tier));
    const plain = gathered(sources, cell).map((change) => ({ clock: id, when: null, ...change }));
    return [...plain, ...conditional(id, old, fresh, labels)];
  });
}

interface Side {
  sla: Sla;
  clock: Clock | undefined;
}

/** A promise in short, and all that it depends on. */
interface Promised {
  short: string | null;
  whole: string;
}

const NOTHING: Promised = { short: null, whole: '' };

function promised({ sla, clock }: Side, source: string, tier: string): Promised {
  if (clock === undefined) return NOTHING;
  const exception = clock.exceptions?.find(
    (x) => x.when === undefined && (x.sources?.includes(source) ?? true) && (x.tiers?.some((one) => one === tier) ?? true),
  );
  return promise(sla, clock, exception);
}

function promise(sla: Sla, clock: Clock, other?: { within: Duration; business?: boolean | undefined }): Promised {
  const business = other?.business ?? clock.business;
  const short = durationText(other?.within ?? clock.within, business);
  const calendar = clock.calendar === undefined ? sla.calendar : (sla.calendars?.[clock.calendar] ?? sla.calendar);
  const moments = `from ${words(clock.from)} to ${words(clock.to)}`;
  return { short, whole: `${short} ${moments}${business ? ` in ${calendarText(calendar)} ${canonicalJson(calendar)}` : ''}` };
}

/** From and to of one cell: in short where that tells them apart, with moments and hours where it does not. */
function told(before: Promised, after: Promised): Cell {
  if (before.whole === after.whole) return { from: before.short, to: before.short };
  if (before.short !== after.short) return { from: before.short, to: after.short };
  const long = ({ whole }: Promised) => whole.replace(/ \{.*$/, '');
  const [from, to] = [long(before), long(after)];
  return { from, to: from === to ? `${to}, on other days or hours` : to };
}

type Row = Cell & Pick<ClockChange, 'source' | 'tier'>;

/** The changes of a clock's cells: all at once, by tier, by source, or each for itself. */
function gathered(sources: readonly string[], cell: (source: string, tier: string) => Cell): Row[] {
  const cells = sources.flatMap((source) => TIERS.map((tier): Row => ({ source, tier, ...cell(source, tier) })));
  const byTier = TIERS.map((tier) => cells.filter((one) => one.tier === tier));
  const rows = isUniform(cells)
    ? asOne(cells, { source: null, tier: null })
    : byTier.every(isUniform)
      ? byTier.flatMap((some) => asOne(some, { source: null }))
      : sources.flatMap((source) => {
          const some = cells.filter((one) => one.source === source);
          return isUniform(some) ? asOne(some, { tier: null }) : some;
        });
  return rows.filter(({ from, to }) => from !== to);
}

const isUniform = (rows: readonly Row[]) => rows.every((one) => one.from === rows[0]?.from && one.to === rows[0]?.to);
const asOne = (rows: readonly Row[], leads: Partial<Row>): Row[] => rows.slice(0, 1).map((one) => ({ ...one, ...leads }));

/** Exceptions with a condition, by id. */
function conditional(id: string, before: Side, after: Side, labels: Labels): ClockChange[] {
  const of = ({ clock }: Side) => (clock?.exceptions ?? []).filter((x) => x.when !== undefined);
  const ids = new Set([...of(before), ...of(after)].map((x) => x.id));
  return [...ids].flatMap((exception): ClockChange[] => {
    const [old, fresh] = [before, after].map((side) => {
      const found = of(side).find((x) => x.id === exception);
      const when = found?.when === undefined ? null : predicateSentence(found.when, labels);
      const said = found === undefined || side.clock === undefined ? NOTHING : promise(side.sla, side.clock, found);
      const leads = [...(found?.sources ?? []), ...(found?.tiers ?? []).map((tier) => `tier ${tier}`)].join(', ');
      return { when: when === null ? null : [leads, when].filter((part) => part !== '').join('; '), said };
    });
    if (old === undefined || fresh === undefined) return [];
    const at = { clock: id, source: null, tier: null };
    if (old.when !== null && fresh.when !== null && old.when !== fresh.when)
      return [
        { ...at, when: old.when, from: old.said.short, to: null },
        { ...at, when: fresh.when, from: null, to: fresh.said.short },
      ];
    const { from, to } = told(old.said, fresh.said);
    return from === to ? [] : [{ ...at, when: fresh.when ?? old.when, from, to }];
  });
}

/** `4 business hours`, `2 days`. */
export function durationText(duration: Duration, business: boolean): string {
  const [unit, n] = Object.entries(duration).find(([, value]) => value !== undefined) ?? ['hours', 0];
  return `${n} ${business ? 'business ' : ''}${n === 1 ? unit.slice(0, -1) : unit}`;
}

/** `America/New_York, 40 hours a week, 12 holidays`. */
function calendarText(calendar: Calendar): string {
  const minutes = WEEKDAYS.flatMap((day) => calendar.hours[day] ?? []).reduce((sum, [from, to]) => sum + minuteOf(to) - minuteOf(from), 0);
  return `${calendar.time_zone}, ${Math.round((minutes / 60) * 100) / 100} hours a week, ${calendar.holidays?.length ?? 0} holidays`;
}

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const words = (moment: string) => moment.replaceAll('_', ' ');

/** A change as a line. */
export function clockChangeText({ clock, source, tier, when, from, to }: ClockChange): string {
  const leads = [source === null ? [] : [source], tier === null ? [] : [`tier ${tier}`], when === null ? [] : [`when ${when}`]].flat();
  const none = when === null ? 'no clock' : 'no such rule';
  return `${clock}${leads.length === 0 ? '' : ` (${leads.join(', ')})`}: ${from ?? none} → ${to ?? none}`;
}
