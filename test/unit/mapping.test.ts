import { beforeAll, describe, expect, it } from 'vitest';
import type { Taxonomy } from '../../src/definitions/core/taxonomy.ts';
import { shippedDefinitions } from '../../src/definitions/shipped.ts';
import { SamepageError } from '../../src/kernel/errors.ts';
import { guessKind, guessMapping } from '../../src/records/core/guess-mapping.ts';
import { resolveMapping } from '../../src/records/core/resolve-mapping.ts';
import { type RecordKind, specialsFor } from '../../src/records/core/targets.ts';

let taxonomy: Taxonomy;
beforeAll(async () => {
  taxonomy = (await shippedDefinitions()).taxonomy as Taxonomy;
});

/** Headers as the systems write them, and what each means; `-` for what stays in the raw record. */
const EXPORTS: readonly [name: string, file: string, kind: RecordKind, columns: Record<string, string>][] = [
  [
    'Salesforce accounts, API names',
    'extract.csv',
    'accounts',
    {
      Id: 'external_id',
      IsDeleted: '-',
      Name: 'account.name',
      Type: 'account.type',
      ParentId: 'account.parent',
      BillingStreet: 'account.street',
      BillingCity: 'account.city',
      BillingState: 'account.state',
      BillingPostalCode: 'account.postal_code',
      BillingCountry: 'account.country',
      Phone: 'account.phone',
      Website: 'account.website',
      Industry: 'account.industry',
      AnnualRevenue: 'account.annual_revenue',
      NumberOfEmployees: 'account.employees',
      Rating: 'account.rating',
      OwnerId: 'account.owner',
      CreatedDate: 'account.created_date',
      LastModifiedDate: 'observed_at',
      LastActivityDate: 'account.last_activity_date',
    },
  ],
  [
    'Salesforce accounts, a report',
    'report1714.csv',
    'accounts',
    {
      'Account Owner': 'account.owner',
      'Account Name': 'account.name',
      Type: 'account.type',
      Industry: 'account.industry',
      'Annual Revenue': 'account.annual_revenue',
      Employees: 'account.employees',
      'Billing Country': 'account.country',
      'Billing City': 'account.city',
      Website: 'account.website',
      'Last Modified Date': 'observed_at',
      'Account ID': 'external_id',
    },
  ],
  [
    'Salesforce leads, API names',
    'extract.csv',
    'people',
    {
      Id: 'external_id',
      FirstName: 'person.first_name',
      LastName: 'person.last_name',
      Title: 'person.title',
      Company: 'person.company',
      Email: 'person.email',
      Phone: 'person.phone',
      MobilePhone: 'person.mobile_phone',
      Country: 'person.country',
      State: 'person.state',
      City: 'person.city',
      LeadSource: 'person.lead_source',
      Status: 'person.lead_status',
      OwnerId: 'person.owner',
      HasOptedOutOfEmail: 'person.opted_out',
      IsConverted: 'person.is_converted',
      CreatedDate: 'person.created_date',
      SystemModstamp: 'observed_at',
    },
  ],
  [
    'Salesforce leads, a report',
    'report.csv',
    'people',
    {
      'Lead Owner': 'person.owner',
      'First Name': 'person.first_name',
      'Last Name': 'person.last_name',
      Title: 'person.title',
      'Company / Account': 'person.company',
      Email: 'person.email',
      'Lead Source': 'person.lead_source',
      'Lead Status': 'person.lead_status',
      'Lead ID': 'external_id',
      Country: 'person.country',
    },
  ],
  [
    'Salesforce contacts, API names',
    'extract.csv',
    'people',
    {
      Id: 'external_id',
      AccountId: 'account_external_id',
      FirstName: 'person.first_name',
      LastName: 'person.last_name',
      Email: 'person.email',
      Title: 'person.title',
      Department: 'person.department',
      MailingCountry: 'person.country',
      MailingCity: 'person.city',
      Phone: 'person.phone',
      LastModifiedDate: 'observed_at',
    },
  ],
  [
    'Salesforce opportunities, API names',
    'extract.csv',
    'opportunities',
    {
      Id: 'external_id',
      AccountId: 'account_external_id',
      Name: 'opportunity.name',
      StageName: 'opportunity.stage',
      Amount: 'opportunity.amount',
      Probability: 'opportunity.probability',
      CloseDate: 'opportunity.close_date',
      Type: 'opportunity.type',
      LeadSource: 'opportunity.lead_source',
      IsClosed: 'opportunity.is_closed',
      IsWon: 'opportunity.is_won',
      ForecastCategory: 'opportunity.forecast_category',
      CreatedDate: 'opportunity.created_date',
      LastModifiedDate: 'observed_at',
    },
  ],
  [
    'HubSpot companies, labels',
    'hubspot-crm-exports-all-companies.csv',
    'accounts',
    {
      'Record ID': 'external_id',
      'Company name': 'account.name',
      'Company Domain Name': 'account.domain',
      Industry: 'account.industry',
      'Number of Employees': 'account.employees',
      'Annual Revenue': 'account.annual_revenue',
      'Country/Region': 'account.country',
      City: 'account.city',
      'Phone Number': 'account.phone',
      'Lifecycle Stage': 'account.lifecycle_stage',
      'Company owner': 'account.owner',
      'Create Date': 'account.created_date',
      'Last Modified Date': 'observed_at',
    },
  ],
  [
    'HubSpot companies, internal names',
    'companies.jsonl',
    'accounts',
    {
      hs_object_id: 'external_id',
      name: 'account.name',
      domain: 'account.domain',
      website: 'account.website',
      industry: 'account.industry',
      numberofemployees: 'account.employees',
      annualrevenue: 'account.annual_revenue',
      country: 'account.country',
      lifecyclestage: 'account.lifecycle_stage',
      hs_lastmodifieddate: 'observed_at',
    },
  ],
  [
    'HubSpot contacts, labels',
    'hubspot-crm-exports-all-contacts.csv',
    'people',
    {
      'Record ID': 'external_id',
      'First Name': 'person.first_name',
      'Last Name': 'person.last_name',
      Email: 'person.email',
      'Phone Number': 'person.phone',
      'Job Title': 'person.title',
      'Company Name': 'person.company',
      'Lifecycle Stage': 'person.lifecycle_stage',
      'Lead Status': 'person.lead_status',
      'Contact owner': 'person.owner',
      'Associated Company IDs': 'account_external_id',
      'Last Modified Date': 'observed_at',
    },
  ],
  [
    'HubSpot deals, labels',
    'hubspot-crm-exports-all-deals.csv',
    'opportunities',
    {
      'Record ID': 'external_id',
      'Deal Name': 'opportunity.name',
      'Deal Stage': 'opportunity.stage',
      Amount: 'opportunity.amount',
      'Close Date': 'opportunity.close_date',
      Pipeline: 'opportunity.pipeline',
      'Deal Type': 'opportunity.type',
      'Deal owner': 'opportunity.owner',
      'Associated Company IDs': 'account_external_id',
    },
  ],
  [
    'Marketo leads, REST names',
    'leads.csv',
    'people',
    {
      id: 'external_id',
      email: 'person.email',
      firstName: 'person.first_name',
      lastName: 'person.last_name',
      title: 'person.title',
      company: 'person.company',
      leadSource: 'person.lead_source',
      leadStatus: 'person.lead_status',
      leadScore: 'person.vendor_score',
      unsubscribed: 'person.opted_out',
      updatedAt: 'observed_at',
      createdAt: 'person.created_date',
    },
  ],
  [
    'Marketo leads, labels',
    'smart-list.csv',
    'people',
    {
      'Marketo Lead ID': 'external_id',
      'Email Address': 'person.email',
      'First Name': 'person.first_name',
      'Last Name': 'person.last_name',
      'Job Title': 'person.title',
      'Company Name': 'person.company',
      Unsubscribed: 'person.opted_out',
    },
  ],
  [
    'Marketo activities',
    'activities.csv',
    'events',
    {
      marketoGUID: 'event_id',
      leadId: 'person_external_id',
      activityDate: 'occurred_at',
      activityType: 'event_type',
      campaignId: '-',
      primaryAttributeValue: 'attribute',
    },
  ],
  [
    'events of our own',
    'export.csv',
    'events',
    { event_id: 'event_id', type: 'event_type', occurred_at: 'occurred_at', email: 'person.email', url: 'attribute' },
  ],
  [
    'signals of our own',
    'signals.csv',
    'signals',
    { signal_id: 'event_id', signal: 'event_type', date: 'occurred_at', domain: 'account.domain' },
  ],
  [
    'a list of companies',
    'list.csv',
    'accounts',
    { Company: 'account.name', URL: 'account.website', HQ: 'account.headquarters', Headcount: 'account.employees', Notes: '-' },
  ],
];

describe('guesses', () => {
  it.each(EXPORTS)('know the columns of %s', (_, __, kind, columns) => {
    const guessed = Object.fromEntries(guessMapping(Object.keys(columns), kind, taxonomy).map((m) => [m.column, m.target ?? '-']));
    expect(guessed).toEqual(columns);
  });

  it.each(EXPORTS)('know what %s hold', (_, file, kind, columns) => {
    expect(guessKind(Object.keys(columns), file, taxonomy).map((guess) => guess.kind)).toEqual([kind]);
  });

  it('give a target to one column, and say which', () => {
    const [first, second] = guessMapping(['domain', 'Domain Name'], 'accounts', taxonomy);
    expect(first?.target).toBe('account.domain');
    expect(second).toMatchObject({ target: null, reason: expect.stringContaining('"domain"') });
  });

  it('say nothing of headers that nobody knows, nor of those of objects', () => {
    const columns = ['foo', '__proto__', 'constructor', 'toString', ''];
    expect(guessMapping(columns, 'accounts', taxonomy).map((m) => m.target)).toEqual([null, null, null, null, null]);
    expect(guessKind(columns, 'x.csv', taxonomy)).toEqual([]);
  });
});

describe('a mapping', () => {
  const TWICE = (target: string): [string, string][] => [
    ['Seats', target],
    ['Company', target],
  ];
  const resolve = (given: [string, string][], saved: [string, string][] = [], columns = ['Company', 'Seats', 'Website']) =>
    resolveMapping({ columns, kind: 'accounts', taxonomy, given, saved }).map((m) => [m.column, m.target]);

  it('is as given, else as saved, else as guessed', () => {
    expect(
      resolve(
        [['seats', 'account.employees']],
        [
          ['Website', 'account.website'],
          ['Seats', 'ignore'],
          ['Gone', 'account.city'],
        ],
      ),
    ).toEqual([
      ['Company', 'account.name'],
      ['Seats', 'account.employees'],
      ['Website', 'account.website'],
    ]);
  });

  it('given for one column takes the target from a guess', () => {
    expect(resolve([['Seats', 'account.name']])).toEqual([
      ['Company', null],
      ['Seats', 'account.name'],
      ['Website', 'account.website'],
    ]);
  });

  it.each<[string, [string, string][], RegExp]>([
    ['a column that is not there', [['Seat', 'account.employees']], /mapping\.Seat: .*Seats/],
    ['a field that is not declared', [['Seats', 'account.employes']], /\(found account\.employes\): .*account\.employees/],
    ['a field of another kind', [['Seats', 'person.title']], /\(found person\.title\): .*account\./],
    ['a field without its entity', [['Seats', 'employees']], /\(found employees\): .*account\.employees/],
    ['two columns for the id', TWICE('external_id'), /mapping\.Company \(found external_id\): is what Seats is mapped to as well/],
    ['two columns for the time', TWICE('observed_at'), /mapping\.Company \(found observed_at\): is what Seats is mapped to as well/],
  ])('refuses %s, with the value found and near ones', (_, given, message) => {
    let error: unknown;
    try {
      resolve(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SamepageError);
    expect(error).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(message) });
  });

  it('gives a field, an attribute or nothing to as many columns as are named', () => {
    for (const target of ['account.phone', 'ignore']) expect(resolve(TWICE(target))).toContainEqual(['Company', target]);
    const events = { kind: 'events' as const, taxonomy, saved: [], columns: ['a', 'b', 'c', 'd'] };
    const resolved = (given: [string, string][]) => resolveMapping({ ...events, given }).map((m) => m.target);
    const both: [string, string][] = [
      ['a', 'attribute'],
      ['b', 'attribute'],
    ];
    expect(resolved(both)).toEqual(['attribute', 'attribute', null, null]);
    const once = specialsFor('events').filter((target) => target !== 'attribute' && target !== 'ignore');
    for (const target of once) expect(() => resolved([...both, ['c', target], ['d', target]])).toThrow(/mapping\.d .*mapped to as well/);
  });
});
