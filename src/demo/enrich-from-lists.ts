import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getAccount } from '../accounts/get-account.ts';
import { searchRecords } from '../accounts/search-records.ts';
import type { UndecidedField, WeighedFact } from '../accounts/with-findings.ts';
import { enrichWith } from '../enrichment/enrich-record.ts';
import { lateWork } from '../enrichment/late-work.ts';
import { openHouse } from '../enrichment/provider-house.ts';
import type { Context } from '../kernel/context.ts';
import type { InventedList } from './core/invent-lists.ts';

/** What one account lacked, and what the lists gave. */
export interface FilledAccount {
  name: string;
  lacked: number;
  found: WeighedFact[];
  undecided: UndecidedField[];
}

const FIELDS = ['account.industry', 'account.employees', 'account.country'];
/** Few enough to be planned at once: what one teaches does not depend on which of the others is done. */
const ACCOUNTS = 8;

/** Writes lists to a folder as a team's own providers, and enriches the accounts that lack most from them: nobody outside is asked. */
export async function enrichFromLists(ctx: Context, folder: string, lists: readonly InventedList[]): Promise<FilledAccount[]> {
  for (const { name, description, file, text } of lists) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'provider.yaml'), description);
    await writeFile(join(folder, name, file), text);
  }
  const chosen = await lackingMost(ctx);
  if (chosen.length === 0) return [];
  const settings = { secretsFile: undefined, contact: undefined, dayUsd: 0, workspaceUsd: 0, variable: () => undefined };
  const withLists: Context = { ...ctx, providers: { ...settings, folder } };
  const house = await openHouse(withLists);
  const offers = house.offers.filter(({ local }) => local === true);
  await enrichWith(withLists, { offers, port: house.port }, { records: chosen.map(({ id }) => id), fields: FIELDS, budget_usd: 0 });
  // an answer that was slow to be written down is part of the story all the same
  await lateWork(ctx.db);
  const filled: FilledAccount[] = [];
  for (const { id, name, lacked } of chosen) {
    const { facts, undecided } = await getAccount(ctx, { account: id });
    filled.push({ name, lacked, found: facts.shown.filter(({ providers }) => providers !== undefined), undecided });
  }
  return filled;
}

/** The accounts with a domain that lack most of the fields; of as many, first those without a head count, over which lists quarrel. */
async function lackingMost(ctx: Context): Promise<{ id: string; name: string; lacked: number }[]> {
  const where = { any: FIELDS.map((field) => ({ field, exists: false })) };
  const { records } = await searchRecords(ctx, { kind: 'account', where, sort: 'name', limit: 100 });
  return records
    .filter(({ domain }) => domain !== null)
    .map(({ id, name, domain, fields }) => {
      const lacked = FIELDS.filter((field) => !(field.slice('account.'.length) in fields)).length;
      return { id, name: name ?? domain ?? id, lacked, isCounted: 'employees' in fields };
    })
    .sort((a, b) => b.lacked - a.lacked || Number(a.isCounted) - Number(b.isCounted))
    .slice(0, ACCOUNTS);
}
