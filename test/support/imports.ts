import { beforeAll } from 'vitest';
import { z } from 'zod';
import { readWorkspace } from '../../src/db/workspace.ts';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { Database } from '../../src/kernel/database.ts';
import { type ImportResult, importRecords } from '../../src/records/import-records.ts';
import { type TestContext, testContext } from './context.ts';
import type { TestDatabase } from './databases.ts';

type Input = Parameters<typeof importRecords>[1];

/** Three small exports that name each other. */
export const ACCOUNTS = `Account ID,Account Name,Website,Industry,Employees,Billing Country
A1,Acme,https://www.acme.com,Software,120,Germany
A2,Globex,globex.com,Banking,"1,500",USA
A3,"Initech
Ltd",initech.co.uk,,10-50,UK
`;
export const PEOPLE = `Lead ID,First Name,Last Name,Email,Title,Account ID
P1,Ada,Lovelace,ada@acme.com,VP Engineering,
P2,Bob,Stone,bob@gmail.com,CTO,A2
P3,Cy,Young,cy@unknown.org,Buyer,
`;
export const EVENTS = `event_id,type,occurred_at,email,domain
E1,pricing_page,2026-02-20T10:00:00Z,ada@acme.com,
E2,web_visit,2026-02-21T10:00:00Z,,initech.co.uk
E3,demo_request,2026-02-22T10:00:00Z,new@globex.com,
E4,web_visit,2026-02-23T10:00:00Z,,later.io
`;

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

/** Gives each test of a suite a workspace of its own in one database. */
export function useWorkspaces(open: () => Promise<TestDatabase>): (overrides?: Parameters<typeof testContext>[1]) => Promise<TestContext> {
  let db: Database;
  let count = 0;
  beforeAll(async () => {
    db = await open();
  });
  return async (overrides = {}) => {
    count += 1;
    const ctx = testContext(db, { workspaceId: `${db.dialect}-${count}`, ...overrides });
    await ensureWorkspace(ctx);
    return ctx;
  };
}

/** People with ids, addresses and accounts that recur and change. */
export function peopleRows(n: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const id = i % 4 === 0 ? '' : `P${i % 23}`;
    const email = i % 5 === 0 && id !== '' ? '' : `p${i % 17}@${i % 3 === 0 ? 'gmail.com' : `firm${i % 7}.com`}`;
    return `${id},${email},Name${i},${i % 2 === 0 ? 'CEO' : ''},${i % 6 === 0 ? `A${i % 9}` : ''}`;
  });
}
