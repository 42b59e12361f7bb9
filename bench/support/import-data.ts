export type FileKind = 'accounts' | 'people' | 'events';

const HEADERS: Record<FileKind, string> = {
  accounts: 'Account ID,Account Name,Website,Industry,Employees,Annual Revenue,Billing Country,Billing City,Phone,Last Modified Date',
  people: 'Lead ID,First Name,Last Name,Email,Title,Company,Country,Phone,Lead Source,Last Modified Date',
  events: 'event_id,type,email,occurred_at,url',
};
export const WIDTHS: Record<FileKind, number> = { accounts: 10, people: 10, events: 5 };

const INDUSTRIES = ['Software', 'Banking', 'Computer Software', 'Retail', 'Oil, Gas & Consumable Fuels'];
const COUNTRIES = ['United States', 'Germany', 'UK', 'France', 'Brazil'];

/** Always the same for the same row. */
function pick(row: number, salt: number, below: number): number {
  let x = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return ((x ^ (x >>> 13)) >>> 0) % below;
}

const two = (n: number) => String(n).padStart(2, '0');
const phone = (row: number) => `+1 555 ${String(pick(row, 9, 10_000_000)).padStart(7, '0')}`;

/** A line of a generated export, as a CRM writes it; row -1 is the header. */
export function lineOf(kind: FileKind, row: number, rows: number): string {
  if (row < 0) return `${HEADERS[kind]}\n`;
  const firm = pick(row, 1, Math.ceil(rows / 2));
  const day = `2026-0${1 + pick(row, 2, 2)}-${two(1 + pick(row, 3, 28))}`;
  if (kind === 'accounts') {
    const name = `"Company ${row}, Inc."`;
    const industry = `"${INDUSTRIES[pick(row, 4, INDUSTRIES.length)]}"`;
    const revenue = `"$${1 + pick(row, 5, 900)},000,000"`;
    const country = COUNTRIES[pick(row, 6, COUNTRIES.length)];
    return `001A${String(row).padStart(11, '0')},${name},https://www.company${row}.com,${industry},${pick(row, 7, 10_000)},${revenue},${country},City ${pick(row, 8, 500)},${phone(row)},${day}T10:00:00.000+0000\n`;
  }
  if (kind === 'people') {
    return `00Q${row},First${pick(row, 4, 1000)},Last${pick(row, 5, 5000)},p${row}@company${firm}.com,VP of Sales,Company ${firm},${COUNTRIES[pick(row, 6, 5)]},${phone(row)},Web,${day}T10:00:00Z\n`;
  }
  const who = pick(row, 4, rows);
  return `e${row},pricing_page,p${who}@company${pick(who, 1, Math.ceil(rows / 2))}.com,${day}T1${pick(row, 5, 10)}:00:00Z,https://www.example.com/pricing\n`;
}
