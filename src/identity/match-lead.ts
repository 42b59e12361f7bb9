import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { parseInput } from '../kernel/parse-input.ts';
import type { CountryNames } from '../records/core/normalise-country.ts';
import { loadCountries } from '../records/load-countries.ts';
import { decidedByVerdict, type LeadVerdict, verdictSentence } from './core/lead-verdict.ts';
import { type EntityReader, entityReader } from './core/read-entities.ts';
import { type PlacedWith, placeOf } from './get-match.ts';
import { type Guessed, guessed, isGuessed, keepSizes } from './identity-index.ts';
import { leadVerdicts } from './lead-verdicts.ts';
import { likelyKeys, type MatchedAccount, matchAccount } from './match-account.ts';
import { leadKeys, type MatchedPerson, matchPerson, namedPeople } from './match-person.ts';
import { probeAccounts } from './probe-accounts.ts';
import { readIndexed } from './read-indexed.ts';
import { leadText as text } from './read-people.ts';
import { AccountSearch } from './search-accounts.ts';

const NOTHING = new Map();
/** The last one: it remembers names and places that it read, and most look-ups are of one home. */
let kept: { home: string | null; reader: EntityReader } | undefined;

function readerFrom(home: string | null, countries: CountryNames): EntityReader {
  if (kept === undefined || kept.home !== home) kept = { home, reader: entityReader(countries, home) };
  return kept.reader;
}

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

export interface MatchedLead {
  person: MatchedPerson;
  account: MatchedAccount;
  /** The account that the person found belongs to already. */
  belongsTo: PlacedWith | null;
}

/**
 * Which person a lead is, and to which account it belongs, as things are now; nothing is recorded. Candidates are those that share a key
 * with the lead: address, telephone number, name, words of the company's name, domain. What a person decided about the lead holds.
 */
export async function matchLead(ctx: Context, given: z.input<typeof matchLeadInput>): Promise<MatchedLead> {
  requireScope(ctx, 'read');
  const lead = parseInput(matchLeadInput, given, 'match_lead');
  const countries = await loadCountries();
  const { website, country, ...said } = lead;
  const ask = async (tx: Tx, { home, sizes }: Guessed) => {
    const reader = readerFrom(home, countries);
    const fields = { country: reader.country(country), company_domain: website, ...said };
    const read = reader.lead(lead);
    const search = new AccountSearch(tx, ctx, read, lead.company ?? '');
    const person = leadKeys(fields, NOTHING, home);
    const [people, , probed] = await Promise.all([
      namedPeople(tx, ctx, fields, read.email),
      search.readNamed(),
      probeAccounts(tx, ctx, likelyKeys(read), person, sizes),
    ]);
    return { home, sizes, reader, fields, read, search, ahead: { person, people, ...probed } };
  };
  const asking = (tx: Tx) => ask(tx, guessed(ctx));
  return readIndexed(ctx, asking, async (tx, index, asked) => {
    // that it is said otherwise by now happens once
    const { reader, fields, read, search, ahead } = isGuessed(asked, index) ? asked : await ask(tx, index);
    keepSizes(index, ahead.sizes);
    // neither waits for the other
    const sought = { lead: read, company: lead.company ?? '', reader, index, ahead, search };
    const [found, person] = await Promise.all([
      matchAccount(tx, ctx, sought),
      matchPerson(tx, ctx, { fields, email: read.email, index, ahead }),
    ]);
    if (person.decision !== 'match' || person.entity === null) return { person, account: found, belongsTo: null };
    const verdicts = await leadVerdicts(tx, ctx, person.entity);
    const open = verdicts.ruledOut.size === 0 ? found : await matchAccount(tx, ctx, { ...sought, ruledOut: verdicts.ruledOut });
    const account = verdicts.belongs === null ? open : heeding(verdicts.belongs, open);
    return { person, account, belongsTo: await placeOf(tx, ctx, person.entity, verdicts) };
  });
}

/** The account that a person decided on, whatever the matcher found. */
function heeding(verdict: LeadVerdict, found: MatchedAccount): MatchedAccount {
  const { candidates } = found;
  return {
    ...decidedByVerdict(verdict, found),
    name: verdict.account.name,
    node: verdict.node,
    candidates,
    sentence: verdictSentence(verdict),
  };
}
