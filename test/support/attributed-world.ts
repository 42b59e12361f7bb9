import { dayFromIso, isoFromDay } from '../../src/kernel/dates.ts';
import type { TestContext } from './context.ts';
import { importText } from './imports.ts';

/** A small world as plain rows: what the imports below say of it, and what the plain reckoning goes by. */
export interface AttributedWorld {
  people: { email: string; account: number; source: string | null; campaign: string | null; created: string | null }[];
  events: {
    id: string;
    type: string;
    at: number;
    person: number | null;
    account: number;
    medium: string | null;
    campaign: string | null;
  }[];
  deals: {
    id: string;
    account: number | null;
    created: string | null;
    closed: string | null;
    won: boolean | null;
    cents: number | null;
    currency: string | null;
  }[];
}

const ACCOUNTS = 6;
const DAY_MS = 86_400_000;
/** The day after the last event: the clock of a test context stands in it. */
const TODAY = dayFromIso('2026-03-02');
// biome-ignore format: the mix at a glance
const TYPES = ['ad_click', 'content_download', 'webinar', 'event', 'email_click', 'form_fill', 'pricing_page', 'call', 'meeting', 'web_visit', 'email_open', 'hiring'];

export function inventWorld(chance: () => number): AttributedWorld {
  const int = (most: number) => Math.floor(chance() * most);
  const maybe = <T>(share: number, value: () => T): T | null => (chance() < share ? value() : null);
  const pick = <T>(values: readonly T[]): T => values[int(values.length)] as T;
  const people = Array.from({ length: 12 }, (_, i) => {
    const account = int(ACCOUNTS);
    return {
      email: `p${i}@c${account}.example`,
      account,
      source: maybe(0.7, () => pick(['SEO', 'PPC', 'Referral', 'Fax'])),
      campaign: maybe(0.3, () => pick(['Spring', 'Autumn'])),
      created: maybe(0.5, () => isoFromDay(TODAY - int(400))),
    };
  });
  const events = Array.from({ length: 90 }, (_, i) => {
    const person = maybe(0.85, () => int(people.length));
    return {
      id: `e${i}`,
      type: pick(TYPES),
      // no two at one instant, and none on the day that has not ended
      at: (TODAY - 1 - int(420)) * DAY_MS + int(86_000) * 1000 + i,
      person,
      account: person === null ? int(ACCOUNTS) : (people[person]?.account ?? 0),
      medium: maybe(0.3, () => pick(['paid_social', 'Newsletter', 'nothing known'])),
      campaign: maybe(0.2, () => 'Winter Push'),
    };
  });
  const deals = Array.from({ length: 25 }, (_, i) => {
    const created = TODAY - 1 - int(90);
    const won = pick([true, false, null]);
    return {
      id: `o${i}`,
      account: maybe(0.95, () => int(ACCOUNTS)),
      created: maybe(0.95, () => isoFromDay(created)),
      closed: won === null ? null : isoFromDay(Math.max(created - 3, Math.min(TODAY - 1, created - 3 + int(60)))),
      won,
      cents: maybe(0.9, () => int(10_000_000) - (chance() < 0.1 ? 10_000_000 : 0)),
      currency: maybe(0.9, () => pick(['EUR', 'EUR', 'USD'])),
    };
  });
  return { people, events, deals };
}

/** Imports a world, its rows in the order that `order` gives them. */
export async function importWorld(
  ctx: TestContext,
  { people, events, deals }: AttributedWorld,
  order = <T>(rows: T[]): T[] => rows,
): Promise<void> {
  const file = (header: string, rows: string[]) => `${header}\n${order(rows).join('\n')}\n`;
  const accounts = Array.from({ length: ACCOUNTS }, (_, i) => `A${i},c${i}.example,Company ${i}`);
  await importText(ctx, 'accounts', file('account id,domain,name', accounts));
  const persons = people.map((p, i) => `P${i},${p.email},A${p.account},${p.source ?? ''},${p.campaign ?? ''},${p.created ?? ''}`);
  await importText(ctx, 'people', file('lead id,email,account id,lead source,campaign,created', persons));
  const happened = events.map((e) => {
    const who = e.person === null ? `,c${e.account}.example` : `${people[e.person]?.email},`;
    return `${e.id},${e.type},${new Date(e.at).toISOString()},${who},${e.medium ?? ''},${e.campaign ?? ''}`;
  });
  await importText(ctx, 'events', file('event_id,type,occurred_at,email,domain,utm_medium,campaign', happened));
  await importDeals(ctx, deals, order);
}

export async function importDeals(
  ctx: TestContext,
  deals: AttributedWorld['deals'],
  order = <T>(rows: T[]): T[] => rows,
  observed_at = '2026-03-01T00:00:00Z',
): Promise<void> {
  const rows = deals.map((d) => {
    const stage = d.won === null ? 'Proposal' : d.won ? 'Closed Won' : 'Closed Lost';
    const amount = d.cents === null ? '' : (d.cents / 100).toFixed(2);
    return `${d.id},Deal ${d.id},${d.account === null ? '' : `A${d.account}`},${stage},${amount},${d.currency ?? ''},${d.created ?? ''},${d.closed ?? ''}`;
  });
  await importText(
    ctx,
    'opportunities',
    `opportunity id,name,account id,stage,amount,currency,created,close date\n${order(rows).join('\n')}\n`,
    {
      observed_at,
    },
  );
}
