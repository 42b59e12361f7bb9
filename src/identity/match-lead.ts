import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { nameKey } from '../records/core/name-key.ts';
import type { CountryNames } from '../records/core/normalise-country.ts';
import { loadCountries } from '../records/load-countries.ts';
import { type AccountDecision, decisionSentence } from './core/account-decision.ts';
import type { AccountRecord, LeadRecord } from './core/account-evidence.ts';
import type { ColumnKind } from './core/column-kinds.ts';
import { decideAccount } from './core/decide-account.ts';
import { cellsOf, columnsFor, ENTITY_COLUMNS, type EntityColumn, suppressedByKind } from './core/entity-columns.ts';
import { normaliseCompany } from './core/normalise-company.ts';
import { decidePerson, type PersonDecision } from './core/person-decision.ts';
import { type EmployerReader, employerReader } from './core/read-employer.ts';
import { accountStatistics, estimatedSize, peopleStatistics } from './core/sampled-statistics.ts';
import type { RecordValues } from './core/score-pair.ts';
import { accountCandidates, personCandidates, sampleOf } from './find-candidates.ts';
import { type PlacedWith, placeOf } from './get-match.ts';
import { suppressedIdentifiers } from './suppressed-identifiers.ts';

const text = z.string().trim().min(1).max(300).optional();

export const matchLeadInput = z
  .strictObject({
    email: text,
    name: text.describe('full name, or first_name and last_name'),
    first_name: text,
    last_name: text,
    company: text,
    website: text,
    phone: text,
    city: text,
    postal_code: text,
    country: text,
  })
  .refine((lead) => [lead.email, lead.name, lead.last_name, lead.company, lead.website].some((value) => value !== undefined), {
    error: 'give email, name, company or website',
    path: ['email'],
  });
type Lead = z.output<typeof matchLeadInput>;

export interface MatchedLead {
  person: PersonDecision & { name: string | null; candidates: number };
  account: AccountDecision & { name: string | null; candidates: number; sentence: string };
  /** The account that the person found belongs to already. */
  belongsTo: PlacedWith | null;
}

/** So many rows tell how rare names and places are. */
const SAMPLED = 2000;
const EMPLOYER_KINDS = [
  'id',
  'email',
  'company',
  'domain',
  'city',
  'country',
  'postcode',
  'phone',
] as const satisfies readonly ColumnKind[];

/**
 * Which person a lead is, and to which account it belongs, as things are now; nothing is written. Candidates share the lead's address,
 * name, domain, or the beginning of the company's name with it.
 */
export async function matchLead(ctx: Context, given: z.input<typeof matchLeadInput>): Promise<MatchedLead> {
  requireScope(ctx, 'read');
  const lead = parseInput(matchLeadInput, given, 'match_lead');
  const reader = reading(await loadCountries());
  return readWorkspace(ctx, async (tx) => {
    const read = reader.lead(lead);
    const account = await matchAccount(tx, ctx, lead, read, reader);
    const person = await matchPerson(tx, ctx, lead, read);
    const isKnown = person.decision === 'match' && person.entity !== null;
    return { person, account, belongsTo: isKnown ? await placeOf(tx, ctx, await nodesOf(tx, ctx, person.entity ?? '')) : null };
  });
}

interface Reading {
  lead(lead: Lead): LeadRecord;
  account(id: string, fields: Readonly<Record<string, unknown>>, domains?: readonly string[]): AccountRecord;
}

/** Reads leads and accounts of the database as the matcher in files reads rows. */
function reading(countries: CountryNames): Reading {
  const reader: EmployerReader = employerReader(EMPLOYER_KINDS, countries);
  return {
    lead: ({ email = '', company = '', website = '', city = '', country = '', postal_code = '', phone = '' }) =>
      reader.lead(['lead', email, company, website, city, country, postal_code, phone], 0),
    account(id, fields, domains = []) {
      const field = (key: string) => (typeof fields[key] === 'string' ? fields[key] : '');
      const own = field('domain');
      const all = [own, ...domains.filter((domain) => domain !== own)].filter((domain) => domain !== '').join(' ');
      return reader.account([id, '', field('name'), all, field('city'), field('country'), field('postal_code'), field('phone')], 0);
    },
  };
}

async function matchAccount(
  tx: Tx,
  ctx: Context,
  { company = '' }: Lead,
  lead: LeadRecord,
  reader: Reading,
): Promise<MatchedLead['account']> {
  const suppressed = suppressedByKind(await suppressedIdentifiers(tx, ctx, 'account'));
  const mailDomain = lead.email?.isCorporate === true ? lead.email.registrable : null;
  const domains = [mailDomain, lead.domain?.registrable ?? null].filter((domain) => domain !== null);
  const named = normaliseCompany(company);
  const names =
    named === null ? [] : [...new Set([company, named.key, named.base, ...named.aliases].map(nameKey))].filter((key) => key !== '');
  const found = await accountCandidates(tx, ctx, { domains, names, mailDomain });
  const candidates = found.map(({ id, fields, domains: claimed, contacts, open_opportunities }): AccountRecord => {
    const isCustomer = fields.type === 'customer' || fields.lifecycle_stage === 'closed_won';
    const parent = typeof fields.parent === 'string' ? fields.parent : null;
    const standing = { isCustomer, openOpportunities: open_opportunities, contacts, lastActivity: null, parent };
    return { ...reader.account(id, fields, claimed), standing };
  });
  const sample = await sampleOf(tx, ctx, 'account', SAMPLED);
  const ids = sample.map(({ id }) => id);
  const records = sample.map(({ id, fields }) => reader.account(id, fields));
  const statistics = accountStatistics(records, estimatedSize(ids, SAMPLED), suppressed.get('domain') ?? new Set(), candidates);
  const isHidden = lead.phone !== null && suppressed.get('phone')?.has(lead.phone) === true;
  const decision = decideAccount(isHidden ? { ...lead, phone: null } : lead, candidates, statistics);
  const name = found.find(({ id }) => id === decision.entity)?.name ?? null;
  return { ...decision, name, candidates: candidates.length, sentence: decisionSentence(decision) };
}

async function matchPerson(tx: Tx, ctx: Context, lead: Lead, { email }: LeadRecord): Promise<MatchedLead['person']> {
  const suppressed = suppressedByKind(await suppressedIdentifiers(tx, ctx, 'person'));
  const isNobodys = email === null || email.isRole || suppressed.get('email')?.has(email.key) === true;
  const full = lead.name ?? [lead.first_name, lead.last_name].filter((part) => part !== undefined).join(' ');
  const found = await personCandidates(tx, ctx, {
    addresses: isNobodys ? [] : [...new Set([email.address, email.key])],
    name: nameKey(full) || null,
    domain: full !== '' && email?.isCorporate === true ? email.registrable : null,
  });
  const columns = columnsFor('person', new Set(ENTITY_COLUMNS.person.map(([field]) => field)));
  const valuesOf = (fields: Readonly<Record<string, unknown>>) => valuesIn(columns, cellsOf(columns, fields, suppressed));
  const sample = await sampleOf(tx, ctx, 'person', SAMPLED);
  const ids = sample.map(({ id }) => id);
  const statistics = peopleStatistics(
    columns.map(({ kind }) => kind),
    sample.map(({ fields }) => cellsOf(columns, fields, suppressed)),
    estimatedSize(ids, SAMPLED),
  );
  const { website, ...fields } = lead;
  const decision = decidePerson(
    valuesOf({ ...fields, company_domain: website }),
    found.map(({ id, fields: theirs, has_address }) => ({ id, values: valuesOf(theirs), hasAddress: has_address })),
    statistics,
  );
  return { ...decision, name: found.find(({ id }) => id === decision.entity)?.name ?? null, candidates: found.length };
}

function valuesIn(columns: readonly EntityColumn[], cells: readonly string[]): RecordValues {
  return columns.flatMap(({ kind }, i) => (cells[i] === undefined || cells[i] === '' ? [] : [[kind, cells[i]] as const]));
}

const idRows = z.array(z.object({ id: z.string() }));

async function nodesOf(tx: Tx, ctx: Context, entity: string): Promise<string[]> {
  const rows = await tx.query('select id::text from person where workspace_id = $1 and (id = $2::uuid or merged_into = $2::uuid)', [
    ctx.workspaceId,
    entity,
  ]);
  return idRows.parse(rows).map(({ id }) => id);
}
