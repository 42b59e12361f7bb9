import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { registrableDomain } from './core/normalise-address.ts';
import { findAccount } from './find-account.ts';

/** Of an account that was named: its id, and its name. */
export interface NamedAccount {
  id: string;
  name: string | null;
}

const rows = z.array(z.object({ key: z.string(), id: z.string(), name: z.string().nullable() }));

/**
 * The accounts that answer to many names, in their order: those with a domain or an id by one statement, the others as `findAccount`
 * finds them.
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates.
 */
export async function findAccounts(tx: Tx, ctx: Context, names: readonly string[]): Promise<NamedAccount[]> {
  const keys = names.map((name) => {
    const id = name.toLowerCase();
    return UUID_PATTERN.test(id) ? id : (registrableDomain(name) ?? '');
  });
  const byKey = new Map<string, NamedAccount[]>();
  for (const { key, ...found } of await lookUp(tx, ctx, [...new Set(keys)])) byKey.set(key, [...(byKey.get(key) ?? []), found]);
  const accounts: NamedAccount[] = [];
  for (const [i, name] of names.entries()) {
    const [only, ...others] = byKey.get(keys[i] ?? '') ?? [];
    // none: it may be a name that looks like a domain; several: it says which
    accounts.push(only !== undefined && others.length === 0 ? only : await findAccount(tx, ctx, name));
  }
  return accounts;
}

async function lookUp(tx: Tx, ctx: Context, keys: readonly string[]): Promise<z.infer<typeof rows>> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const isId = (key: string) => UUID_PATTERN.test(key);
  const ids = params.uuids(keys.filter(isId));
  const domains = params.texts(keys.filter((key) => key !== '' && !isId(key)));
  // the offset keeps the planner from making a join of it
  const found = await tx.query(
    `select distinct named.key, e.id::text, e.name from (
       select i.id::text as key, i.id from unnest(${ids}) i(id)
       union all
       select k.key, hit.id from unnest(${domains}) k(key) cross join lateral (
         select x.id from account x where x.workspace_id = ${ws} and x.domain = k.key
         union select d.account_id from account_domain d where d.workspace_id = ${ws} and d.domain = k.key and d.believed_to is null offset 0) hit
     ) named
     cross join lateral (select coalesce(a.merged_into, a.id) as id from account a where a.workspace_id = ${ws} and a.id = named.id offset 0) entity
     cross join lateral (select a.id, a.name from account a where a.workspace_id = ${ws} and a.id = entity.id offset 0) e
     order by 1, 2`,
    params.values,
    { prepare: true },
  );
  return rows.parse(found);
}
