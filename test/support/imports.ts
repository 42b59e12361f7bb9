import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import { type ImportResult, importRecords } from '../../src/records/import-records.ts';

type Input = Parameters<typeof importRecords>[1];

/** Imports a text; its rows are taken to have been true at one fixed time, and its kind as given. */
export function importText(
  ctx: Context,
  kind: NonNullable<Input['kind']>,
  content: string,
  input: Partial<Input> = {},
  options: { chunkRows?: number } = {},
): Promise<ImportResult> {
  return importRecords(ctx, { content, kind, source: 'crm', observed_at: '2026-03-01T00:00:00Z', ...input }, options);
}

const nullableText = z.string().nullable();
const stateRows = {
  accounts: z.array(z.object({ domain: nullableText, name: nullableText, fields: z.unknown() })),
  people: z.array(
    z.object({ email: nullableText, name: nullableText, account: nullableText, evidence: nullableText, fields: z.unknown() }),
  ),
  events: z.array(z.object({ external_id: z.string(), type: z.string(), email: nullableText, account: nullableText })),
  opportunities: z.array(z.object({ name: nullableText, account: nullableText, fields: z.unknown() })),
};

/** What a workspace says of the world, without ids and times of its own. */
export async function stateOf(ctx: Context) {
  return readWorkspace(ctx, async (tx) => {
    const query = (text: string) => tx.query(text, [ctx.workspaceId]);
    return {
      accounts: stateRows.accounts.parse(
        await query('select domain, name, fields from account where workspace_id = $1 order by domain, name, id'),
      ),
      people: stateRows.people.parse(
        await query(
          `select p.email, p.name, coalesce(a.domain, a.name) as account, m.evidence, p.fields from person p
           left join account a on a.workspace_id = $1 and a.id = p.account_id
           left join person_account m on m.workspace_id = $1 and m.person_id = p.id and m.believed_to is null
           where p.workspace_id = $1 order by p.email, p.name, p.id`,
        ),
      ),
      events: stateRows.events.parse(
        await query(
          `select e.external_id, e.type, p.email, coalesce(a.domain, a.name) as account from event e
           left join person p on p.workspace_id = $1 and p.id = e.person_id
           left join account a on a.workspace_id = $1 and a.id = e.account_id
           where e.workspace_id = $1 and e.superseded_at is null order by e.source, e.external_id`,
        ),
      ),
      opportunities: stateRows.opportunities.parse(
        await query(
          `select o.name, coalesce(a.domain, a.name) as account, o.fields from opportunity o
           left join account a on a.workspace_id = $1 and a.id = o.account_id where o.workspace_id = $1 order by o.name, o.id`,
        ),
      ),
    };
  });
}
