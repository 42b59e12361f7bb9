import { inventActivity, inventSignals } from './invent-activity.ts';
import { adoptCompanies, inventCompanies } from './invent-companies.ts';
import { inventOpportunities } from './invent-opportunities.ts';
import { inventPeople } from './invent-people.ts';
import type { Company, World } from './world.ts';

const COMPANIES = 240;

/** Companies that do not exist, and everything about them. */
export function inventWorld(seed: number): World {
  return around(seed, inventCompanies(seed, COMPANIES), true);
}

/** What is invented on top of companies that lists hold: people, engagement, and signals of our own, but no news. */
export function inventWorldOn(seed: number, known: readonly { name: string; domain: string }[]): World {
  return around(seed, adoptCompanies(seed, known), false);
}

function around(seed: number, companies: Company[], withNews: boolean): World {
  const people = inventPeople(seed, companies);
  return {
    companies,
    people,
    activities: inventActivity(seed, companies, people),
    signals: inventSignals(seed, companies, withNews),
    opportunities: inventOpportunities(seed, companies),
  };
}
