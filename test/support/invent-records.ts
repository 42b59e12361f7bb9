import type { ColumnKind } from '../../src/identity/core/column-kinds.ts';

export const KINDS: readonly ColumnKind[] = ['id', 'first_name', 'last_name', 'email', 'phone', 'company', 'city'];

const GIVEN =
  'William Robert Elizabeth Mary Thomas Edward Catherine Anthony Joseph Deborah Timothy Susan Gregory Pamela Walter Ingrid'.split(' ');
const FAMILY =
  'Abernathy Blackwood Castellano Dunmore Eastgate Farnsworth Goldberg Hathersage Ironside Jankowski Kingsley Lindqvist Montague Nakamura'.split(
    ' ',
  );
const COMPANIES = 'Brightwater Cobblestone Driftwood Evergreen Foxglove Gatehouse'.split(' ');
const CITIES = 'Leeds Bristol York Hull Derby'.split(' ');

/** Invented people, two records each for every other one, `person-copy` as the id; the second has a slip, or lacks something. */
export function inventPeople(records: number): string[][] {
  const rows: string[][] = [];
  for (let p = 0; rows.length < records; p += 1) {
    const given = GIVEN[(p * 7) % GIVEN.length] ?? '';
    const family = `${FAMILY[(p * 5) % FAMILY.length] ?? ''}`;
    const company = COMPANIES[p % COMPANIES.length] ?? '';
    const email = `${given}.${family}${p}@${company}.com`.toLowerCase();
    const phone = `+44 20 ${7_000_000 + p * 7919}`;
    rows.push([`${p}-0`, given, family, email, phone, company, CITIES[p % CITIES.length] ?? '']);
    if (p % 2 === 0) {
      const slip = p % 4 === 0 ? `${family.slice(0, 3)}${family.slice(4)}` : family;
      rows.push([`${p}-1`, p % 6 === 0 ? (given[0] ?? '') : given, slip, email, p % 3 === 0 ? '' : phone, `${company} Ltd`, '']);
    }
  }
  return rows.slice(0, records);
}
