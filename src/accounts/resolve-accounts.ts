import { z } from 'zod';
import { lookedUpSql } from '../db/looked-up.ts';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { accountName, findAccount } from '../records/find-account.ts';

const resolveAccountsInput = z.strictObject({ accounts: z.array(accountName.catch('')).max(1000) });

/** The id of the account that answers to each name (an id, a domain, an exact name); undefined where none does, or several do. */
export async function resolveAccounts(ctx: Context, given: z.input<typeof resolveAccountsInput>): Promise<(string | undefined)[]> {
  requireScope(ctx, 'read');
  const names = resolveAccountsInput.parse(given).accounts;
  const isId = (name: string) => UUID_PATTERN.test(name.toLowerCase());
  return readWorkspace(ctx, async (tx) => {
    const ids = await entitiesOf(
      tx,
      ctx,
      names.filter(isId).map((name) => name.toLowerCase()),
    );
    const found: (string | undefined)[] = [];
    for (const name of names) found.push(isId(name) ? ids.get(name.toLowerCase()) : await idOf(tx, ctx, name));
    return found;
  });
}

const rows = z.array(z.object({ id: z.string(), entity: z.string() }));

/** What each of the ids that are there counts as today. */
async function entitiesOf(tx: Tx, ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const params = new SqlParams();
  const text = lookedUpSql({
    select: 't.id::text, coalesce(t.merged_into, t.id)::text as entity',
    table: 'account',
    where: `t.workspace_id = ${params.add(ctx.workspaceId)}`,
    column: 'id',
    keys: params.uuids(ids),
  });
  return new Map(rows.parse(await tx.query(text, params.values)).map(({ id, entity }) => [id, entity]));
}

async function idOf(tx: Tx, ctx: Context, name: string): Promise<string | undefined> {
  try {
    return (await findAccount(tx, ctx, name)).id;
  } catch (error) {
    if (error instanceof SamepageError) return undefined;
    throw error;
  }
}
