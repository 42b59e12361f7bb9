import { DOTS_IGNORED, isRoleAddress } from './mail-addresses.ts';
import { normaliseEmail } from './normalise-email.ts';

/** An address as it is compared: the mailbox that it stands for. */
export interface MailParts {
  readonly local: string;
  readonly domain: string;
  /** Registrable, of a corporate address; empty for a personal one. */
  readonly employer: string;
  readonly isFree: boolean;
}

/** What nearly all addresses look like: the rules for tags, quotes and other scripts have nothing to do. */
const PLAIN = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const LONGEST = 200;

/** Reads addresses, remembering what is known of each domain. */
export class MailReader {
  readonly #hosts = new Map<string, Omit<MailParts, 'local'> | null>();
  readonly #roles = new Map<string, boolean>();

  read(text: string): (MailParts & { isRole: boolean }) | null {
    const at = text.indexOf('@');
    if (at < 1) return null;
    const local = text.slice(0, at).toLowerCase();
    const host = text.slice(at + 1).toLowerCase();
    if (text.length > LONGEST || !PLAIN.test(local) || host.includes('@')) return this.#odd(text);
    let known = this.#hosts.get(host);
    if (known === undefined) {
      const mail = normaliseEmail(`a@${host}`);
      known = mail === null ? null : { domain: mail.key.slice(2), employer: mail.isCorporate ? mail.registrable : '', isFree: !mail.isCorporate };
      this.#hosts.set(host, known);
    }
    if (known === null) return null;
    const mailbox = DOTS_IGNORED.has(known.domain) ? local.replaceAll('.', '') : local;
    return { local: mailbox, ...known, isRole: this.#isRole(mailbox) };
  }

  #isRole(local: string): boolean {
    if (local.length > 24) return false;
    const known = this.#roles.get(local);
    if (known !== undefined) return known;
    const isRole = isRoleAddress(local);
    if (this.#roles.size < 50_000) this.#roles.set(local, isRole);
    return isRole;
  }

  #odd(text: string): (MailParts & { isRole: boolean }) | null {
    const mail = normaliseEmail(text);
    if (mail === null) return null;
    const domain = mail.key.slice(mail.local.length + 1);
    return { local: mail.local, domain, employer: mail.isCorporate ? mail.registrable : '', isFree: !mail.isCorporate, isRole: mail.isRole };
  }
}
