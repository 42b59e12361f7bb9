import { createRandom } from './random.ts';
import type { Company, Opportunity, Story } from './world.ts';

const PERCENT: Readonly<Record<Story, number>> = { surging: 45, steady: 35, fading: 25, occasional: 8, silent: 2 };

/** Opportunities of the companies that sales works on. */
export function inventOpportunities(seed: number, companies: readonly Company[]): Opportunity[] {
  return companies.flatMap(({ name, domain, story, inSalesforce }, company) => {
    const random = createRandom(seed, 'opportunities', domain);
    if (!inSalesforce || !random.chance(PERCENT[story])) return [];
    const lost = story === 'fading';
    return [
      {
        company,
        name: `${name} – ${random.pick(['platform', 'pilot', 'renewal', 'team plan'])}`,
        stage: lost
          ? 'Closed Lost'
          : random.weighted([
              ['Discovery', 40],
              ['Proposal', 35],
              ['Negotiation', 25],
            ]),
        amount: random.int(8, 120) * 1000,
        openedAge: random.int(20, 150),
        closesIn: lost ? -random.int(1, 15) : random.int(15, 120),
      },
    ];
  });
}
