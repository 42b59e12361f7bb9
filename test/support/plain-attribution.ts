import type { AttributionModel } from '../../src/definitions/core/attribution.ts';
import type { AttributedWorld } from './attributed-world.ts';

/** Attribution reckoned in fractions over plain rows, from the rules of docs/decisions/attribution.md and nothing else. */

const DAY_MS = 86_400_000;
const LOOKBACK = 180;
const CHANNELS: Record<string, string> = {
  pricing_page: 'website',
  form_fill: 'website',
  content_download: 'content',
  webinar: 'events',
  event: 'events',
  ad_click: 'paid',
  email_click: 'email',
  call: 'sales',
  meeting: 'sales',
};
const SOURCES: Record<string, string> = {
  SEO: 'organic_search',
  PPC: 'paid_search',
  Referral: 'referral',
  Fax: 'fax',
  paid_social: 'paid_social',
  Newsletter: 'email',
};

type Event = AttributedWorld['events'][number];
type Deal = AttributedWorld['deals'][number];
export type PlainModel = Extract<AttributionModel, { type: 'weighted' | 'linear' | 'last_non_direct' | 'time_decay' }>;
export type PlainBy = 'channel' | 'source' | 'campaign' | 'period';

export interface PlainCredit {
  deals: number;
  cents: number;
}

const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** Key `currency|value`, or `currency|untouched ` and the month, where by period, for what nobody touched, → credit. */
export function plainAttribution(
  world: AttributedWorld,
  asked: { conversion: 'opportunity_created' | 'closed_won'; from: string; to: string; model: PlainModel; by: PlainBy },
): Map<string, PlainCredit> {
  const credits = new Map<string, PlainCredit>();
  for (const deal of world.deals) {
    const day = asked.conversion === 'closed_won' ? (deal.won === true ? deal.closed : null) : deal.created;
    if (day === null || day < asked.from || day > asked.to) continue;
    const touches = touchesOf(world, deal, startOf(day));
    const shares = sharesOf(world, deal, touches, startOf(day), asked.model);
    const values = touches.map((touch) => (asked.by === 'period' ? day.slice(0, 7) : valueIn(world, touch, asked.by)));
    const add = (value: string, share: number) => {
      const key = `${deal.currency?.toLowerCase() ?? ''}|${value}`;
      const credit = credits.get(key) ?? { deals: 0, cents: 0 };
      credits.set(key, { deals: credit.deals + share, cents: credit.cents + share * (deal.cents ?? 0) });
    };
    if (touches.length === 0) add(`untouched ${asked.by === 'period' ? day.slice(0, 7) : ''}`, 1);
    else for (const [i, share] of shares.entries()) add(values[i] ?? '', share);
  }
  return credits;
}

function touchesOf({ events }: AttributedWorld, { account }: Deal, day: number): Event[] {
  const isTouch = (event: Event) =>
    event.account === account && CHANNELS[event.type] !== undefined && event.at >= day - LOOKBACK * DAY_MS && event.at < day + DAY_MS;
  return events.filter(isTouch).sort((a, b) => a.at - b.at);
}

function valueIn({ people }: AttributedWorld, { type, medium, campaign, person }: Event, by: Exclude<PlainBy, 'period'>): string {
  const who = person === null ? undefined : people[person];
  if (by === 'channel') return CHANNELS[type] ?? '';
  if (by === 'campaign') return campaign === null ? (who?.campaign?.toLowerCase() ?? '') : 'winter_push';
  const said = medium === null ? undefined : SOURCES[medium];
  return said ?? (['webinar', 'event'].includes(type) ? type : (SOURCES[who?.source ?? ''] ?? ''));
}

function sharesOf(world: AttributedWorld, deal: Deal, touches: readonly Event[], day: number, model: PlainModel): number[] {
  const n = touches.length;
  const only = (at: number) => touches.map((_, i) => (i === at ? 1 : 0));
  if (model.type === 'linear') return touches.map(() => 1 / n);
  if (model.type === 'last_non_direct') {
    const at = touches.findLastIndex(({ type }) => CHANNELS[type] !== 'website');
    return only(at < 0 ? n - 1 : at);
  }
  if (model.type === 'time_decay') {
    const weights = touches.map(({ at }) => 2 ** ((at - day) / (model.half_life_days * DAY_MS)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  }
  const places: Record<string, number> = { first_touch: 0, last_touch: n - 1 };
  const until = (name: string, instant: number | undefined) => {
    if (instant === undefined || instant >= day + DAY_MS) return;
    const at = touches.findLastIndex((touch) => touch.at <= instant);
    if (at >= 0) places[name] = at;
  };
  until('lead_created', leadCreated(world, touches, day));
  until('opportunity_created', deal.created === null ? undefined : startOf(deal.created) + DAY_MS - 1);
  until('closed_won', deal.won === true && deal.closed !== null ? startOf(deal.closed) + DAY_MS - 1 : undefined);
  const { others = 0, ...named } = model.weights;
  const earned = Object.entries(named).filter(([name, weight]) => (weight ?? 0) > 0 && places[name] !== undefined);
  if (earned.length === 0) return touches.map(() => 1 / n);
  const marked = new Set(earned.map(([name]) => places[name]));
  const middle = n - marked.size;
  const left = 100 - (middle > 0 ? others : 0) - earned.reduce((sum, [, weight]) => sum + (weight ?? 0), 0);
  const shares = touches.map((_, i) => (marked.has(i) ? 0 : others / 100 / middle));
  for (const [name, weight] of earned) {
    const at = places[name] ?? 0;
    shares[at] = (shares[at] ?? 0) + ((weight ?? 0) + left / earned.length) / 100;
  }
  return shares;
}

/** The first time within the look-back that somebody who touched became known. */
function leadCreated({ people, events }: AttributedWorld, touches: readonly Event[], day: number): number | undefined {
  const known = touches.flatMap(({ person }) => {
    if (person === null) return [];
    const created = people[person]?.created ?? null;
    if (created !== null) return [startOf(created) + DAY_MS - 1];
    return [Math.min(...events.filter((event) => event.person === person).map(({ at }) => at))];
  });
  const within = known.filter((at) => at >= day - LOOKBACK * DAY_MS);
  return within.length === 0 ? undefined : Math.min(...within);
}
