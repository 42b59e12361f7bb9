import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type AccountDecision, decisionSentence } from './core/account-decision.ts';
import type { AccountRecord, LeadRecord } from './core/account-evidence.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import { decideAmong, rivalsOf, type WeighedAccount, weighAccounts } from './core/decide-account.ts';
import { employerKeys, misspeltKeys, type NodeKey, spelledKey, wordKey } from './core/node-keys.ts';
import type { EntityReader } from './core/read-entities.ts';
import type { FoundAccount } from './find-candidates.ts';
import type { IdentityIndex } from './identity-index.ts';
import type { ProbedAccounts } from './probe-accounts.ts';
import type { Probed } from './probe-blocks.ts';
import { AccountSearch } from './search-accounts.ts';

export interface MatchedAccount extends AccountDecision {
  name: string | null;
  /** The node whose own values speak for it: the entity, or an alias whose name the lead has. */
  node: string | null;
  /** Accounts that were compared. */
  candidates: number;
  sentence: string;
}

export interface LeadToMatch {
  lead: LeadRecord;
  company: string;
  reader: EntityReader;
  index: IdentityIndex;
  ahead?: (Probed & Partial<ProbedAccounts>) | undefined;
  search?: AccountSearch | undefined;
  ruledOut?: Pick<ReadonlySet<string>, 'has'>;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * The account that a lead belongs to. It is looked for by domain, whole name, words of the name and telephone number; where these find
 * none beyond doubt, also by names one typing error from the lead's.
 * @param asked.company the name as the lead has it
 * @param asked.ahead keys that were looked up already: those of `likelyKeys` at best
 * @param asked.search what was looked up for the lead already
 * @param asked.ruledOut accounts that it is not, as a person said
 */
export async function matchAccount(
  tx: Tx,
  ctx: Context,
  { lead, company, reader, index, ahead, search = new AccountSearch(tx, ctx, lead, company), ruledOut = NOBODY }: LeadToMatch,
): Promise<MatchedAccount> {
  const suppressed = index.suppressed.account;
  const isHidden = lead.phone !== null && suppressed.get('phone')?.has(lead.phone) === true;
  const said = isHidden ? { ...lead, phone: null } : lead;
  const known = {
    reader,
    index,
    sharedDomains: suppressed.get('domain') ?? NOBODY,
    ruledOut,
    records: new Map<FoundAccount, AccountRecord>(),
  };
  await search.probe(likelyKeys(said), ahead);
  const first = await search.nodesOf(firstKeys(said));
  const further = furtherKeys(said);
  // what is likely needed is read together
  await search.read(isMisspeltLikely(said) && further.length > 0 ? [...first, ...(await search.nodesOf(further))] : first);
  const decided = await decide(said, search, first, known);
  if (decided.decision === 'match' || further.length === 0) return decided;
  await search.probe(further);
  const second = await search.nodesOf(further);
  await search.read(second);
  return decide(said, search, second, known);
}

/** The keys by which the account of a lead is likely looked for. */
export function likelyKeys(lead: LeadRecord): NodeKey[] {
  return [...firstKeys(lead), ...(isMisspeltLikely(lead) ? furtherKeys(lead) : [])];
}

/** All keys by which it may be looked for. */
export function everyKey(lead: LeadRecord): NodeKey[] {
  return [...firstKeys(lead), ...furtherKeys(lead)];
}

function firstKeys(lead: LeadRecord): NodeKey[] {
  return [...employerKeys(lead), ...spelledBy(lead)];
}

/** The keys by which it is looked for where the first find none beyond doubt; none where a name cannot be misspelt. */
function furtherKeys(lead: LeadRecord): NodeKey[] {
  const misspelt = lead.company === null ? [] : misspeltKeys(lead.company);
  return misspelt.length === 0 ? [] : [...employerKeys(lead), ...misspelt];
}

/** Without a domain the name alone tells, and many a name that was typed in is misspelt. */
function isMisspeltLikely({ email, domain }: LeadRecord): boolean {
  return email?.isCorporate !== true && domain === null;
}

/** Where a lead names no company, its domain may spell one. */
function spelledBy({ company, email }: LeadRecord): NodeKey[] {
  if (company !== null || email?.isCorporate !== true) return [];
  return [spelledKey(email.registrable.slice(0, email.registrable.indexOf('.')))];
}

interface Known {
  reader: EntityReader;
  index: IdentityIndex;
  sharedDomains: ReadonlySet<string>;
  ruledOut: Pick<ReadonlySet<string>, 'has'>;
  /** Accounts as they were read for an earlier decision. */
  records: Map<FoundAccount, AccountRecord>;
}

/** Decides among the accounts of the nodes and those that have the domain or the name. */
async function decide(lead: LeadRecord, search: AccountSearch, nodes: readonly string[], known: Known): Promise<MatchedAccount> {
  const { reader, index, sharedDomains, ruledOut, records } = known;
  const open = search.accountsOf(nodes).filter(({ id }) => !ruledOut.has(id));
  for (const one of open) if (!records.has(one)) records.set(one, recordOf(one, reader));
  const tell = async (accounts: readonly FoundAccount[]) => {
    if (accounts.length === 0) return;
    await search.tell(accounts);
    for (const one of accounts) records.set(one, recordOf(one, reader));
  };
  // one whose own domain is no employer's is known by the others that it claims
  await tell(open.filter((one) => !one.hasAllDomains && records.get(one)?.domain === null));
  const candidates = open.flatMap((one) => records.get(one) ?? []);
  const wanted = new Set(nodes);
  const aliases = open.flatMap((one) => aliasRecords(one, records.get(one), (id) => wanted.has(id), reader));
  const statistics = index.accounts.statistics(
    sharedDomains,
    [...candidates, ...aliases.map((one) => ({ ...one, domain: null, phone: null }))],
    havingWords(lead, search, index),
  );
  const weighed = weighAccounts(lead, [...candidates, ...aliases], statistics);
  const rivals = rivalsOf(weighed);
  await tell(open.filter((one) => one.standing === undefined && rivals.has(one.id)));
  const decision = decideAmong(lead, rivals.size === 0 ? weighed : standing(weighed, [...records.values()]), statistics);
  const name = open.find(({ id }) => id === decision.entity)?.name ?? null;
  const best = weighed.find(({ account }) => account.id === decision.entity)?.account;
  const node = best?.alias ?? decision.entity;
  // what is added to a copy takes many times as long as what is copied to it
  return { name, node, candidates: candidates.length, sentence: decisionSentence(decision), ...decision };
}

/** An account under the names, and at the places, of those that were merged into it: of those found by a key or a name. */
function aliasRecords(
  { id, aliases }: FoundAccount,
  entity: AccountRecord | undefined,
  isWanted: (node: string) => boolean,
  reader: EntityReader,
): AccountRecord[] {
  if (entity === undefined) return [];
  const inOrder = [...aliases].sort((a, b) => (a.id < b.id ? -1 : 1));
  return inOrder.flatMap(({ id: alias, fields, is_named }) => {
    const { company, city, country, postcode } = reader.account(id, fields);
    return company === null || !(is_named || isWanted(alias)) ? [] : [{ ...entity, company, city, country, postcode, alias }];
  });
}

function recordOf({ id, fields, domains, standing }: FoundAccount, reader: EntityReader): AccountRecord {
  const isCustomer = fields.type === 'customer' || fields.lifecycle_stage === 'closed_won';
  const parent = typeof fields.parent === 'string' ? fields.parent : null;
  const { contacts, openOpportunities } = standing ?? { contacts: 0, openOpportunities: 0 };
  return { standing: { isCustomer, openOpportunities, contacts, lastActivity: null, parent }, ...reader.account(id, fields, domains) };
}

/** The same weights with what was told of the accounts since. */
function standing(weighed: readonly WeighedAccount[], records: readonly AccountRecord[]): WeighedAccount[] {
  const told = new Map(records.map((record) => [record.id, record]));
  return weighed.map((one) => ({ ...one, account: told.get(one.account.id) ?? one.account }));
}

/** How many accounts have each of the lead's words: counted where few have it, else by the sample. */
function havingWords({ company }: LeadRecord, search: AccountSearch, { accounts }: IdentityIndex): Map<string, number> {
  return new Map(
    (company?.baseWords ?? []).map((word) => {
      const size = search.sizeOf(wordKey(word));
      return [word, size === 'full' ? Math.max(BLOCK_CAP, accounts.having(word)) : (size ?? accounts.having(word))];
    }),
  );
}
