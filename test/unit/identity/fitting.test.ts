import { describe, expect, it } from 'vitest';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { combine } from '../../../src/identity/core/hash.ts';
import { partition } from '../../support/partition.ts';

const KINDS: readonly ColumnKind[] = ['id', 'first_name', 'last_name', 'date'];
const GIVEN =
  'Michael Wolfgang Hans Peter Karl Werner Klaus Manfred Horst Dieter Ursula Monika Helga Renate Karin Sabine Erika Ingrid'.split(' ');
const STEMS = 'Buch Lind Stein Hof Berg Wald Rosen Gold Silber Neu Alt Ober'.split(' ');
const ENDS = 'mann er hauer bauer feld bach'.split(' ');

const two = (n: number) => String(n).padStart(2, '0');

/** Person number i: of 18 given and 72 family names, so that many have both in common. */
function person(i: number): [given: string, family: string, date: string] {
  const at = (salt: number, n: number) => combine(i + 1, salt) % n;
  return [
    GIVEN[at(11, GIVEN.length)] as string,
    `${STEMS[at(12, STEMS.length)]}${ENDS[at(13, ENDS.length)]}`,
    `${1930 + at(14, 70)}-${two(1 + at(15, 12))}-${two(1 + at(16, 28))}`,
  ];
}

/** The same person, one thing written wrong: three times in five the date. */
function withSlip(i: number): string[] {
  const [given, family, date] = person(i);
  const slips: (() => string[])[] = [
    () => [`${given.slice(0, 2)}x${given.slice(3)}`, family, date],
    () => [given, `${family.slice(0, 3)}x${family.slice(4)}`, date],
    () => [given, family, `${date.slice(0, 3)}${(Number(date[3]) + 1 + (i % 8)) % 10}${date.slice(4)}`],
    () => [given, family, `${date.slice(0, 9)}${(Number(date[9]) % 8) + 1}`],
    () => [given, family, `${date.slice(0, 8)}${(Number(date[8]) + 1) % 3}${Math.max(1, Number(date[9]) % 9)}`],
  ];
  return (slips[i % slips.length] as () => string[])();
}

const people = Array.from({ length: 4000 }, (_, i) => [`p${i}`, ...person(i)]);

describe('fitting a table of names and dates alone', () => {
  it('learns that dates have slips, though every rule that many matches share a block of settles the date', () => {
    const again = Array.from({ length: 400 }, (_, i) => [`s${i}`, ...withSlip(i)]);
    const joined = partition([...people, ...again], KINDS).filter((ids) => ids.length > 1);
    const right = joined.filter(
      (ids) => ids.length === 2 && ids.some((id) => ids.includes(`s${id.slice(1)}`) && ids.includes(`p${id.slice(1)}`)),
    );
    expect(right.length / 400).toBeGreaterThan(0.85);
    expect(right.length / joined.length).toBeGreaterThan(0.9);
  });

  it('takes namesakes for one hardly ever where nobody is there twice', () => {
    expect(partition(people, KINDS).filter((ids) => ids.length > 1).length).toBeLessThan(10);
  });
});
