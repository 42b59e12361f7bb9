import { createRandom, type Random } from './random.ts';
import { COUNTRIES, INDUSTRIES, NAME_ENDS, NAME_MIDDLES, NAME_STARTS, TECHNOLOGIES } from './words.ts';
import type { Company, Story } from './world.ts';

const INDUSTRY_WEIGHTS = INDUSTRIES.map((industry, i) => [i, industry.weight] as const);

/** Companies under `.example`, which belongs to nobody. */
export function inventCompanies(seed: number, count: number): Company[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const random = createRandom(seed, 'company', i);
    const industry = random.weighted([[0, 0], ...INDUSTRY_WEIGHTS]);
    const { name, domain } = inventName(random, industry, taken);
    const employees = inventHeadCount(random);
    const isTarget = employees >= 200 && employees < 5000 && industry < 4 && random.chance(55);
    return {
      name,
      domain,
      mailDomain: domain,
      industry,
      employees,
      country: random.weighted([[0, 0], ...COUNTRIES.map(([, weight], at) => [at, weight] as const)]),
      technologies: inventTechnologies(random),
      type: random.weighted([
        ['Prospect', 90],
        ['Customer - Direct', 8],
        ['Competitor', 2],
      ]),
      target: isTarget,
      story: inventStory(random, isTarget),
      ...random.weighted([
        [{ inSalesforce: true, inHubspot: true }, 72],
        [{ inSalesforce: true, inHubspot: false }, 12],
        [{ inSalesforce: false, inHubspot: true }, 16],
      ]),
    };
  });
}

/** Companies that lists already hold, with what a team adds to them: who they call a target, and how they behave. */
export function adoptCompanies(seed: number, known: readonly { name: string; domain: string }[]): Company[] {
  return known.map(({ name, domain }) => {
    const random = createRandom(seed, 'adopted', domain);
    const isTarget = random.chance(30);
    return {
      name,
      domain,
      // people who do not exist get addresses that cannot
      mailDomain: `${domain.replace(/[^a-z0-9]+/g, '-')}.example`,
      industry: undefined,
      employees: undefined,
      country: undefined,
      technologies: [],
      type: 'Prospect',
      target: isTarget,
      story: inventStory(random, isTarget),
      inSalesforce: false,
      inHubspot: true,
    };
  });
}

function inventName(random: Random, industry: number, taken: Set<string>): { name: string; domain: string } {
  for (;;) {
    const stem = `${random.pick(NAME_STARTS)}${random.chance(45) ? random.pick(NAME_MIDDLES) : ''}${random.pick(NAME_ENDS)}`;
    const ending = (INDUSTRIES[industry] ?? INDUSTRIES[0]).endings;
    const name = random.chance(70) ? `${stem} ${random.pick([ending[0], ...ending.slice(1)])}` : stem;
    const domain = `${stem.toLowerCase()}.example`;
    if (taken.has(domain)) continue;
    taken.add(domain);
    return { name, domain };
  }
}

function inventHeadCount(random: Random): number {
  const [from, to] = random.weighted<readonly [number, number]>([
    [[2, 4], 3],
    [[5, 49], 24],
    [[50, 199], 27],
    [[200, 999], 26],
    [[1000, 4999], 14],
    [[5000, 40_000], 6],
  ]);
  return random.int(from, to);
}

function inventTechnologies(random: Random): string[] {
  const count = random.int(0, 4);
  return [...new Set(Array.from({ length: count }, () => random.pick(TECHNOLOGIES)))].sort();
}

/** Companies that the teams go after answer more often. */
function inventStory(random: Random, isTarget: boolean): Story {
  return random.weighted<Story>([
    ['surging', isTarget ? 24 : 8],
    ['steady', isTarget ? 24 : 14],
    ['fading', 14],
    ['occasional', 28],
    ['silent', isTarget ? 14 : 34],
  ]);
}
