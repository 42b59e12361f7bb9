import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { nameKey } from '../records/core/name-key.ts';
import { type AccountDecision, decisionSentence } from './core/account-decision.ts';
import type { AccountRecord, LeadRecord } from './core/account-evidence.ts';
import { bestOfBlocks } from './core/best-of-blocks.ts';
import { BLOCK_CAP } from './core/blocks.ts';
import { decideAccount } from './core/decide-account.ts';
import { employerKeys, misspeltKeys, type NodeKey, spelledKey, wordKey } from './core/node-keys.ts';
import type { EntityReader } from './core/read-entities.ts';
import { accountCandidates, type FoundAccount } from './find-candidates.ts';
import type { IdentityIndex } from './identity-index.ts';
import { type Blocks, blocksOf, type Probed } from './probe-blocks.ts';

export interface MatchedAccount extends AccountDecision {
  name: string | null;
  /** Accounts that were compared. */
  candidates: number;
  sentence: string;
}

export interface LeadToMatch {
  lead: LeadRecord;
  company: string;
  reader: EntityReader;
  index: IdentityIndex;
  ahead?: Probed | undefined;
  ruledOut?: Pick<ReadonlySet<string>, 'has'>;
}

const NOBODY: ReadonlySet<string> = new Set();

/** Accounts that are compared with a lead, at most: those that share its rarest words. */
const MOST_CANDIDATES = 50;

/**
 * The account that a lead belongs to. It is looked for by domain, whole name, words of the name and telephone number; where these find
 * none beyond doubt, also by names one typing error from the lead's.
 * @param asked.company the name as the lead has it
 * @param asked.ahead keys that were looked up already: those of `firstKeys` at best
 * @param asked.ruledOut accounts that it is not, as a person said
 */
export async function matchAccount(
  tx: Tx,
  ctx: Context,
  { lead, company, reader, index, ahead, ruledOut = NOBODY }: LeadToMatch,
): Promise<MatchedAccount> {
  const suppressed = index.suppressed.account;
  const isHidden = lead.phone !== null && suppressed.get('phone')?.has(lead.phone) === true;
  const said = isHidden ? { ...lead, phone: null } : lead;
  const sharedDomains = suppressed.get('domain') ?? new Set<string>();
  const first = await look(tx, ctx, said, company, firstKeys(said), ahead);
  const decided = decide(said, first, { reader, index, sharedDomains, ruledOut });
  if (decided.decision === 'match' || said.company === null) return decided;
  const misspelt = misspeltKeys(said.company);
  const second = misspelt.length === 0 ? undefined : await look(tx, ctx, said, company, [...employerKeys(said), ...misspelt]);
  return second === undefined ? decided : decide(said, second, { reader, index, sharedDomains, ruledOut });
}

/** The keys by which the account of a lead is looked for first. */
export function firstKeys(lead: LeadRecord): NodeKey[] {
  return [...employerKeys(lead), ...spelledBy(lead)];
}

/** Where a lead names no company, its domain may spell one. */
function spelledBy({ company, email }: LeadRecord): NodeKey[] {
  if (company !== null || email?.isCorporate !== true) return [];
  return [spelledKey(email.registrable.slice(0, email.registrable.indexOf('.')))];
}

interface Looked {
  found: readonly FoundAccount[];
  blocks: Blocks;
}

async function look(tx: Tx, ctx: Context, lead: LeadRecord, company: string, keys: readonly NodeKey[], ahead?: Probed): Promise<Looked> {
  const blocks = await blocksOf(tx, ctx, keys, ahead);
  const mailDomain = lead.email?.isCorporate === true ? lead.email.registrable : null;
  const domains = [...new Set([mailDomain, lead.domain?.registrable ?? null].filter((domain) => domain !== null))];
  const names = [company, lead.company?.key ?? '', lead.company?.base ?? '', ...(lead.company?.aliases ?? [])].map(nameKey);
  const found = await accountCandidates(tx, ctx, {
    nodes: bestOfBlocks(keys, blocks, MOST_CANDIDATES),
    domains,
    names: [...new Set(names)].filter((name) => name !== ''),
    mailDomain,
  });
  return { found, blocks };
}

interface Known {
  reader: EntityReader;
  index: IdentityIndex;
  sharedDomains: ReadonlySet<string>;
  ruledOut: Pick<ReadonlySet<string>, 'has'>;
}

function decide(lead: LeadRecord, { found, blocks }: Looked, { reader, index, sharedDomains, ruledOut }: Known): MatchedAccount {
  const open = found.filter(({ id }) => !ruledOut.has(id));
  const candidates = open.map(({ id, fields, domains, contacts, open_opportunities }): AccountRecord => {
    const isCustomer = fields.type === 'customer' || fields.lifecycle_stage === 'closed_won';
    const parent = typeof fields.parent === 'string' ? fields.parent : null;
    const standing = { isCustomer, openOpportunities: open_opportunities, contacts, lastActivity: null, parent };
    return { ...reader.account(id, fields, domains), standing };
  });
  const statistics = index.accounts.statistics(sharedDomains, candidates, havingWords(lead, blocks, index));
  const decision = decideAccount(lead, candidates, statistics);
  const name = found.find(({ id }) => id === decision.entity)?.name ?? null;
  return { ...decision, name, candidates: candidates.length, sentence: decisionSentence(decision) };
}

/** How many accounts have each of the lead's words: counted where few have it, else by the sample. */
function havingWords({ company }: LeadRecord, blocks: Blocks, { accounts }: IdentityIndex): Map<string, number> {
  return new Map(
    (company?.baseWords ?? []).map((word) => {
      const block = blocks.get(wordKey(word));
      if (block === 'full') return [word, Math.max(BLOCK_CAP, accounts.having(word))];
      return [word, block?.length ?? accounts.having(word)];
    }),
  );
}
