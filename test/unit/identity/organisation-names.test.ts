import { describe, expect, test } from 'vitest';
import type { ColumnKind } from '../../../src/identity/core/column-kinds.ts';
import { partition } from '../../support/partition.ts';

const SYLLABLES = ['ba', 'co', 'du', 'fe', 'gi', 'lo', 'ma', 'ne', 'pi', 'ro', 'su', 'ta', 'vi', 'xo', 'ze'];
/** Names of which no two are alike. */
const coined = (i: number) =>
  [i % 15, Math.floor(i / 15) % 15, Math.floor(i / 225) % 15, (i * 7) % 15, (i * 4) % 15].map((at) => SYLLABLES[at]).join('');
const KINDS: ColumnKind[] = ['id', 'company', 'city'];
const together = (clusters: readonly string[][], a: string, b: string) => clusters.some((ids) => ids.includes(a) && ids.includes(b));

describe('organisations by their names', () => {
  test('a long list of names alone is stitched, where few are there twice', () => {
    const rows = [
      ...Array.from({ length: 3_000 }, (_, i) => [`a${i}`, `${coined(i)} ${coined(i + 1_000)} Inc`]),
      ...Array.from({ length: 150 }, (_, i) => [`b${i}`, `${coined(i * 20)} ${coined(i * 20 + 1_000)} Incorporated`]),
    ];
    const clusters = partition(rows, ['id', 'company']);
    expect(clusters.filter((ids) => ids.length === 2)).toHaveLength(150);
    expect(together(clusters, 'b7', 'a140')).toBe(true);
  });

  test('a word by which organisations of the list differ tells them apart, also at one place', () => {
    const families = Array.from({ length: 60 }, (_, i) => [
      [`p${i}`, `${coined(i)} GmbH`, `city ${i % 20}`],
      [`q${i}`, `${coined(i)} Gesellschaft mbH`, `city ${i % 20}`],
      [`h${i}`, `${coined(i)} Holding GmbH`, `city ${i % 20}`],
      [`k${i}`, `${coined(i)} Holding GmbH`, `city ${i % 20}`],
    ]).flat();
    const clusters = partition(families, KINDS);
    expect(together(clusters, 'h7', 'k7')).toBe(true);
    expect(together(clusters, 'p7', 'q7')).toBe(true);
    expect(together(clusters, 'p7', 'h7')).toBe(false);
  });

  test('a word that is left out now and then does not', () => {
    const rows = Array.from({ length: 200 }, (_, i) => [
      [`p${i}`, `${coined(i)} Group`, `city ${i % 20}`],
      [`q${i}`, i % 3 === 0 ? coined(i) : `${coined(i)} Group`, `city ${i % 20}`],
    ]).flat();
    expect(together(partition(rows, KINDS), 'p9', 'q9')).toBe(true);
  });
});
