import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { isFreeMail } from './core/free-mail.ts';
import { mailboxOf } from './core/mailbox.ts';
import { registrableDomain } from './core/normalise-address.ts';

const rows = z.array(z.object({ identifier: z.string() }));

/** What a person decided tells nobody apart: mailboxes of people, or domains of accounts. */
async function loadShared(tx: Tx, ctx: Context, kind: 'person' | 'account', identifier: 'email' | 'domain'): Promise<Set<string>> {
  const params = new SqlParams();
  const found = await tx.query(
    `select identifier from (
       select distinct on (identifier) identifier, verb from identity_decision
       where workspace_id = ${params.add(ctx.workspaceId)} and identifier_kind = ${params.add(identifier)} and kind = ${params.add(kind)}
         and identifier is not null
       order by identifier, recorded_at desc, ordinal desc) said
     where verb = 'suppressed'`,
    params.values,
    { prepare: true },
  );
  return new Set(rows.parse(found).map((row) => row.identifier));
}

/** Of the addresses those whose mailbox tells nobody apart, as a person decided: whoever has one is no other for that. */
export async function loadSharedMail(tx: Tx, ctx: Context, addresses: readonly string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const mailboxes = await loadShared(tx, ctx, 'person', 'email');
  return new Set(mailboxes.size === 0 ? [] : addresses.filter((address) => mailboxes.has(mailboxIn(address))));
}

function mailboxIn(address: string): string {
  const domain = registrableDomain(address.slice(address.lastIndexOf('@') + 1)) ?? '';
  return mailboxOf(address, { isFree: isFreeMail(domain), label: domain.slice(0, domain.indexOf('.')) });
}

/** Domains of accounts that say of nobody where they work, as a person decided: an agency's, a group's. */
export function loadSharedDomains(tx: Tx, ctx: Context): Promise<Set<string>> {
  return loadShared(tx, ctx, 'account', 'domain');
}
