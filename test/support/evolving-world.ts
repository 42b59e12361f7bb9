import { saveDefinition } from '../../src/definitions/save-definition.ts';
import { importRecords } from '../../src/records/import-records.ts';
import type { TestContext } from './context.ts';

const DAY_MS = 86_400_000;
const INDUSTRIES = ['Software', 'Fintech', 'Banking', 'Retail', ''];
const COUNTRIES = ['United States', 'Germany', 'India', ''];
const TYPES = ['pricing_page', 'web_visit', 'content_download', 'demo_request', 'email_open', 'webinar', 'call', 'funding_round', 'hiring'];

export const ACCOUNT_COUNT = 12;
const PEOPLE_COUNT = 30;

/**
 * One step of a workspace's life through the real imports: some accounts and people seen (again), new, late and corrected
 * events, a second source that disagrees, accounts that appear after their people. The same chance gives the same step.
 */
export async function step(ctx: TestContext, chance: () => number, n: number): Promise<void> {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)] as T;
  const int = (most: number) => Math.floor(chance() * most);
  const iso = (daysAgo: number) => new Date(ctx.now().getTime() - daysAgo * DAY_MS - int(DAY_MS / 2)).toISOString();

  const accounts = Array.from({ length: 1 + int(5) }, () => {
    const i = int(ACCOUNT_COUNT);
    const employees = chance() < 0.7 ? String(int(3000)) : '';
    return `acc-${i},Company ${i},company-${i}.example,${pick(INDUSTRIES)},${employees},${pick(COUNTRIES)},${iso(int(20))}`;
  });
  const source = chance() < 0.5 ? 'salesforce' : 'list';
  await importRecords(ctx, {
    kind: 'accounts',
    source,
    content: ['Id,Name,Website,Industry,NumberOfEmployees,BillingCountry,LastModifiedDate', ...accounts].join('\n'),
    mapping: {
      Id: 'external_id',
      Name: 'account.name',
      Website: 'account.domain',
      Industry: 'account.industry',
      NumberOfEmployees: 'account.employees',
      BillingCountry: 'account.country',
      LastModifiedDate: 'observed_at',
    },
  });
  const people = Array.from({ length: 1 + int(5) }, () => {
    const i = int(PEOPLE_COUNT);
    // some change employer from step to step
    const employer = chance() < 0.85 ? i % ACCOUNT_COUNT : int(ACCOUNT_COUNT);
    return `p-${i},Person ${i},person${i}@company-${employer}.example,${pick(['VP', 'Manager', ''])},${iso(int(20))}`;
  });
  await importRecords(ctx, {
    kind: 'people',
    source: 'hubspot',
    content: ['id,name,email,seniority,updated', ...people].join('\n'),
    mapping: { id: 'external_id', name: 'person.name', email: 'person.email', seniority: 'person.seniority', updated: 'observed_at' },
  });
  const events = Array.from({ length: 5 + int(40) }, () => {
    const i = int(PEOPLE_COUNT);
    // an id of an earlier step is a correction; otherwise it is new, and up to three months late
    const id = chance() < 0.2 && n > 0 ? `e-${int(n)}-${int(20)}` : `e-${n}-${int(60)}`;
    const who = chance() < 0.8 ? `person${i}@company-${i % ACCOUNT_COUNT}.example,` : `,company-${int(ACCOUNT_COUNT)}.example`;
    return `${id},${pick(TYPES)},${iso(int(90))},${who}`;
  });
  await importRecords(ctx, {
    kind: 'events',
    source: 'web',
    content: ['id,type,at,email,domain', ...events].join('\n'),
    mapping: { id: 'event_id', type: 'event_type', at: 'occurred_at', email: 'person.email', domain: 'account.domain' },
  });
}

/** Another rubric than the shipped one, valid beside the shipped taxonomy. */
export async function changeRubric(ctx: TestContext): Promise<void> {
  await saveDefinition(ctx, { document: OTHER_RUBRIC });
}

export const OTHER_RUBRIC = {
  kind: 'rubric',
  name: 'Another rubric',
  tiers: { A: 50, B: 20 },
  groups: { fit: { cap: 40 }, engagement: { cap: 60 } },
  criteria: [
    { id: 'industry', group: 'fit', when: { field: 'account.industry', in: ['banking', 'retail'] }, points: 25 },
    {
      id: 'size',
      group: 'fit',
      bands: {
        field: 'account.employees',
        steps: [
          [1, 5],
          [500, 20],
        ],
      },
      missing: 3,
    },
    {
      id: 'visits',
      group: 'engagement',
      events: { types: ['web_visit', 'pricing_page'], window_days: 45, half_life_days: 5, points: 9, cap: 40 },
    },
    {
      id: 'busy',
      group: 'engagement',
      when: { count: { types: ['content_download', 'webinar'], window_days: 21 }, range: { min: 2 } },
      points: 20,
    },
    { id: 'hiring', group: 'engagement', signal: { type: 'hiring', within_days: 40 }, points: 10 },
  ],
  heat: { hot: { points: 15, people: 2 }, warm: { points: 5 }, act_now: [{ type: 'funding_round', within_days: 14 }] },
};
