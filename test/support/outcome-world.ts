import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Database } from '../../src/kernel/database.ts';
import { isoFromDay } from '../../src/kernel/dates.ts';
import { type TestContext, testContext } from './context.ts';
import { importText } from './imports.ts';

/** An invented deal and what is true of its account before it. */
export interface InventedDeal {
  id: string;
  account: string;
  industry: string;
  employees: number;
  country: string;
  seniority: string;
  won: boolean;
  created: string;
  closed: string;
  demo: boolean;
}

const INDUSTRIES = ['software', 'fintech', 'retail', 'banking', 'healthcare'];
const COUNTRIES = ['us', 'de', 'gb', 'fr'];
const SENIORITIES = ['vp', 'manager', 'individual_contributor'];

/** The days on which deals of these worlds are created: few, so that few statements score them. */
const CREATED = ['2025-02-03', '2025-04-07', '2025-06-02', '2025-08-04', '2025-10-06'];

/** Deals won by chance alone, or (`planted`) half of them where the account is in retail and a fifth elsewhere. */
export function inventDeals(seed: number, n: number, planted: boolean): InventedDeal[] {
  const chance = chanceFrom(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  return Array.from({ length: n }, (_, i) => {
    const industry = one(INDUSTRIES);
    const created = one(CREATED);
    const rate = planted ? (industry === 'retail' ? 0.55 : 0.2) : 0.27;
    const open = 20 + Math.floor(chance() * 60);
    return {
      id: `D${i}`,
      account: `f${i}.com`,
      industry,
      employees: 20 + Math.floor(chance() * 2000),
      country: one(COUNTRIES),
      seniority: one(SENIORITIES),
      won: chance() < rate,
      created,
      closed: isoFromDay(Math.floor(Date.parse(`${created}T00:00:00Z`) / 86_400_000) + open),
      demo: chance() < 0.3,
    };
  });
}

/** Accounts as they were in 2024. */
export const accountsText = (deals: readonly InventedDeal[]) =>
  `domain,name,industry,employees,country\n${deals.map((d) => `${d.account},Firm ${d.id},${d.industry},${d.employees},${d.country}`).join('\n')}\n`;

/** Their first person each. */
export const peopleText = (deals: readonly InventedDeal[]) =>
  `email,name,seniority\n${deals.map((d) => `ann@${d.account},Ann ${d.id},${d.seniority}`).join('\n')}\n`;

/** Demo requests three days before the deal was created. */
export const eventsText = (deals: readonly InventedDeal[]) => {
  const rows = deals
    .filter(({ demo }) => demo)
    .map((d) => {
      const day = isoFromDay(Math.floor(Date.parse(`${d.created}T00:00:00Z`) / 86_400_000) - 3);
      return `e-${d.id},demo_request,${day}T10:00:00Z,ann@${d.account}`;
    });
  return `event_id,type,occurred_at,email\n${rows.join('\n')}\n`;
};

export const dealsText = (deals: readonly InventedDeal[]) =>
  `Opportunity ID,Opportunity Name,domain,Stage,Created Date,Close Date,Amount\n${deals
    .map((d) => `${d.id},Deal ${d.id},${d.account},${d.won ? 'Closed Won' : 'Closed Lost'},${d.created},${d.closed},${1000}`)
    .join('\n')}\n`;

const KNOWN = { source: 'salesforce', observed_at: '2024-12-01T00:00:00Z' };

let workspaces = 0;

/** A workspace that began before the deals did. */
export async function earlyWorkspace(db: Database): Promise<TestContext> {
  workspaces += 1;
  const ctx = testContext(db, { workspaceId: `early-${workspaces}` });
  ctx.setNow('2024-12-15T09:00:00Z');
  await ensureWorkspace(ctx);
  return ctx;
}

/** All of it as it happened: accounts and people at the end of 2024, deals and events when they were over, and the clock on 2026-03-02. */
export async function makeOutcomes(ctx: TestContext, deals: readonly InventedDeal[]): Promise<void> {
  await importText(ctx, 'accounts', accountsText(deals), KNOWN);
  await importText(ctx, 'people', peopleText(deals), KNOWN);
  ctx.setNow('2026-03-02T09:00:00Z');
  await makeDeals(ctx, deals);
}

/** The deals and what came before them, as of now. */
export async function makeDeals(ctx: TestContext, deals: readonly InventedDeal[]): Promise<void> {
  await importText(ctx, 'opportunities', dealsText(deals), { source: 'salesforce', observed_at: '2026-01-31T00:00:00Z' });
  await importText(ctx, 'events', eventsText(deals), { source: 'salesforce', observed_at: '2026-01-31T00:00:00Z' });
}
