import { isFreeMail } from '../../records/core/free-mail.ts';
import { detached } from './dictionary.ts';
import { DOTS_IGNORED, SAME_MAILBOX } from './mail-addresses.ts';
import { normaliseDomain } from './normalise-domain.ts';
import { normaliseEmail } from './normalise-email.ts';

/** What is known of a mail domain, read once. */
export interface MailHost {
  readonly domain: string;
  /** Registrable, of a corporate domain; empty for a mail provider's. */
  readonly employer: string;
  readonly isFree: boolean;
  readonly hasDots: boolean;
  /** Where the table has the domain and the employer; −1 until it does. */
  domainCode: number;
  employerCode: number;
}

/** An address as it is compared: the mailbox that it stands for. */
export interface Mail {
  readonly local: string;
  readonly host: MailHost;
}

/** What nearly all addresses look like: the rules for tags, quotes and other scripts have nothing to do. */
const PLAIN = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const LONGEST = 200;

/** Reads addresses, remembering what is known of each domain. */
export class MailReader {
  readonly #hosts = new Map<string, MailHost | null>();

  /** What a plain address is made of; null for what is no address. */
  read(text: string): Mail | null {
    const at = text.indexOf('@');
    if (at < 1) return null;
    const local = text.slice(0, at).toLowerCase();
    if (text.length > LONGEST || !PLAIN.test(local) || text.indexOf('@', at + 1) > 0) return this.#odd(text);
    const host = this.#host(text.slice(at + 1).toLowerCase());
    if (host === null) return null;
    return { local: host.hasDots ? local : local.replaceAll('.', ''), host };
  }

  #host(name: string): MailHost | null {
    let known = this.#hosts.get(name);
    if (known === undefined) {
      known = hostOf(name);
      this.#hosts.set(detached(name), known);
    }
    return known;
  }

  #odd(text: string): Mail | null {
    const mail = normaliseEmail(text);
    const host = mail === null ? null : this.#host(mail.key.slice(mail.local.length + 1));
    return mail === null || host === null ? null : { local: mail.local, host };
  }
}

function hostOf(name: string): MailHost | null {
  const domain = SAME_MAILBOX.get(name) ?? name;
  const codes = { hasDots: !DOTS_IGNORED.has(domain), domain, domainCode: -1, employerCode: -1 };
  const found = /^[a-z0-9.-]+$/.test(name) ? normaliseDomain(name) : null;
  if (found !== null) {
    const isFree = isFreeMail(found.registrable) || isFreeMail(found.icann);
    return { ...codes, employer: isFree ? '' : found.registrable, isFree };
  }
  const mail = normaliseEmail(`a@${name}`);
  if (mail === null) return null;
  return { ...codes, domain: mail.key.slice(2), employer: mail.isCorporate ? mail.registrable : '', isFree: !mail.isCorporate };
}
