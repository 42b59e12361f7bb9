import { isFreeMail } from '../../records/core/free-mail.ts';
import { DOTS_IGNORED, SAME_MAILBOX } from '../../records/core/mailbox.ts';
import { Dictionary } from './dictionary.ts';
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

const [AT, DOT, UNDERLINE, HYPHEN] = [0x40, 0x2e, 0x5f, 0x2d] as const;

/** Reads addresses, remembering what is known of each domain. */
export class MailReader {
  readonly #names = new Dictionary();
  readonly #hosts: (MailHost | null)[] = [];
  /** The local part that was read last from bytes. */
  get local(): Uint8Array {
    this.#local ??= new Uint8Array(LONGEST);
    return this.#local;
  }
  localLength = 0;
  /** Room for what is read from bytes, made when some are: most readers are of one record, which is text. */
  #local: Uint8Array | undefined;
  #name: Uint8Array | undefined;

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

  /**
   * Of an address in bytes of ASCII; what it gives as the local part is then in `local`.
   * @returns null for what is no address; undefined for what is not plain: it has to be read as a text
   */
  readAscii(bytes: Uint8Array, from: number, to: number): MailHost | null | undefined {
    if (to - from > LONGEST) return undefined;
    const { local } = this;
    let at = from;
    let isAfterDot = true;
    for (; at < to && bytes[at] !== AT; at += 1) {
      const byte = lower(bytes[at] as number);
      if (byte === DOT ? isAfterDot : !isLocal(byte)) return undefined;
      isAfterDot = byte === DOT;
      local[at - from] = byte;
    }
    if (at === to || at === from) return null;
    if (isAfterDot) return undefined;
    this.#name ??= new Uint8Array(LONGEST);
    const name = this.#name;
    let length = 0;
    for (let i = at + 1; i < to; i += 1) {
      const byte = lower(bytes[i] as number);
      if (byte === AT) return undefined;
      name[length] = byte;
      length += 1;
    }
    const known = this.#names.codeOfAscii(name, 0, length);
    if (known === this.#hosts.length) this.#hosts.push(hostOf(this.#names.textOf(known) as string));
    const host = this.#hosts[known] as MailHost | null;
    this.localLength = at - from;
    if (host?.hasDots === false) this.#leaveOutDots();
    return host;
  }

  #leaveOutDots(): void {
    const { local } = this;
    let filled = 0;
    for (let i = 0; i < this.localLength; i += 1) {
      if (local[i] === DOT) continue;
      local[filled] = local[i] as number;
      filled += 1;
    }
    this.localLength = filled;
  }

  #host(name: string): MailHost | null {
    const known = this.#names.code(name);
    if (known === this.#hosts.length) this.#hosts.push(hostOf(name));
    return this.#hosts[known] as MailHost | null;
  }

  #odd(text: string): Mail | null {
    const mail = normaliseEmail(text);
    const host = mail === null ? null : this.#host(mail.key.slice(mail.local.length + 1));
    return mail === null || host === null ? null : { local: mail.local, host };
  }
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

function isLocal(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === UNDERLINE || byte === HYPHEN;
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
