import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chanceFrom } from '../../src/kernel/chance.ts';

const SYLLABLES = 'ba ke lo mir ton val zu hen dor pri sax gul fen wyn cot jar ral pel mi sho tur nek bri das'.split(' ');

/** Writes people of whom no two are one, though a tenth of them each share a phone, an address, a domain or a name. */
export async function writeAdversary(path: string, records: number): Promise<void> {
  const chance = chanceFrom(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  const word = (syllables: number) => Array.from({ length: syllables }, () => pick(SYLLABLES)).join('');
  const [given, family] = [Array.from({ length: 800 }, () => word(2)), Array.from({ length: 30_000 }, () => word(3))];
  const few = Array.from({ length: 6 }, () => [pick(given), pick(family)]);
  const [fewGiven, fewFamilies] = [given.slice(0, 5), family.slice(0, 2)];
  const groups: ((i: number) => (string | undefined)[])[] = [
    () => [pick(given), pick(family), '', '442079460958', '', ''],
    () => [pick(given), pick(family), 'info@acme.com', '', 'Acme', ''],
    () => [pick(given), pick(family), 'the.office@acme.net', '', 'Acme Two', ''],
    (i) => [pick(given), pick(family), `${word(2)}.${word(2)}${i}@agency.com`, '', `Client ${word(3)}`, ''],
    () => ['John', 'Smith', '', '', '', 'London'],
    (i) => ['John', 'Smith', `john.smith@${word(3)}${i}.com`, '', word(3), ''],
    () => ['Mary', 'Jones', '', '442079460999', '', ''],
    () => [...pick(few), '', '442079461111', '', ''],
    () => [pick(fewGiven), pick(fewFamilies), '', '442079462222', 'Few', 'Leeds'],
    () => [pick(given), 'Kowalski', '', '442079463333', '', ''],
  ];
  function* lines(): Iterable<string> {
    yield 'id,first_name,last_name,email,phone,company,city\n';
    for (let i = 0; i < records; i += 1) yield `${[i, ...(groups[i % groups.length]?.(i) ?? [])].join(',')}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}
