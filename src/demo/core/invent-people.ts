import { createRandom, type Random } from './random.ts';
import { DEPARTMENTS, FIRST_NAMES, LAST_NAMES, LEVELS } from './words.ts';
import type { Company, Person, Story } from './world.ts';

const HEADS: Readonly<Record<Story, readonly [number, number]>> = {
  surging: [4, 8],
  steady: [3, 6],
  fading: [2, 5],
  occasional: [1, 4],
  silent: [0, 2],
};
const FREE_MAIL_PERCENT = 5;

/** People of the companies that HubSpot knows, and a few who write from a private mailbox. */
export function inventPeople(seed: number, companies: readonly Company[]): Person[] {
  const people: Person[] = [];
  const taken = new Set<string>();
  for (const [company, { domain, mailDomain, story, inHubspot }] of companies.entries()) {
    const random = createRandom(seed, 'people', domain);
    const [least, most] = HEADS[story];
    const count = random.int(least, most);
    for (let i = 0; i < count; i += 1) {
      const firstName = random.pick(FIRST_NAMES);
      const lastName = random.pick(LAST_NAMES);
      const isPrivate = random.chance(FREE_MAIL_PERCENT);
      // Gmail gives out no address with a hyphen: this one is nobody's
      const email = isPrivate ? `${firstName}-${lastName}-${people.length}@gmail.com` : `${firstName}.${lastName}@${mailDomain}`;
      if (taken.has(email)) continue;
      taken.add(email);
      people.push({
        id: String(51_000_001 + people.length * 7),
        company: isPrivate ? undefined : company,
        associated: !isPrivate && inHubspot && (mailDomain !== domain || random.chance(60)),
        firstName,
        lastName,
        email: email.toLowerCase(),
        ...inventRole(random),
      });
    }
  }
  return people;
}

/** A title always; level and department only where somebody filled them in. */
function inventRole(random: Random): Pick<Person, 'title' | 'seniority' | 'department'> {
  const { name, hubspot, chief } = random.weighted(DEPARTMENTS);
  const { seniority, title } = random.weighted(LEVELS);
  return {
    title: title === '' ? chief : title.replace('*', name),
    seniority: random.chance(84) ? seniority : undefined,
    department: random.chance(80) ? (random.chance(50) ? hubspot : name) : undefined,
  };
}
