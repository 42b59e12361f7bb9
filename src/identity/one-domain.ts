import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isFreeMail } from '../records/core/free-mail.ts';
import type { LoggedDecision } from './read-decisions.ts';

const rows = z.array(z.object({ domain: z.string(), nodes: z.array(z.string()) }));

/**
 * Nodes of accounts that have one domain, where there are several: an account that another record named before its own row came with a
 * domain that another had by then. Had the rows come first they would be one node, as all are that an import finds with one domain.
 * Not those of which people said that two are not one, nor those of a domain that tells nobody apart.
 * @param apart what people said of two
 * @returns each in the order of the ids
 */
export async function accountsOfOneDomain(
  tx: Tx,
  ctx: Context,
  { apart, suppressed }: { apart: readonly LoggedDecision[]; suppressed: ReadonlySet<string> | undefined },
): Promise<string[][]> {
  const found = rows.parse(
    await tx.query(
      `select domain, jsonb_agg(id::text order by id) as nodes
       from (select a.id, coalesce(a.own_domain, a.fields->>'domain') as domain from account a where a.workspace_id = $1) said
       where domain <> '' group by domain having count(*) > 1 order by domain`,
      [ctx.workspaceId],
    ),
  );
  return found.flatMap(({ domain, nodes }) => {
    const within = new Set(nodes);
    const isApart = apart.some(({ verb, sides }) => verb !== 'must_link' && sides.every((side) => side.some((node) => within.has(node))));
    return isApart || isFreeMail(domain) || suppressed?.has(domain) === true ? [] : [nodes];
  });
}
