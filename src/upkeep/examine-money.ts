import { z } from 'zod';
import { unsettledCalls } from '../enrichment/unsettled-calls.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type Finding, ok, problem, RESTORE, warning } from './core/finding.ts';

const booksRow = z.tuple([
  z.object({
    calls: z.coerce.number(),
    held: z.coerce.number(),
    charged: z.coerce.number(),
    balance_held: z.coerce.number(),
    balance_charged: z.coerce.number(),
  }),
]);

/** The ledger of enrichment against its balance, and the calls whose outcome nobody knows. */
export async function examineMoney(tx: Tx, ctx: Context): Promise<Finding> {
  const [books] = booksRow.parse(
    await tx.query(
      `select c.calls, c.held, c.charged, coalesce(s.held_micros, 0) as balance_held, coalesce(s.charged_micros, 0) as balance_charged
       from (select count(*) as calls, coalesce(sum(reserved_micros) filter (where state <> 'settled'), 0) as held,
               coalesce(sum(charged_micros), 0) as charged from provider_call where workspace_id = $1) c
       left join spending s on s.workspace_id = $1 and s.scope = 'workspace' and s.name = ''`,
      [ctx.workspaceId],
    ),
  );
  const { calls, held, charged } = books;
  if (held !== books.balance_held || charged !== books.balance_charged) {
    const told = `${dollars(books.balance_charged)} charged and ${dollars(books.balance_held)} held`;
    return problem('money', `the balance says ${told}, the ledger ${dollars(charged)} and ${dollars(held)}`, RESTORE);
  }
  const unknown = (await unsettledCalls(tx, ctx)).filter(({ state }) => state === 'unknown');
  const says = `${calls.toLocaleString('en-US')} calls to providers, ${dollars(charged)} charged`;
  if (unknown.length === 0) return ok('money', `${says}, each accounted for`);
  const blocked = dollars(unknown.reduce((sum, { heldMicros }) => sum + heldMicros, 0));
  return warning(
    'money',
    `${says}; of ${unknown.length.toLocaleString('en-US')} more nobody knows whether they were billed: ${blocked} stay held`,
    'samepage-mcp providers unsettled, then samepage-mcp providers settle CALL --charged USD by the bill of the vendor',
  );
}

const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(2)}`;
