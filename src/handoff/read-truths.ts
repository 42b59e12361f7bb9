import { z } from 'zod';
import { type PredicateDocument, readPredicate } from '../definitions/core/predicate.ts';
import { truthSql } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';

const rows = z.array(
  z.object({
    truths: z.array(z.boolean().nullable()),
    account_id: z.string().nullable(),
    account_owner: z.string().nullable(),
    source: z.string().nullable(),
    sides: z.record(z.string(), z.unknown()),
  }),
);

export interface PersonTruths {
  account_id: string | null;
  /** As the CRM has them. */
  account_owner: string | null;
  /** The person's lead source; without one that of the account. */
  source: string | null;
  /** Whether each condition holds, in the order in which they were asked; null for unknown. */
  truths: (boolean | null)[];
  /** The values of the fields that were asked for, by the name they were given. */
  sides: Record<string, unknown>;
}

/**
 * What is so of a person and their account, in one statement.
 * @param asOfDay the day from which windows of events count back
 */
export async function readTruths(
  tx: Tx,
  ctx: Context,
  {
    person,
    conditions,
    asOfDay,
    sides = [],
  }: { person: string; conditions: readonly PredicateDocument[]; asOfDay: number; sides?: readonly { id: string; field: string }[] },
): Promise<PersonTruths> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const scope = { params, workspaceId: ctx.workspaceId, kind: 'person', asOfDay } as const;
  const truths = conditions.map((one) => truthSql(readPredicate(one), scope));
  const named = sides.map(({ id, field }) => {
    const [entity, key] = field.split('.') as [string, string];
    return `${params.add(id)}::text, ${entity === 'person' ? 'r' : 'a'}.fields -> ${params.add(key)}::text`;
  });
  const [found] = rows.parse(
    await tx.query(
      `select jsonb_build_array(${truths.join(', ')}) as truths, r.account_id::text, a.fields ->> 'owner' as account_owner,
         coalesce(r.fields ->> 'lead_source', a.fields ->> 'lead_source') as source,
         jsonb_build_object(${named.join(', ')}) as sides
       from person r left join account a on a.workspace_id = ${ws} and a.id = r.account_id
       where r.workspace_id = ${ws} and r.id = ${params.add(person)}::uuid`,
      params.values,
      { prepare: true },
    ),
  );
  if (found === undefined) throw new Error('a person who was found is not there');
  return found;
}
