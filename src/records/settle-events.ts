import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { whomToday } from './core/whom-sql.ts';

/** Whose events may count elsewhere. */
export interface Unsettled {
  /** People whose account changed; no aliases. */
  people: readonly string[];
  /** Domains that were claimed, or whose claimant was merged. */
  domains: readonly string[];
  /** Accounts that were merged or are no longer. */
  accounts?: readonly string[];
}

/** Lets events count where they belong today, after people moved or domains were claimed. Rows that were corrected since go along. */
export async function settleEvents(tx: Tx, ctx: Context, input: Unsettled, merged: boolean): Promise<void> {
  if (input.people.length === 0 && input.domains.length === 0) return;
  const params = new SqlParams();
  await tx.query(settling(params, ctx, input, merged), params.values);
}

const accountRows = z.array(z.object({ before: z.string().nullable(), after: z.string().nullable() }));

/** The same after a merge or its end. @returns the accounts that lost or gained an event */
export async function settleEventsOfMerged(tx: Tx, ctx: Context, input: Required<Unsettled>): Promise<string[]> {
  if (input.people.length === 0 && input.domains.length === 0 && input.accounts.length === 0) return [];
  const params = new SqlParams();
  const text = `with settled as (${settling(params, ctx, input, true)} returning w.before, w.account_id as after)
    select distinct before::text, after::text from settled`;
  const rows = accountRows.parse(await tx.query(text, params.values));
  return [...new Set(rows.flatMap(({ before, after }) => [before, after]).filter((id) => id !== null))];
}

function settling(params: SqlParams, ctx: Context, { people, domains, accounts = [] }: Unsettled, merged: boolean): string {
  const ws = params.add(ctx.workspaceId);
  const found = (condition: string) =>
    `select id, recorded_at, person_id, named_account_id, domain, account_id from event where workspace_id = ${ws} and ${condition}`;
  const concerned = [
    ...(people.length === 0 ? [] : [found(`person_id = any(${params.uuids(people)})`)]),
    ...(domains.length === 0 ? [] : [found(`domain = any(${params.texts(domains)})`)]),
    ...(accounts.length === 0 ? [] : [found(`named_account_id = any(${params.uuids(accounts)})`)]),
  ];
  const { joins, accountId } = whomToday({ ws, event: 'c', node: 'c.person_id', merged });
  return `update event e set account_id = w.account_id
     from (
       select c.id, c.recorded_at, c.account_id as before, ${accountId} as account_id
       from (${concerned.join(' union ')}) c ${joins}
     ) w
     where e.workspace_id = ${ws} and e.id = w.id and e.recorded_at = w.recorded_at and e.account_id is distinct from w.account_id`;
}
