import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { nameKey } from '../records/core/name-key.ts';
import type { LeadRecord } from './core/account-evidence.ts';
import { bestOfBlocks, bestOfSmall, type LargeBlock } from './core/best-of-blocks.ts';
import type { NodeKey } from './core/node-keys.ts';
import { type AccountRow, accountCandidates, type FoundAccount, tellStandings } from './find-candidates.ts';
import type { ProbedAccounts } from './probe-accounts.ts';
import { blocksOf, type Probed } from './probe-blocks.ts';

/** Accounts that are compared with a lead, at most: those that share its rarest words. */
const MOST_CANDIDATES = 50;

/** The accounts that a lead may be of, as they are looked up: what was found once is not looked up again. */
export class AccountSearch {
  readonly #tx: Tx;
  readonly #ctx: Context;
  readonly #mailDomain: string | null;
  readonly #names: readonly string[];
  readonly #domains: readonly string[];
  readonly #blocks = new Map<number, readonly string[] | 'full'>();
  /** Keys of which not all nodes are known yet. */
  readonly #large = new Map<number, LargeBlock>();
  readonly #probed = new Set<number>();
  readonly #found = new Map<string, FoundAccount>();
  /** Nodes whose accounts were read. */
  readonly #read = new Set<string>();
  /** Rows that were read with the keys. */
  #atHand: ReadonlyMap<string, AccountRow> = new Map();
  #isNamedRead = false;

  /** @param spoken the company's name as the lead has it */
  constructor(tx: Tx, ctx: Context, { email, domain, company }: LeadRecord, spoken: string) {
    this.#tx = tx;
    this.#ctx = ctx;
    this.#mailDomain = email?.isCorporate === true ? email.registrable : null;
    this.#domains = [...new Set([this.#mailDomain, domain?.registrable ?? null].filter((one) => one !== null))];
    const names = [spoken, company?.key ?? '', company?.base ?? '', ...(company?.aliases ?? [])].map(nameKey);
    this.#names = [...new Set(names)].filter((name) => name !== '');
  }

  /** How many nodes have a key that was looked up; undefined where none has it, or it was not. */
  sizeOf(key: number): number | 'full' | undefined {
    const block = this.#blocks.get(key);
    return block === 'full' ? block : (block?.length ?? this.#large.get(key)?.size);
  }

  /** Looks up the nodes that have the keys. */
  async probe(keys: readonly NodeKey[], ahead?: Probed & Partial<ProbedAccounts>): Promise<void> {
    if (ahead?.rows !== undefined) this.#atHand = ahead.rows;
    for (const [key, block] of ahead?.large ?? []) {
      if (this.#probed.has(key)) continue;
      this.#probed.add(key);
      this.#large.set(key, block);
    }
    await this.#readBlocks(
      keys.filter(({ key }) => !this.#probed.has(key)),
      ahead,
    );
  }

  async #readBlocks(keys: readonly NodeKey[], ahead?: Probed): Promise<void> {
    if (keys.length === 0) return;
    const blocks = await blocksOf(this.#tx, this.#ctx, keys, ahead);
    for (const { key } of keys) {
      this.#probed.add(key);
      this.#large.delete(key);
      const block = blocks.get(key);
      if (block !== undefined) this.#blocks.set(key, block);
    }
  }

  /** The nodes that share the most telling of the keys, which were looked up. */
  async nodesOf(keys: readonly NodeKey[]): Promise<string[]> {
    const best = bestOfSmall(keys, this.#blocks, this.#large, MOST_CANDIDATES);
    if (best !== undefined) return best;
    await this.#readBlocks(keys.filter(({ key }) => this.#large.has(key)));
    return bestOfBlocks(keys, this.#blocks, MOST_CANDIDATES);
  }

  /** Reads the accounts that have the lead's domain or the very name: worth asking for before it is known which nodes share a key. */
  async readNamed(): Promise<void> {
    await this.#readMore([]);
  }

  /** Reads the accounts of nodes, and those that have the lead's domain or the very name. */
  async read(nodes: readonly string[]): Promise<void> {
    const missing = [...new Set(nodes)].filter((node) => !this.#read.has(node));
    if (!this.#isNamedRead || missing.length > 0) await this.#readMore(missing);
  }

  async #readMore(nodes: readonly string[]): Promise<void> {
    const named = this.#isNamedRead ? { atHand: this.#atHand } : { domains: this.#domains, names: this.#names };
    for (const account of await accountCandidates(this.#tx, this.#ctx, { nodes, ...named })) {
      const known = this.#found.get(account.id);
      if (known === undefined) this.#found.set(account.id, account);
      else {
        known.nodes.push(...account.nodes);
        known.aliases.push(...account.aliases.filter(({ id }) => known.aliases.every((alias) => alias.id !== id)));
      }
      // what stands for others is found by its own id too
      this.#read.add(account.id);
    }
    this.#isNamedRead = true;
    for (const node of nodes) this.#read.add(node);
  }

  /** The accounts of nodes that were read, with those that have the lead's domain or the very name. */
  accountsOf(nodes: readonly string[]): FoundAccount[] {
    const wanted = new Set(nodes);
    return [...this.#found.values()].filter(
      ({ id, nodes, isNamed }) => isNamed || wanted.has(id) || nodes.some((node) => wanted.has(node)),
    );
  }

  /** Looks up the rest about accounts, which of all would cost more than finding them. */
  tell(accounts: readonly FoundAccount[]): Promise<void> {
    return tellStandings(this.#tx, this.#ctx, accounts, this.#mailDomain);
  }
}
