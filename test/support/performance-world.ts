import { chanceFrom } from '../../src/kernel/chance.ts';
import { derivedId } from '../../src/kernel/ids.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

export interface StoryEvent {
  kind: string;
  at: number;
  code?: string;
  rerouted?: boolean;
}

/** A hand-off as it was lived: what happened, and what it stands as. Instants are epoch milliseconds. */
export interface Story {
  id: string;
  person: string;
  handed: number;
  source: string | null;
  tier: string | null;
  /** After the hand-off, in order. */
  events: StoryEvent[];
  /** Of what was not taken back. */
  stage: string;
  code: string | null;
  disposed: number | null;
  closed: number | null;
  accepted: number | null;
  qualified: number | null;
  opened: number | null;
  ended: number | null;
}

export interface Person {
  id: string;
  account: string | null;
  /** YYYY-MM-DD as the CRM has it, or when we learned of them. */
  created: string | null;
  learned: number;
  mergedInto: string | null;
  fields: Record<string, string>;
}

export interface Deal {
  id: string;
  account: string | null;
  fields: Record<string, string | number | boolean>;
  /** What was observed of its stage, in order. */
  stages: { at: number; stage: string }[];
}

/** A score of an account: from the day on, until a later one. */
export interface Scored {
  account: string;
  day: number;
  tier: string;
}

export interface PerformanceWorld {
  now: number;
  people: Person[];
  stories: Story[];
  deals: Deal[];
  scores: Scored[];
  touches: Touch[];
}

/** An engagement event of an account. */
export interface Touch {
  account: string;
  person: string | null;
  type: string;
  at: number;
}

/** A year of work up to `now`, with everything that goes wrong in one. */
export function inventPerformance(workspaceId: string, seed: number, now: number, size: number): PerformanceWorld {
  const chance = chanceFrom(seed);
  const below = (n: number) => Math.floor(chance() * n);
  const pick = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const id = (kind: string, i: number) => derivedId(kind, workspaceId, String(i));
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const accounts = Array.from({ length: Math.ceil(size / 6) }, (_, i) => id('account', i));
  const people = Array.from({ length: size }, (_, i): Person => {
    const at = now - below(400 * 24) * HOUR;
    const hasDate = chance() < 0.8;
    return {
      id: id('person', i),
      account: chance() < 0.9 ? pick(accounts) : null,
      created: hasDate ? day(at) : null,
      learned: hasDate ? now - 10 * DAY : at,
      mergedInto: i > 20 && chance() < 0.05 ? id('person', below(20)) : null,
      fields: {
        ...(chance() < 0.7 && { seniority: pick(['c_level', 'vp', 'director', 'manager', 'individual_contributor']) }),
        ...(chance() < 0.7 && { department: pick(['marketing', 'sales', 'it', 'legal', 'finance']) }),
        ...(chance() < 0.1 && { buying_role: pick(['economic_buyer', 'champion', 'technical_evaluator']) }),
      },
    };
  });
  const busy = new Map<string, number>();
  const stories = Array.from({ length: size }, (_, i): Story => {
    const person = pick(people).id;
    // one after the other: a person has one open hand-off at most
    const handed = Math.max(now - below(400 * 24 * 60) * 60_000, (busy.get(person) ?? 0) + HOUR);
    const story = liveStory({ id: id('hand_off', i), person, handed, now, chance, below, pick });
    busy.set(person, story.closed ?? Number.POSITIVE_INFINITY);
    return story;
  }).filter(({ handed }) => handed < now);
  const deals = Array.from({ length: size }, (_, i) => inventDeal(id('opportunity', i), { accounts, now, chance, below, pick, day }));
  const scores = accounts.flatMap((account) =>
    Array.from({ length: below(4) }, () => ({ account, day: Math.floor(now / DAY) - below(420), tier: pick(['A', 'B', 'C']) })),
  );
  const touches = deals.flatMap(({ account, fields }): Touch[] =>
    account === null || fields.created_date === undefined
      ? []
      : Array.from({ length: below(4) }, () => ({
          account,
          person: people.find((one) => one.account === account && one.mergedInto === null)?.id ?? null,
          type: pick(['webinar', 'ad_click', 'content_download', 'web_visit']),
          at: Math.min(now, Date.parse(String(fields.created_date)) - below(60) * DAY),
        })),
  );
  const seen = new Set<string>();
  return {
    now,
    people,
    stories,
    deals,
    touches,
    scores: scores.filter(({ account, day: on }) => !seen.has(`${account} ${on}`) && seen.add(`${account} ${on}`)),
  };
}

interface Dice {
  now: number;
  chance(): number;
  below(n: number): number;
  pick<T>(of: readonly T[]): T;
}

function liveStory({ id, person, handed, now, chance, below, pick }: Dice & { id: string; person: string; handed: number }): Story {
  const story: Story = {
    id,
    person,
    handed,
    source: pick(['webinar', 'event', 'website', null]),
    tier: pick(['A', 'B', 'C', null]),
    events: [],
    stage: 'mql',
    code: null,
    disposed: null,
    closed: null,
    accepted: null,
    qualified: null,
    opened: null,
    ended: null,
  };
  let at = handed;
  /** Nothing happens after today. */
  const happens = (kind: string, hours: number, rest: Partial<StoryEvent> = {}): boolean => {
    const then = at + Math.max(1, below(hours * 60)) * 60_000;
    if (then > now) return false;
    at = then;
    story.events.push({ kind, at, ...rest });
    return true;
  };
  const reject = (hours: number, rerouted: boolean) => {
    const code = rerouted ? 'OWN-01' : pick(['FIT-01', 'ENG-02', 'INT-01']);
    if (!happens('reject', hours, { code, rerouted })) return;
    Object.assign(story, {
      code,
      stage: rerouted ? 'mql' : 'recycled',
      closed: rerouted ? null : at,
      disposed: story.disposed ?? (rerouted ? null : at),
    });
  };
  if (chance() < 0.7) happens(pick(['attempt', 'meeting']), pick([1, 6, 48, 200]));
  if (chance() < 0.2 && happens(pick(['accept', 'reject']), 24, { code: 'DATA-03', rerouted: false })) {
    if (chance() < 0.3) happens('attempt', 2);
    if (!happens('take_back', 5)) return settleMistake(story);
  }
  if (chance() < 0.1) reject(24, true);
  if (chance() < 0.1) return story;
  if (chance() < 0.35) {
    reject(100, false);
    return story;
  }
  if (!happens('accept', 100)) return story;
  Object.assign(story, { stage: 'accepted', accepted: at, disposed: at });
  if (chance() < 0.15) {
    reject(200, chance() < 0.2);
    return story;
  }
  if (chance() < 0.2) return story;
  if (chance() < 0.8) {
    if (!happens('qualify', 900)) return story;
    Object.assign(story, { stage: 'qualified', qualified: at });
    if (chance() < 0.1) reject(200, false);
    if (story.stage !== 'qualified' || chance() < 0.2) return story;
  }
  if (!happens('open_opportunity', 1500)) return story;
  Object.assign(story, { stage: 'opportunity', opened: at });
  if (chance() < 0.2) return story;
  const wins = chance() < 0.5;
  if (happens(wins ? 'win' : 'lose', 2500)) Object.assign(story, { stage: wins ? 'won' : 'lost', ended: at, closed: at });
  return story;
}

/** The mistake that nobody took back stands. */
function settleMistake(story: Story): Story {
  const mistake = story.events.findLast(({ kind }) => kind === 'accept' || kind === 'reject');
  if (mistake === undefined) return story;
  if (mistake.kind === 'accept') return Object.assign(story, { stage: 'accepted', accepted: mistake.at, disposed: mistake.at });
  return Object.assign(story, { stage: 'recycled', code: mistake.code, disposed: mistake.at, closed: mistake.at });
}

function inventDeal(
  id: string,
  { accounts, now, chance, below, pick, day }: Dice & { accounts: readonly string[]; day(at: number): string },
): Deal {
  const created = now - below(500) * DAY;
  const fields: Deal['fields'] = {};
  if (chance() < 0.95) fields.created_date = day(created);
  if (chance() < 0.9) fields.amount = chance() < 0.05 ? -500 : below(10_000_000) / 100;
  if (chance() < 0.9) fields.currency = pick(['usd', 'usd', 'eur']);
  const stages: Deal['stages'] = [];
  let at = created + below(30) * HOUR;
  for (const stage of ['discovery', 'discovery', 'proposal', 'negotiation']) {
    if (at >= now) break;
    if (chance() < 0.8) stages.push({ at, stage });
    at += below(40) * DAY;
  }
  fields.stage = stages.at(-1)?.stage ?? 'discovery';
  if (chance() < 0.6) {
    const closed = created + (below(200) - 5) * DAY;
    if (chance() < 0.9) fields.close_date = day(closed);
    if (chance() < 0.7) {
      fields.stage = pick(['closed_won', 'closed_lost']);
      const last = Math.max(closed, stages.at(-1)?.at ?? closed);
      if (last < now && chance() < 0.7) stages.push({ at: last, stage: fields.stage });
    } else {
      fields.is_closed = true;
      if (chance() < 0.9) fields.is_won = chance() < 0.5;
    }
  }
  return { id, account: chance() < 0.95 ? pick(accounts) : null, fields, stages };
}
