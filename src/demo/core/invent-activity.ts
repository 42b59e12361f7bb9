import { createRandom, type Random } from './random.ts';
import type { Activity, Company, Person, Signal, Story } from './world.ts';

/** Months of engagement, in days. */
const HISTORY_DAYS = 182;
/** Of the bursts of the last two weeks: a webinar's list or a form's export that somebody loads days after. */
const LATE_PERCENT = 25;
const LATEST_AGE = 14;

type Weights = readonly [readonly [string, number], ...(readonly [string, number])[]];

const LIGHT: Weights = [
  ['web_visit', 40],
  ['email_open', 26],
  ['email_click', 14],
  ['ad_click', 8],
  ['content_download', 7],
  ['webinar', 3],
  ['form_fill', 2],
];
const SERIOUS: Weights = [
  ['web_visit', 26],
  ['pricing_page', 18],
  ['email_click', 12],
  ['content_download', 10],
  ['webinar', 7],
  ['form_fill', 5],
  ['demo_request', 4],
  ['chat', 3],
  ['meeting', 5],
  ['reply', 5],
  ['call', 5],
];

/** One stretch of an account's story: ages from and to (days), bursts in it, and what happens. */
interface Stretch {
  from: number;
  to: number;
  bursts: readonly [number, number];
  kinds: Weights;
}

const STRETCHES: Readonly<Record<Story, readonly Stretch[]>> = {
  surging: [
    { from: 1, to: 7, bursts: [4, 9], kinds: SERIOUS },
    { from: 8, to: 28, bursts: [3, 8], kinds: SERIOUS },
    { from: 29, to: HISTORY_DAYS, bursts: [3, 10], kinds: LIGHT },
  ],
  steady: [
    { from: 1, to: 28, bursts: [3, 7], kinds: SERIOUS },
    { from: 29, to: HISTORY_DAYS, bursts: [12, 26], kinds: LIGHT },
  ],
  fading: [
    { from: 20, to: 60, bursts: [1, 3], kinds: LIGHT },
    { from: 61, to: HISTORY_DAYS, bursts: [10, 22], kinds: SERIOUS },
  ],
  occasional: [{ from: 1, to: HISTORY_DAYS, bursts: [3, 9], kinds: LIGHT }],
  silent: [{ from: 40, to: HISTORY_DAYS, bursts: [0, 2], kinds: LIGHT }],
};

/** What the people of each company did: in bursts, as people come back within the hour. */
export function inventActivity(seed: number, companies: readonly Company[], people: readonly Person[]): Activity[] {
  const of = companies.map((): number[] => []);
  for (const [i, person] of people.entries()) if (person.company !== undefined) of[person.company]?.push(i);
  return companies.flatMap(({ domain, story }, company) => {
    const random = createRandom(seed, 'activity', domain);
    return STRETCHES[story].flatMap((stretch) => inventStretch(random, company, of[company] ?? [], stretch));
  });
}

function inventStretch(random: Random, company: number, people: readonly number[], stretch: Stretch): Activity[] {
  const activities: Activity[] = [];
  const bursts = random.int(...stretch.bursts);
  for (let burst = 0; burst < bursts; burst += 1) {
    const age = random.int(stretch.from, stretch.to);
    const start = random.int(7 * 60, 19 * 60);
    const [first, ...others] = people;
    const someone = first === undefined || random.chance(15) ? undefined : random.pick([first, ...others]);
    const count = random.int(1, 3);
    const late = age <= LATEST_AGE && random.chance(LATE_PERCENT);
    for (let i = 0; i < count; i += 1) {
      const drawn = random.weighted(stretch.kinds);
      activities.push({
        // a network without a name behind it does nothing but visit
        type: someone === undefined ? (drawn === 'pricing_page' ? drawn : 'web_visit') : drawn,
        age,
        minute: start + i * random.int(2, 20),
        company,
        person: someone,
        late,
      });
    }
  }
  return activities;
}

const NEWS: readonly [
  readonly [{ type: string; details: readonly [string, ...string[]] }, number],
  ...(readonly [{ type: string; details: readonly [string, ...string[]] }, number])[],
] = [
  [{ type: 'funding_round', details: ['Series A', 'Series B', 'Series C', 'growth round'] }, 20],
  [{ type: 'hiring', details: ['12 open roles in sales', '5 open roles in marketing', '30 open roles'] }, 40],
  [{ type: 'executive_move', details: ['a new chief revenue officer', 'a new head of marketing'] }, 20],
  [{ type: 'news', details: ['opens an office', 'wins an award', 'publishes its figures'] }, 20],
];
const OWN: typeof NEWS = [
  [{ type: 'champion_moved', details: ['a user of a customer of ours works here now'] }, 30],
  [{ type: 'web_surge', details: ['three times the visits of the week before'] }, 40],
  [{ type: 'trial_expiring', details: ['the trial ends in a week'] }, 15],
  [{ type: 'logins_up', details: ['log-ins of the trial doubled'] }, 15],
];

/**
 * Signals of each company.
 * @param withNews news too (funding, hiring, …), which nobody should invent of a company that exists
 */
export function inventSignals(seed: number, companies: readonly Company[], withNews: boolean): Signal[] {
  return companies.flatMap(({ domain, story }, company) => {
    const random = createRandom(seed, 'signals', domain);
    const draw = (kinds: typeof NEWS, oldest: number): Signal => {
      const { type, details } = random.weighted(kinds);
      return { type, age: random.int(1, oldest), company, details: random.pick([details[0], ...details.slice(1)]) };
    };
    const news = withNews ? Array.from({ length: random.int(0, 2) }, () => draw(NEWS, HISTORY_DAYS)) : [];
    const own = story === 'surging' && random.chance(60) ? [draw(OWN, 10)] : story === 'steady' && random.chance(20) ? [draw(OWN, 60)] : [];
    return [...news, ...own];
  });
}
