import { chanceFrom } from '../../src/kernel/chance.ts';
import { importRecords } from '../../src/records/import-records.ts';
import type { TestContext } from './context.ts';

const GIVEN = 'Ada Boris Clara Dmitri Elena Farid Greta Hugo Ines Jonas Katja Lars Mona Nils Olga Pavel Quinn Rosa Sven Tara'.split(' ');
const FAMILY =
  'Abernathy Bellweather Castellano Drummond Eisenhardt Fairweather Gallagher Hawthorne Ingersoll Jankowski Kowalczyk Lindqvist Montgomery Nakagawa Oppenheim Pemberton Quackenbush Rosenthal Silverstein Thorncastle'.split(
    ' ',
  );
const SLIP = [
  (s: string) => s,
  (s: string) => s,
  (s: string) => `${s.slice(0, 3)}${s.slice(4)}`,
  (s: string) => `${s.slice(0, 2)}${s[3]}${s[2]}${s.slice(4)}`,
];

/** A person as a source has them. */
export interface DoublePerson {
  external_id: string;
  first_name: string;
  last_name: string;
  email: string;
  phone: string;
  company: string;
}

/** People of whom some are there twice, under another address; by external id, who it is. */
export function doublePeople(people: number, seed = 7): { rows: DoublePerson[]; truth: Map<string, string>; companies: Company[] } {
  const chance = chanceFrom(seed);
  const int = (most: number) => Math.floor(chance() * most);
  const truth = new Map<string, string>();
  const rows: DoublePerson[] = [];
  const companies = Array.from({ length: 40 }, (_, i) => ({
    name: `${FAMILY[i % 20]} ${['Robotics', 'Foods'][i % 2]} ${GIVEN[(i * 7 + Math.floor(i / 20)) % 20]}`,
    domain: `company${i}.example`,
    city: `Town${i % 13}`,
    phone: `+1212555${String(1000 + i)}`,
  }));
  for (let i = 0; i < people; i += 1) {
    const [given, family, firm] = [GIVEN[int(20)] ?? '', `${FAMILY[int(20)]}${['', 'son', 'er', 'ski'][int(4)]}`, companies[int(40)]];
    const phone = `+4479${String(10_000_000 + int(89_999_999))}`;
    const add = (id: string, surname: string, email: string) => {
      truth.set(id, `p${i}`);
      rows.push({ external_id: id, first_name: given, last_name: surname, email, phone, company: firm?.name ?? '' });
    };
    add(`p${i}`, family, `${given}.${family}.${i}@${firm?.domain}`.toLowerCase());
    if (int(3) === 0) add(`p${i}-again`, SLIP[int(4)]?.(family) ?? family, `${given}${family}${i}@gmail.com`.toLowerCase());
  }
  return { rows, truth, companies };
}

interface Company {
  name: string;
  domain: string;
  city: string;
  phone: string;
}

/**
 * Imports people of whom some are there twice, and accounts of whom some are there twice, without their domain.
 * @returns by external id, who it is
 */
export async function importDoublePeople(ctx: TestContext, people: number, seed = 7): Promise<Map<string, string>> {
  const { rows, truth, companies } = doublePeople(people, seed);
  const accounts = companies.flatMap(({ name, domain, city, phone }, i) => [
    `a${i},${name} Inc,${domain},${city},${phone}`,
    ...(i % 4 === 0 ? [`a${i}-again,${name},,${city},${phone}`] : []),
  ]);
  await importRecords(ctx, {
    kind: 'accounts',
    source: 'crm',
    content: ['id,name,domain,city,phone', ...accounts].join('\n'),
    mapping: { id: 'external_id', name: 'account.name', domain: 'account.domain', city: 'account.city', phone: 'account.phone' },
  });
  ctx.advance(1000);
  await importRecords(ctx, {
    kind: 'people',
    source: 'crm',
    content: ['id,first,last,email,phone,company', ...rows.map((row) => Object.values(row).join(','))].join('\n'),
    mapping: {
      id: 'external_id',
      first: 'person.first_name',
      last: 'person.last_name',
      email: 'person.email',
      phone: 'person.phone',
      company: 'person.company',
    },
  });
  return truth;
}
