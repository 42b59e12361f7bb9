import { isoFromDay } from '../../kernel/dates.ts';
import { type Cell, csvText } from './file-text.ts';
import { createRandom, type Random } from './random.ts';
import { COUNTRIES, INDUSTRIES, OWNERS } from './words.ts';
import type { Company, World } from './world.ts';

/** A file as a system would export it. */
export interface ExportFile {
  name: string;
  /** The system, which ranks its facts. */
  source: string;
  text: string;
  /** Records in it. */
  rows: number;
}

const REVENUE_A_HEAD = 180_000;

/** What the day and the seed settle for all files. */
export interface ExportDay {
  seed: number;
  /** Day number of the demo; nothing is from that day itself, as exports run at night. */
  day: number;
}

/** Salesforce's accounts: the better source, though cells are empty, one line came twice and one holds words for a number. */
export function salesforceAccounts({ companies }: World, at: ExportDay): ExportFile {
  const rows = companies.flatMap((company, i): Cell[][] => {
    if (!company.inSalesforce) return [];
    const random = createRandom(at.seed, 'salesforce', company.domain);
    return [
      [
        salesforceId('001', i),
        company.name,
        `https://www.${company.domain}`,
        random.chance(9) ? '' : INDUSTRIES[company.industry ?? 0]?.salesforce,
        random.chance(14) ? '' : company.employees,
        random.chance(55) ? '' : (company.employees ?? 0) * REVENUE_A_HEAD,
        random.chance(6) ? '' : COUNTRIES[company.country ?? 0]?.[0].salesforce,
        company.type,
        company.target ? 'TRUE' : 'FALSE',
        random.pick(OWNERS),
        changedOn(random, at.day),
      ],
    ];
  });
  const twice = rows[4];
  if (twice !== undefined) rows.push([...twice]);
  const spoiled = rows[11];
  if (spoiled !== undefined) spoiled[4] = 'a few dozen';
  return {
    name: 'salesforce-accounts.csv',
    source: 'salesforce',
    rows: rows.length,
    text: csvText(
      [
        ...['Account ID', 'Account Name', 'Website', 'Industry', 'Employees', 'Annual Revenue', 'Billing Country', 'Type'],
        ...['Target_Account__c', 'Account Owner', 'Last Modified Date'],
      ],
      rows,
      ['', '"Accounts for the demonstration"', '"Copyright (c) Samepage demonstration, invented data"'],
    ),
  };
}

/** HubSpot's companies: some that Salesforce has not, its own words for industries and countries, and head counts that differ. */
export function hubspotCompanies({ companies }: World, at: ExportDay): ExportFile {
  const rows = companies.flatMap((company, i): Cell[][] => {
    if (!company.inHubspot) return [];
    const random = createRandom(at.seed, 'hubspot', company.domain);
    return [
      [
        hubspotCompanyId(i),
        company.name,
        company.domain,
        company.industry === undefined || random.chance(16) ? '' : INDUSTRIES[company.industry]?.hubspot,
        hubspotHeadCount(random, company),
        company.country === undefined || random.chance(10) ? '' : COUNTRIES[company.country]?.[0].hubspot,
        random.chance(35) ? '' : company.technologies.join(';'),
        company.target ? 'true' : '',
        changedOn(random, at.day),
      ],
    ];
  });
  return {
    name: 'hubspot-companies.csv',
    source: 'hubspot',
    rows: rows.length,
    text: csvText(
      [
        ...['Record ID', 'Company name', 'Company Domain Name', 'Industry', 'Number of Employees', 'Country/Region'],
        ...['Web Technologies', 'Target Account', 'Last Modified Date'],
      ],
      rows,
    ),
  };
}

/** HubSpot's contacts. */
export function hubspotContacts({ people }: World, at: ExportDay): ExportFile {
  const rows = people.map((person): Cell[] => {
    const random = createRandom(at.seed, 'contact', person.id);
    return [
      person.id,
      person.firstName,
      person.lastName,
      person.email,
      person.title,
      person.seniority,
      person.department,
      person.associated && person.company !== undefined ? hubspotCompanyId(person.company) : '',
      random.weighted([
        ['Subscriber', 30],
        ['Lead', 45],
        ['Marketing Qualified Lead', 25],
      ]),
      changedOn(random, at.day),
    ];
  });
  return {
    name: 'hubspot-contacts.csv',
    source: 'hubspot',
    rows: rows.length,
    text: csvText(
      [
        ...['Record ID', 'First Name', 'Last Name', 'Email', 'Job Title', 'Employment Seniority', 'Employment Role'],
        ...['Associated Company IDs (Primary)', 'Lifecycle Stage', 'Last Modified Date'],
      ],
      rows,
    ),
  };
}

/** Salesforce's opportunities. */
export function salesforceOpportunities({ opportunities }: World, at: ExportDay): ExportFile {
  const rows = opportunities.map((one, i): Cell[] => [
    salesforceId('006', i),
    one.name,
    salesforceId('001', one.company),
    one.stage,
    one.amount,
    isoFromDay(at.day - one.openedAge),
    isoFromDay(at.day + one.closesIn),
    isoFromDay(at.day - Math.min(one.openedAge, 3)),
  ]);
  return {
    name: 'salesforce-opportunities.csv',
    source: 'salesforce',
    rows: rows.length,
    text: csvText(
      ['Opportunity ID', 'Opportunity Name', 'Account ID', 'Stage', 'Amount', 'Created Date', 'Close Date', 'Last Modified Date'],
      rows,
    ),
  };
}

/** One in five differs from what the company itself would say: a vendor's guess, or an old figure. */
function hubspotHeadCount(random: Random, { employees }: Company): number | undefined {
  if (employees === undefined || random.chance(22)) return undefined;
  return random.chance(20) ? Math.max(1, Math.floor((employees * random.int(55, 160)) / 100)) : employees;
}

function changedOn(random: Random, day: number): string {
  return `${isoFromDay(day - random.int(1, 160))} ${String(random.int(7, 18)).padStart(2, '0')}:${String(random.int(0, 59)).padStart(2, '0')}`;
}

function salesforceId(prefix: string, i: number): string {
  return `${prefix}5e${String(i + 1).padStart(10, '0')}`;
}

function hubspotCompanyId(i: number): string {
  return String(9_000_001 + i * 13);
}
