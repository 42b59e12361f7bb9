import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isFreeMail } from './core/free-mail.ts';
import { mailboxOf } from './core/mailbox.ts';
import { registrableDomain } from './core/normalise-address.ts';
import { suppressedIdentifiers } from './suppressed-identifiers.ts';

/** Of the addresses those whose mailbox tells nobody apart, as a person decided: whoever has one is no other for that. */
export async function loadSharedMail(tx: Tx, ctx: Context, addresses: readonly string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const mailboxes = new Set((await suppressedIdentifiers(tx, ctx, 'person', 'email')).map(({ value }) => value));
  return new Set(mailboxes.size === 0 ? [] : addresses.filter((address) => mailboxes.has(mailboxIn(address))));
}

function mailboxIn(address: string): string {
  const domain = registrableDomain(address.slice(address.lastIndexOf('@') + 1)) ?? '';
  return mailboxOf(address, { isFree: isFreeMail(domain), label: domain.slice(0, domain.indexOf('.')) });
}

/** Domains of accounts that say of nobody where they work, as a person decided: an agency's, a group's. */
export async function loadSharedDomains(tx: Tx, ctx: Context): Promise<Set<string>> {
  return new Set((await suppressedIdentifiers(tx, ctx, 'account', 'domain')).map(({ value }) => value));
}
