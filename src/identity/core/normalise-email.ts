import { isDisposableMail, isFreeMail } from '../../records/core/free-mail.ts';
import { mailboxOf } from '../../records/core/mailbox.ts';
import { readEmail } from '../../records/core/normalise-address.ts';
import { isRoleAddress } from '../../records/core/role-address.ts';
import { normaliseDomain } from './normalise-domain.ts';

export interface Email {
  /** Lower case, the domain in ASCII, else as it came: `ada+news@googlemail.com`. */
  address: string;
  /** The mailbox: without tag, dots where they do not count, the provider's main name: `ada@gmail.com`. Reading it gives the same again. */
  key: string;
  /** The local part of the key. */
  local: string;
  /** The host after the @, as it came. */
  domain: string;
  /** Its registrable domain; below a private suffix the name below it. */
  registrable: string;
  /** A mail provider's domain, where anyone has an address. */
  isFree: boolean;
  /** Thrown away after use. */
  isDisposable: boolean;
  /** A function's mailbox: `info@`, `sales-uk@`. */
  isRole: boolean;
  /** Evidence of an employer: neither free nor disposable. A role address is none of a person, but it is of a company. */
  isCorporate: boolean;
}

/** An e-mail address and the mailbox that it stands for. Null for what is no address. Takes `mailto:` and `Name <address>` too. */
export function normaliseEmail(text: string): Email | null {
  if (text.length > 500 || !text.includes('@')) return null;
  const reading = readEmail(text);
  if (reading === undefined || !('value' in reading)) return null;
  const address = reading.value;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const found = normaliseDomain(domain);
  if (found === null) return null;
  const isFree = isFreeMail(found.registrable) || isFreeMail(found.icann);
  const key = mailboxOf(address, { isFree, label: found.label });
  const local = key.slice(0, key.lastIndexOf('@'));
  return {
    address,
    key,
    local,
    domain,
    registrable: found.registrable,
    isFree,
    isDisposable: isDisposableMail(found.registrable),
    isRole: isRoleAddress(local),
    isCorporate: !isFree,
  };
}
