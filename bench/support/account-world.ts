import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const WORDS =
  'systems solutions group labs media partners logistics foods energy health capital networks software consulting industries technologies design analytics robotics motors'.split(
    ' ',
  );
const FORMS = ['Inc', 'LLC', 'Ltd', 'GmbH', 'Corp', 'SA', 'BV', ''];

/** Always the same for the same row. */
function pick(row: number, salt: number, below: number): number {
  let x = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return ((x ^ (x >>> 13)) >>> 0) % below;
}

export interface InventedAccount {
  name: string;
  domain: string;
  city: string;
}

/** The account of a row: names of people and common words, so that many names have each of them. */
export function accountOf(row: number, names: readonly string[]): InventedAccount {
  const named = (salt: number) => names[pick(row, salt, names.length)] ?? '';
  const words = [named(1), pick(row, 2, 2) === 0 ? named(3) : '', WORDS[pick(row, 4, WORDS.length)] ?? ''].filter((word) => word !== '');
  return {
    name: `${words.join(' ')} ${FORMS[pick(row, 5, FORMS.length)]}`.trim(),
    domain: `${words.join('').replace(/[^a-z]/gi, '')}${row}.com`.toLowerCase(),
    city: `City ${pick(row, 6, 3000)}`,
  };
}

export async function writeAccounts(path: string, count: number, names: readonly string[]): Promise<void> {
  const out = createWriteStream(path);
  out.write('id,name,domain,city\n');
  for (let row = 0; row < count; row += 1) {
    const { name, domain, city } = accountOf(row, names);
    if (!out.write(`a${row},${name},${domain},${city}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** A lead of one of the accounts: most by their address at work, others by the name and the place alone, some of them misspelt. */
export function leadOf(i: number, accounts: number, names: readonly string[]): Record<string, string> {
  const { name, domain, city } = accountOf(pick(i, 11, accounts), names);
  const [given, family] = [names[pick(i, 12, names.length)] ?? '', names[pick(i, 13, names.length)] ?? ''];
  const person = { external_id: `lead${i}`, first_name: given, last_name: family };
  const slip = `${name.slice(0, 3)}${name.slice(4)}`;
  const kind = pick(i, 14, 10);
  if (kind < 6) return { ...person, email: mailbox(`${given}.${family}.${i}`, domain), company: name };
  const mail = mailbox(`${given}${family}${i}`, 'gmail.com');
  return { ...person, email: mail, company: kind < 9 ? name.replace(/ (Inc|LLC|Ltd|GmbH|Corp|SA|BV)$/, '') : slip, city };
}

const mailbox = (local: string, domain: string) => `${local.toLowerCase().replace(/[^a-z0-9.]/g, '')}@${domain}`;
