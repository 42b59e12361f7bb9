import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { shown } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { nameKey } from './core/name-key.ts';
import { registrableDomain } from './core/normalise-address.ts';
import { onlyOne } from './only-one.ts';

/** How an account may be named in an input: its id, a domain or web address of its, or its exact name. */
export const accountName = z.string().trim().min(1).max(300);

export interface FoundAccount {
  id: string;
  name: string | null;
  domain: string | null;
  /** The alias that was named: an account that was merged into this one. */
  answers_for?: string;
}

const foundSchema = z.array(
  z
    .object({ id: z.string(), name: z.string().nullable(), domain: z.string().nullable(), alias: z.string().nullable() })
    .transform(({ alias, ...found }): FoundAccount => (alias === null ? found : { ...found, answers_for: alias })),
);
const MOST_CANDIDATES = 10;

/**
 * The one account that answers to an id, a domain, or an exact name (letter case and punctuation do not matter). An alias answers as
 * what it was merged into.
 * @param path of the name in the input, where that is not `account`
 * @throws SamepageError `not_found`, or `ambiguous` with the candidates.
 */
export async function findAccount(tx: Tx, ctx: Context, named: string, path = 'account'): Promise<FoundAccount> {
  return onlyOne(await candidatesFor(tx, ctx, named), named, {
    path,
    one: 'account',
    many: 'accounts',
    names: 'id, domain or exact name',
    search: 'search_records with kind "account"',
    describe: ({ name, domain }) => `${shown(name ?? 'without a name')}, ${domain ?? 'without a domain'}`,
  });
}

/** By the first form that finds any: an id, a claimed domain, an exact name. */
async function candidatesFor(tx: Tx, ctx: Context, named: string): Promise<FoundAccount[]> {
  const read = async (where: string, param: string) =>
    foundSchema.parse(
      await tx.query(
        `select e.id::text, e.name, e.domain, case when bool_and(a.id <> e.id) then min(a.id::text) end as alias
         from account a join account e on e.workspace_id = $1 and e.id = coalesce(a.merged_into, a.id)
         where a.workspace_id = $1 and ${where} group by e.id, e.name, e.domain order by e.id limit ${MOST_CANDIDATES}`,
        [ctx.workspaceId, param],
        { prepare: true },
      ),
    );
  const id = named.toLowerCase();
  if (UUID_PATTERN.test(id)) return read('a.id = $2::uuid', id);
  const domain = registrableDomain(named);
  const byDomain =
    domain === undefined
      ? []
      : await read(
          `a.id in (select x.id from account x where x.workspace_id = $1 and x.domain = $2
            union select d.account_id from account_domain d where d.workspace_id = $1 and d.domain = $2 and d.believed_to is null)`,
          domain,
        );
  if (byDomain.length > 0) return byDomain;
  const key = nameKey(named);
  return key === '' ? [] : read('(a.name_key = $2 or a.own_name_key = $2)', key);
}
