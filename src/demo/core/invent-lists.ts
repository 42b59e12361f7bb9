import { type Cell, csvText } from './file-text.ts';
import { createRandom, type Random } from './random.ts';
import { COUNTRIES, INDUSTRIES } from './words.ts';
import type { Company, World } from './world.ts';

/** A list that a team might have bought or kept: its description as a provider, and its rows. */
export interface InventedList {
  name: string;
  description: string;
  file: string;
  text: string;
}

interface Kind {
  name: string;
  title: string;
  /** Percent of the companies that it knows. */
  knows: number;
  /** Column → how right its description says that it is. */
  columns: Readonly<Record<string, number>>;
  cell(column: string, company: Company, random: Random): Cell;
}

const industryOf = ({ industry = 0 }: Company) => INDUSTRIES[industry]?.salesforce;
const countryOf = ({ country = 0 }: Company) => COUNTRIES[country]?.[0].salesforce;

/** None knows all, and two of them are wrong at times: head counts grow old, and a mailing address is not the seat. */
const KINDS: readonly Kind[] = [
  {
    name: 'trade-register',
    title: 'Trade register',
    knows: 78,
    columns: { country: 0.97, industry: 0.85 },
    cell: (column, company, random) => (column === 'country' ? countryOf(company) : random.chance(15) ? '' : industryOf(company)),
  },
  {
    name: 'annual-reports',
    title: 'Annual reports',
    knows: 75,
    columns: { employees: 0.92, industry: 0.85 },
    cell: (column, company) => (column === 'employees' ? company.employees : industryOf(company)),
  },
  {
    name: 'event-sponsors',
    title: 'Sponsors of the last fair',
    knows: 80,
    columns: { employees: 0.7, country: 0.75 },
    cell(column, company, random) {
      if (column === 'employees') return random.chance(55) ? Math.max(1, Math.round((company.employees ?? 0) * 0.7)) : company.employees;
      return random.chance(30) ? random.pick(COUNTRIES)[0].salesforce : countryOf(company);
    },
  },
];

/** Lists about the companies of a world. */
export function inventLists({ companies }: World, seed: number): InventedList[] {
  return KINDS.map(({ name, title, knows, columns, cell }) => {
    const names = Object.keys(columns);
    const rows = companies.flatMap((company): Cell[][] => {
      const random = createRandom(seed, name, company.domain);
      return random.chance(knows) ? [[company.domain, ...names.map((column) => cell(column, company, random))]] : [];
    });
    const fields = names.map((column) => `  account.${column}: { at: body.${column}, accuracy: ${columns[column]} }`);
    const description = [
      `provider: ${name}`,
      `name: ${title}`,
      `vendor: ${name.replaceAll('-', '_')}`,
      'subject: account',
      'verified: { mark: vendor, how: Invented for the demonstration. }',
      'auth: { kind: none }',
      `list: { file: ${name}.csv, key: { account.domain: domain } }`,
      'fields:',
      ...fields,
      'billing: { per: none }',
      '',
    ];
    return { name, description: description.join('\n'), file: `${name}.csv`, text: csvText(['domain', ...names], rows) };
  });
}
