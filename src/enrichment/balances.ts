import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Balance } from './core/ledger.ts';

/** A row of the spending: scope and name. */
export type Account = readonly [scope: string, name: string];
/** Held and charged of each, by `accountKey`. */
export type Balances = Map<string, Balance>;

const rowSchema = z.array(
  z.object({ scope: z.string(), name: z.string(), held_micros: z.coerce.number(), charged_micros: z.coerce.number() }),
);

export const accountKey = ([scope, name]: Account): string => `${scope} ${name}`;

/** The rows, made where there are none, and locked in one order until the transaction ends: nobody else reserves or settles meanwhile. */
export async function lockBalances(tx: Tx, ctx: Context, accounts: readonly Account[]): Promise<Balances> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = accountRows(params, accounts);
  await tx.query(
    `insert into spending (workspace_id, scope, name, held_micros, charged_micros)
     select ${ws}, r.scope, r.name, 0, 0 from (select * from ${rows} order by scope, name) r on conflict do nothing`,
    params.values,
    { prepare: true },
  );
  return balancesOf(
    await tx.query(
      `select s.scope, s.name, s.held_micros, s.charged_micros from spending s
       where s.workspace_id = ${ws} and (s.scope, s.name) in (select scope, name from ${rows}) order by s.scope, s.name for update`,
      params.values,
      { prepare: true },
    ),
  );
}

export async function readBalances(tx: Tx, ctx: Context, accounts: readonly Account[]): Promise<Balances> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = accountRows(params, accounts);
  return balancesOf(
    await tx.query(
      `select s.scope, s.name, s.held_micros, s.charged_micros from ${rows} join spending s
       on s.workspace_id = ${ws} and s.scope = r.scope and s.name = r.name`,
      params.values,
    ),
  );
}

/** Adds to the balances of locked rows. */
export async function moveBalances(tx: Tx, ctx: Context, moves: ReadonlyMap<string, Balance & { account: Account }>): Promise<void> {
  const all = [...moves.values()];
  if (all.length === 0) return;
  const params = new SqlParams();
  await tx.query(
    `update spending s set held_micros = s.held_micros + m.held, charged_micros = s.charged_micros + m.charged
     from jsonb_to_recordset(${params.json(
       all.map(({ account: [scope, name], heldMicros, chargedMicros }) => ({ scope, name, held: heldMicros, charged: chargedMicros })),
     )}) as m(scope text, name text, held bigint, charged bigint)
     where s.workspace_id = ${params.add(ctx.workspaceId)} and s.scope = m.scope and s.name = m.name`,
    params.values,
    { prepare: true },
  );
}

function accountRows(params: SqlParams, accounts: readonly Account[]): string {
  return params.rows('r', { scope: ['text', accounts.map(([scope]) => scope)], name: ['text', accounts.map(([, name]) => name)] });
}

function balancesOf(rows: unknown): Balances {
  return new Map(
    rowSchema
      .parse(rows)
      .map((row) => [accountKey([row.scope, row.name]), { heldMicros: row.held_micros, chargedMicros: row.charged_micros }]),
  );
}
