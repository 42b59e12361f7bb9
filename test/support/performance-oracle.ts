import type { PerformanceWorld, Story } from './performance-world.ts';

const DAY = 86_400_000;

/** Of a list, the value at each rank and the count: written out, one value after the other. */
export interface PlainTimes {
  n: number;
  median: number | null;
  p90: number | null;
}

interface Days {
  from: number;
  to: number;
}

const dayOf = (at: number) => Math.floor(at / DAY);
const within = (day: number | null | undefined, { from, to }: Days) => day !== null && day !== undefined && day >= from && day < to;

/** The day on which a hand-off came to a stage, passed over or not. */
function cameTo({ handed, accepted, qualified, opened, ended, stage }: Story, to: string): number | null {
  const won = stage === 'won' ? ended : null;
  const first = (...at: (number | null)[]) => {
    const known = at.filter((one) => one !== null);
    return known.length === 0 ? null : dayOf(Math.min(...known));
  };
  if (to === 'mql') return dayOf(handed);
  if (to === 'accepted') return first(accepted, qualified, opened, won);
  if (to === 'qualified') return first(qualified, opened, won);
  return to === 'opportunity' ? first(opened, won) : first(won);
}

/** Those who entered, and those who reached the other stage within so many days. */
export function plainCohort({ stories }: PerformanceWorld, from: string, to: string, days: number, span: Days): [hits: number, of: number] {
  const entered = stories.filter((story) => within(cameTo(story, from), span));
  const reached = entered.filter((story) => {
    const at = cameTo(story, to);
    return at !== null && at - (cameTo(story, from) ?? 0) <= days;
  });
  return [reached.length, entered.length];
}

export function plainEntries({ stories }: PerformanceWorld, stage: string, span: Days): number {
  return stories.filter((story) => within(cameTo(story, stage), span)).length;
}

export function plainPeopleCohort({ people, stories }: PerformanceWorld, days: number, span: Days): [hits: number, of: number] {
  let [reached, entered] = [0, 0];
  for (const one of people) {
    if (one.mergedInto !== null) continue;
    const day = one.created === null ? dayOf(one.learned) : Date.parse(one.created) / DAY;
    const nodes = new Set([one.id, ...people.filter(({ mergedInto }) => mergedInto === one.id).map(({ id }) => id)]);
    const handed = stories.filter(({ person }) => nodes.has(person)).map((story) => dayOf(story.handed));
    const first = handed.length === 0 ? null : Math.min(...handed);
    if (!within(day, span) || (first !== null && first < day)) continue;
    entered += 1;
    if (first !== null && first - day <= days) reached += 1;
  }
  return [reached, entered];
}

const KEPT = ['accepted', 'qualified', 'opportunity', 'won', 'lost'];

/** Rejected of decided; one that was only sent on is neither. */
export function plainRejections({ stories }: PerformanceWorld, span: Days, of: (story: Story) => boolean = () => true): [number, number] {
  const decided = stories.filter(
    (story) =>
      of(story) &&
      story.disposed !== null &&
      within(dayOf(story.disposed), span) &&
      (KEPT.includes(story.stage) || story.code !== 'OWN-01'),
  );
  return [decided.filter(({ stage }) => !KEPT.includes(stage)).length, decided.length];
}

/** Hours that those who left a stage in the time had been in it. */
export function plainTimes({ stories }: PerformanceWorld, stage: string, span: Days): PlainTimes {
  const hours: number[] = [];
  for (const story of stories) {
    const next = (...at: (number | null)[]) => Math.min(...at.map((one) => one ?? Number.POSITIVE_INFINITY));
    const stays: Record<string, [number | null, number]> = {
      mql: [story.handed, next(story.disposed)],
      sal: [story.accepted, next(story.qualified, story.opened, story.closed)],
      sql: [story.qualified, next(story.opened, story.closed)],
      opportunity: [story.opened, next(story.closed)],
    };
    const [came = null, went = Number.POSITIVE_INFINITY] = stays[stage] ?? [];
    if (came !== null && Number.isFinite(went) && within(dayOf(went), span)) hours.push(Math.floor((went - came) / 3_600_000));
  }
  return timesOf(hours);
}

export function timesOf(values: number[]): PlainTimes {
  values.sort((a, b) => a - b);
  const n = values.length;
  return { n, median: values[Math.ceil(n / 2) - 1] ?? null, p90: values[Math.ceil(0.9 * n - 1e-9) - 1] ?? null };
}

/** Of each band of the first touch: all, and what became of them. */
export function plainBands(
  { stories }: PerformanceWorld,
  span: Days,
): Map<string, { n: number; accepted: [number, number]; opportunity: number; won: number }> {
  const bands = new Map<string, { n: number; accepted: [number, number]; opportunity: number; won: number }>();
  for (const story of stories) {
    if (!within(dayOf(story.handed), span)) continue;
    const touch = story.events.find(({ kind }) => kind === 'attempt' || kind === 'meeting');
    const minutes = touch === undefined ? null : (touch.at - story.handed) / 60_000;
    const band =
      minutes === null
        ? 'not touched yet'
        : minutes < 5
          ? 'under 5 minutes'
          : minutes < 60
            ? '5 minutes to 1 hour'
            : minutes < 240
              ? '1 to 4 hours'
              : minutes < 1440
                ? '4 to 24 hours'
                : minutes < 4320
                  ? '1 to 3 days'
                  : '3 days and more';
    const one = bands.get(band) ?? { n: 0, accepted: [0, 0], opportunity: 0, won: 0 };
    bands.set(band, one);
    one.n += 1;
    if (KEPT.includes(story.stage)) {
      one.accepted[0] += 1;
      one.accepted[1] += 1;
    } else if (story.disposed !== null && story.code !== 'OWN-01') one.accepted[1] += 1;
    if (cameTo(story, 'opportunity') !== null) one.opportunity += 1;
    if (cameTo(story, 'won') !== null) one.won += 1;
  }
  return bands;
}

export interface PlainDeal {
  id: string;
  account: string | null;
  opened: number | null;
  closed: number | null;
  isClosed: boolean;
  closeDay: number | null;
  won: boolean | null;
  currency: string | null;
  cents: number | null;
  tier: string | null;
}

/** Deals read as a person would. */
export function plainDeals({ deals, scores }: PerformanceWorld): PlainDeal[] {
  return deals.map(({ id, account, fields, stages }) => {
    const day = (value: unknown) => (typeof value === 'string' ? Date.parse(value) / DAY : null);
    const named = fields.stage === 'closed_won' || fields.stage === 'closed_lost';
    const isClosed = named || fields.is_closed === true;
    const won = named ? fields.stage === 'closed_won' : isClosed && typeof fields.is_won === 'boolean' ? fields.is_won : null;
    const amount = typeof fields.amount === 'number' ? fields.amount : null;
    const seen = stages.find(({ stage }) => stage.startsWith('closed_'));
    const opened = day(fields.created_date);
    const then = scores.filter((one) => one.account === account && opened !== null && one.day <= opened).sort((a, b) => b.day - a.day);
    return {
      id,
      account,
      opened,
      closed: isClosed && won !== null ? (day(fields.close_date) ?? (seen === undefined ? null : dayOf(seen.at))) : null,
      isClosed,
      closeDay: day(fields.close_date),
      won,
      currency: typeof fields.currency === 'string' ? fields.currency : null,
      cents: amount === null ? null : Math.round(amount * 100),
      tier: then[0]?.tier ?? null,
    };
  });
}

/** Days in each stage that a deal left in the time: of the first only where it was seen from the start. */
export function plainDealStages(world: PerformanceWorld, stage: string, span: Days): PlainTimes {
  const opened = new Map(plainDeals(world).map((deal) => [deal.id, deal.opened]));
  const days: number[] = [];
  for (const { id, stages } of world.deals) {
    const start = opened.get(id) ?? null;
    if (start === null || start >= span.to) continue;
    const moves = stages.filter((one, i) => one.stage !== stages[i - 1]?.stage);
    for (const [i, move] of moves.entries()) {
      const next = moves[i + 1];
      if (next === undefined || move.stage !== stage || !within(dayOf(next.at), span)) continue;
      if (i === 0 && dayOf(move.at) > start + 1) continue;
      const came = i === 0 ? start : dayOf(move.at);
      if (dayOf(next.at) >= came) days.push(dayOf(next.at) - came);
    }
  }
  return timesOf(days);
}

/** Roles of the shipped ICP that it requires, by the fields of people. */
const ROLES: Readonly<Record<string, (fields: Record<string, string>) => boolean>> = {
  economic_buyer: ({ buying_role, seniority = '', department = '' }) =>
    buying_role === 'economic_buyer' ||
    (['c_level', 'vp'].includes(seniority) && ['marketing', 'sales', 'revenue_operations', 'executive', 'finance'].includes(department)),
  champion: ({ buying_role, seniority = '', department = '' }) =>
    buying_role === 'champion' ||
    (['head', 'director', 'manager'].includes(seniority) && ['marketing', 'sales', 'revenue_operations'].includes(department)),
  technical_evaluator: ({ buying_role, department = '' }) =>
    buying_role === 'technical_evaluator' || ['engineering', 'it', 'data', 'security'].includes(department),
};

/** Deals of which all the roles are among the people of the account. */
export function plainCoverage(world: PerformanceWorld, roles: readonly string[], of: (deal: PlainDeal) => boolean): [number, number] {
  const deals = plainDeals(world).filter(of);
  const covered = deals.filter(({ account }) => {
    const people = world.people.filter((one) => account !== null && one.account === account && one.mergedInto === null);
    return roles.every((role) => people.some(({ fields }) => ROLES[role]?.(fields) === true));
  });
  return [covered.length, deals.length];
}

/** Accounts by the tier that they had when two days ended, as `before this`; those that were scored on neither day are left out. */
export function plainMoves({ scores }: PerformanceWorld, before: number, now: number): Map<string, number> {
  const moves = new Map<string, number>();
  const then = (account: string, end: number) =>
    scores.filter((one) => one.account === account && one.day < end).sort((a, b) => b.day - a.day)[0]?.tier ?? 'none';
  for (const account of new Set(scores.map((one) => one.account))) {
    const move = `${then(account, before)} ${then(account, now)}`;
    if (move !== 'none none') moves.set(move, (moves.get(move) ?? 0) + 1);
  }
  return moves;
}
