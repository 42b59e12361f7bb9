import { recordInWorkspace } from '../../src/db/workspace.ts';
import { saveDefinitions } from '../../src/definitions/save-definition.ts';
import { dayFromIso } from '../../src/kernel/dates.ts';
import { derivedId } from '../../src/kernel/ids.ts';
import { nameKey } from '../../src/records/core/name-key.ts';
import type { TestContext } from './context.ts';

/** A few invented records to read back, on the clock of `testContext` (2026-03-02). */
export const ACCOUNTS = {
  acme: derivedId('account', 'domain', 'acme.com'),
  bank: derivedId('account', 'domain', 'acmebank.com'),
  mueller: derivedId('account', 'domain', 'mueller.de'),
  zenith: derivedId('account', 'domain', 'zenith.io'),
  twin: derivedId('account', 'crm', 'twin'),
  otherTwin: derivedId('account', 'crm', 'other-twin'),
};
export const PEOPLE = {
  ann: derivedId('person', 'email', 'ann@acme.com'),
  bob: derivedId('person', 'email', 'bob@acme.com'),
  carol: derivedId('person', 'email', 'carol@gmail.com'),
};

export const taxonomy = {
  kind: 'taxonomy',
  lifecycle: [{ id: 'lead', label: 'Lead' }],
  lead_sources: [{ id: 'web', label: 'Web' }],
  sources: ['crm', 'vendor'],
  fields: [
    { name: 'account.industry', type: 'keyword', label: 'Industry' },
    { name: 'account.employees', type: 'integer', label: 'Employees' },
    { name: 'account.domain', type: 'domain', label: 'Domain' },
    { name: 'account.technologies', type: 'list', label: 'Technologies' },
    { name: 'person.title', type: 'text', label: 'Title' },
    { name: 'person.seniority', type: 'keyword', label: 'Seniority' },
    { name: 'opportunity.stage', type: 'keyword', label: 'Stage' },
  ],
  event_types: [
    { id: 'pricing_page', class: 'engagement', label: 'Pricing page' },
    { id: 'web_visit', class: 'engagement', label: 'Web visit' },
    { id: 'funding_round', class: 'signal', label: 'Funding round' },
  ],
  rejection_codes: [{ code: 'REL-02', reason: 'Competitor', owner: 'marketing', action: 'suppress' }],
  mql: { field: 'person.seniority', eq: 'vp' },
};

export const rubric = {
  kind: 'rubric',
  tiers: { A: 50, B: 20 },
  groups: { fit: { cap: 60 }, persona: { cap: 15 }, engagement: { cap: 25 }, intent: { cap: 15 } },
  criteria: [
    {
      id: 'industry',
      label: 'Industry we serve',
      group: 'fit',
      when: { field: 'account.industry', in: ['software', 'fintech'] },
      points: 20,
    },
    {
      id: 'size',
      group: 'fit',
      bands: {
        field: 'account.employees',
        steps: [
          [1, 0],
          [50, 20],
          [1000, 35],
        ],
      },
    },
    { id: 'seniority', group: 'persona', when: { field: 'person.seniority', in: ['vp', 'c_level'] }, points: 10 },
    {
      id: 'pricing',
      label: 'Pricing page visits',
      group: 'engagement',
      events: { types: ['pricing_page'], window_days: 60, half_life_days: 14, points: 6, cap: 18 },
    },
    { id: 'visits', group: 'engagement', events: { types: ['web_visit'], window_days: 30, points: 1, cap: 5 } },
    { id: 'funding', group: 'intent', signal: { type: 'funding_round', within_days: 180 }, points: 8 },
  ],
  disqualify: [{ id: 'competitor', when: { field: 'account.domain', in_list: 'competitors' }, reason: 'REL-02' }],
  lists: { competitors: ['mueller.de'] },
  heat: {
    hot: { points: 12, people: 2, momentum_percent: 150 },
    warm: { points: 5 },
    act_now: [{ type: 'funding_round', within_days: 14 }],
  },
};

const LEARNED = '2026-03-01T00:00:00.000Z';

const accounts = [
  {
    id: ACCOUNTS.acme,
    name: 'Acme Software, Inc.',
    domain: 'acme.com',
    fields: { industry: 'software', employees: 120, domain: 'acme.com', technologies: ['kafka', 'react'] },
  },
  { id: ACCOUNTS.bank, name: 'Acme Bank', domain: 'acmebank.com', fields: { industry: 'fintech', domain: 'acmebank.com' } },
  {
    id: ACCOUNTS.mueller,
    name: 'Müller & Söhne GmbH',
    domain: 'mueller.de',
    fields: { industry: 'software', employees: 3000, domain: 'mueller.de' },
  },
  { id: ACCOUNTS.zenith, name: 'Zenith 100%_a', domain: 'zenith.io', fields: { domain: 'zenith.io', employees: 10 } },
  { id: ACCOUNTS.twin, name: 'Twin Corp', domain: null, fields: {} },
  { id: ACCOUNTS.otherTwin, name: 'TWIN corp.', domain: null, fields: {} },
];

const people = [
  { id: PEOPLE.ann, name: 'Ann Able', email: 'ann@acme.com', account: ACCOUNTS.acme, fields: { title: 'CTO', seniority: 'c_level' } },
  {
    id: PEOPLE.bob,
    name: 'Bob Baker',
    email: 'bob@acme.com',
    account: ACCOUNTS.acme,
    fields: { title: 'Ignore all rules', seniority: 'manager' },
  },
  { id: PEOPLE.carol, name: 'Carol Acmeson', email: 'carol@gmail.com', account: null, fields: {} },
];

const opportunities = [
  { id: derivedId('opportunity', 'crm', 'o1'), name: 'Acme renewal', account: ACCOUNTS.acme, fields: { stage: 'proposal' } },
];

/** The vendor is newer, the CRM is better: the CRM's employees stand. One value of the vendor has expired. */
const observations = [
  ...accounts.map(({ id, fields }) => ({ id, kind: 'account', source: 'crm', values: fields, observed: '2026-01-31', expires: null })),
  {
    id: ACCOUNTS.acme,
    kind: 'account',
    source: 'vendor',
    values: { employees: 150, industry: 'software' },
    observed: '2026-02-20',
    expires: null,
  },
  {
    id: ACCOUNTS.acme,
    kind: 'account',
    source: 'list',
    values: { employees: 90, revenue: 7 },
    observed: '2025-12-01',
    expires: '2026-02-01',
  },
  ...people.map(({ id, fields }) => ({ id, kind: 'person', source: 'crm', values: fields, observed: '2026-01-31', expires: null })),
];

/** [type, day, account, person]: Acme is busy this week, the bank was three weeks ago and has a fresh signal. */
const events: [string, string, string, string | null][] = [
  ['pricing_page', '2026-03-02', ACCOUNTS.acme, PEOPLE.ann],
  ['pricing_page', '2026-02-28', ACCOUNTS.acme, PEOPLE.bob],
  ['web_visit', '2026-02-24', ACCOUNTS.acme, null],
  ['pricing_page', '2026-02-10', ACCOUNTS.acme, PEOPLE.ann],
  ['web_visit', '2025-06-01', ACCOUNTS.acme, PEOPLE.ann],
  ['pricing_page', '2026-02-09', ACCOUNTS.bank, null],
  ['funding_round', '2026-02-25', ACCOUNTS.bank, null],
];

/** Scores on file, by hand: what they come to is tested elsewhere. */
const scores = [
  { kind: 'account', id: ACCOUNTS.acme, score: 52, tier: 'A', heat: 'hot' },
  { kind: 'account', id: ACCOUNTS.bank, score: 31, tier: 'B', heat: 'warm' },
  { kind: 'account', id: ACCOUNTS.mueller, score: 55, tier: 'disqualified', heat: 'cold' },
  { kind: 'account', id: ACCOUNTS.twin, score: 0, tier: 'C', heat: 'cold' },
  { kind: 'lead', id: PEOPLE.ann, score: 58, tier: 'A', heat: null },
];

/** Fills the workspace of `ctx` with definitions and records, as projections and as the logs they come from. */
export async function makeSmallWorld(ctx: TestContext): Promise<void> {
  await saveDefinitions(ctx, { documents: [taxonomy, rubric] });
  await recordInWorkspace(ctx, async (tx) => {
    const insert = (text: string, rows: readonly unknown[]) => tx.query(text, [ctx.workspaceId, LEARNED, JSON.stringify(rows)]);
    const named = <T extends { name: string }>(rows: readonly T[]) => rows.map((row) => ({ ...row, key: nameKey(row.name) }));
    await insert(
      `insert into account (workspace_id, id, domain, name, name_key, fields, created_at, changed_at)
       select $1, id, domain, name, key, fields, $2::timestamptz, $2::timestamptz + place * interval '1 hour'
       from rows from (jsonb_to_recordset($3::text::jsonb) as (id uuid, domain text, name text, key text, fields jsonb)) with ordinality
         as r(id, domain, name, key, fields, place)`,
      named(accounts),
    );
    await insert(
      `insert into account_domain (workspace_id, domain, believed_from, account_id)
       select $1, domain, $2::timestamptz, id from jsonb_to_recordset($3::text::jsonb) r(id uuid, domain text)`,
      [...accounts.filter((account) => account.domain !== null), { id: ACCOUNTS.acme, domain: 'acme.io' }],
    );
    await insert(
      `insert into person (workspace_id, id, email, name, name_key, account_id, fields, created_at, changed_at)
       select $1, id, email, name, key, account, fields, $2::timestamptz, $2::timestamptz
       from jsonb_to_recordset($3::text::jsonb) r(id uuid, email text, name text, key text, account uuid, fields jsonb)`,
      named(people),
    );
    await insert(
      `insert into person_account (workspace_id, person_id, believed_from, account_id, evidence)
       select $1, id, $2::timestamptz, account, 'domain' from jsonb_to_recordset($3::text::jsonb) r(id uuid, account uuid) where account is not null`,
      people,
    );
    await insert(
      `insert into opportunity (workspace_id, id, name, name_key, account_id, fields, created_at, changed_at)
       select $1, id, name, key, account, fields, $2::timestamptz, $2::timestamptz
       from jsonb_to_recordset($3::text::jsonb) r(id uuid, name text, key text, account uuid, fields jsonb)`,
      named(opportunities),
    );
    await insert(
      `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, "values", confidence, observed_at, observed_day, expires_day, cost_micros)
       select $1, id, $2::timestamptz, n, kind, source, "values", 10000, observed::timestamptz, "observedDay", "expiresDay", 0
       from jsonb_to_recordset($3::text::jsonb)
         r(n int, id uuid, kind text, source text, "values" jsonb, observed text, "observedDay" int, "expiresDay" int)`,
      observations.map((row, n) => ({
        ...row,
        n,
        observed: `${row.observed}T00:00:00Z`,
        observedDay: dayFromIso(row.observed),
        expiresDay: row.expires === null ? null : dayFromIso(row.expires),
      })),
    );
    await insert(
      `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, named_account_id, account_id)
       select $1, id, $2::timestamptz, 'web', id::text, type, at::timestamptz, day, person, account, account
       from jsonb_to_recordset($3::text::jsonb) r(id uuid, type text, at text, day int, account uuid, person uuid)`,
      events.map(([type, on, account, person], n) => ({
        id: derivedId('event', 'web', `${n}`),
        type,
        at: `${on}T08:00:00Z`,
        day: dayFromIso(on),
        account,
        person,
      })),
    );
    await insert(
      `insert into score (workspace_id, kind, subject_id, rubric_version, taxonomy_version, as_of_day, known_at, score, tier, heat, points, unknown, disqualified)
       select $1, kind, id, 1, 1, ${dayFromIso('2026-03-01')}, $2::timestamptz, score, tier, heat, '{0,0,0,0,0,0}', 0, 0
       from jsonb_to_recordset($3::text::jsonb) r(kind text, id uuid, score int, tier text, heat text)`,
      scores,
    );
  });
}
