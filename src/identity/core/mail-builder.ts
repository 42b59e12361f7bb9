import { isRoleAddress } from '../../records/core/role-address.ts';
import { ColumnBuilder } from './column-builder.ts';
import { Growing } from './dictionary.ts';
import { mayBeRole } from './may-be-role.ts';
import { pairCodes } from './pair-codes.ts';
import { type MailHost, MailReader } from './read-mail.ts';
import { type MailColumns, makeColumn, type RawColumn } from './table.ts';
import { asciiText, emptyTexts } from './texts.ts';

const LONGEST_ROLE = 24;

/** E-mail addresses in the making: a local part and a domain for each record. */
export class MailBuilder {
  readonly #local = new ColumnBuilder('email', (text) => text);
  readonly #domain = new ColumnBuilder('email domain', (text) => text);
  readonly #free: number[] = [];
  /** By code of the local part: 1 for a role's. */
  readonly #roles = new Growing();
  readonly #mails = new MailReader();
  readonly #employerCode: (domain: string) => number;

  /** @param employerCode the code of a registrable domain among those of employers; −1 for none */
  constructor(employerCode: (domain: string) => number) {
    this.#employerCode = employerCode;
  }

  /** @returns the code of the domain, where it tells where a person works; else −1 */
  add(text: string): number {
    const mail = text === '' ? null : this.#mails.read(text);
    if (mail === null) return this.addNone();
    this.#knowHost(mail.host);
    return this.#addAddress(this.#local.plainCodeOf(mail.local), mail.host);
  }

  addAscii(bytes: Uint8Array, from: number, to: number): number {
    const host = this.#mails.readAscii(bytes, from, to);
    if (host === undefined) return this.add(asciiText(bytes, from, to));
    if (host === null) return this.addNone();
    this.#knowHost(host);
    const { local, localLength } = this.#mails;
    const code = this.#local.dictionary.codeOfAscii(local, 0, localLength);
    if (code === this.#roles.length && !mayBeRole(local, localLength)) this.#roles.push(0);
    return this.#addAddress(code, host);
  }

  addNone(): number {
    this.#local.codes.push(-1);
    this.#domain.codes.push(-1);
    return -1;
  }

  raw(): RawColumn[] {
    return [this.#local.raw(), this.#domain.raw()];
  }

  finish(order: Uint32Array): MailColumns {
    const [local, domain] = [this.#local.finish(order), this.#domain.finish(order)];
    const { codes, count } = pairCodes(local.codes, domain.codes);
    const address = makeColumn('email', codes, emptyTexts(count));
    return { local, domain, isFree: Uint8Array.from(this.#free), address };
  }

  #knowHost(host: MailHost): void {
    if (host.domainCode >= 0) return;
    host.domainCode = this.#domain.plainCodeOf(host.domain);
    host.employerCode = this.#employerCode(host.employer);
    this.#free[host.domainCode] = host.isFree ? 1 : 0;
  }

  #addAddress(local: number, host: MailHost): number {
    if (local === this.#roles.length) {
      const text = this.#local.dictionary.textOf(local) as string;
      this.#roles.push(text.length <= LONGEST_ROLE && isRoleAddress(text) ? 1 : 0);
    }
    // a role address is nobody's; its domain still tells the employer
    const isRole = this.#roles.at(local) === 1;
    this.#local.codes.push(isRole ? -1 : local);
    this.#domain.codes.push(isRole ? -1 : host.domainCode);
    return host.employerCode;
  }
}
