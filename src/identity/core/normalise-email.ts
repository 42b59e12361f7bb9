import { isDisposableMail, isFreeMail } from '../../records/core/free-mail.ts';
import { readEmail } from '../../records/core/normalise-address.ts';
import { isRoleAddress } from '../../records/core/role-address.ts';
import { DOTS_IGNORED, PLUS_TAG_BRANDS, PLUS_TAGS, SAME_MAILBOX } from './mail-addresses.ts';
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
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const found = normaliseDomain(domain);
  if (found === null) return null;
  const main = SAME_MAILBOX.get(domain) ?? domain;
  const isFree = isFreeMail(found.registrable) || isFreeMail(found.icann);
  const local = mailbox(address.slice(0, at), main, isFree, found.label);
  return {
    address,
    key: `${local}@${main}`,
    local,
    domain,
    registrable: found.registrable,
    isFree,
    isDisposable: isDisposableMail(found.registrable),
    isRole: isRoleAddress(local),
    isCorporate: !isFree,
  };
}

function mailbox(written: string, domain: string, isFree: boolean, label: string): string {
  const plus = written.indexOf('+');
  const hasTags = !isFree || PLUS_TAGS.has(domain) || PLUS_TAG_BRANDS.has(label);
  const untagged = plus > 0 && hasTags ? written.slice(0, plus) : written;
  const local = DOTS_IGNORED.has(domain) ? untagged.replaceAll('.', '') : untagged.replace(/\.$/, '');
  return local === '' ? written : local;
}
