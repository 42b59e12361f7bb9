import { chiSquareTail } from '../../kernel/chi-square-tail.ts';
import { corrected } from '../../kernel/false-discovery.ts';
import { upperTail } from '../../kernel/fisher.ts';
import type { LevelResult } from './analysis.ts';
import type { Binning } from './bins.ts';
import { chiSquare, type FourCells } from './chi-square.ts';
import { sumOf } from './counts.ts';

/** With fewer expected in a cell, the exact test. */
const LEAST_EXPECTED = 5;
const LEAST_ROWS = 50;
const LEAST_SHARE = 0.005;
const LEAST_OUTCOMES = 10;

/** What a level needs to be compared at all, in a table of so many rows. */
export const supportOf = (rows: number) => ({
  rows: Math.max(LEAST_ROWS, Math.ceil(rows * LEAST_SHARE)),
  won: LEAST_OUTCOMES,
  lost: LEAST_OUTCOMES,
});

/** What the test of one level found. */
export interface Tested {
  /** Place of the field among those given, and of its bin. */
  field: number;
  bin: number;
  test: LevelResult['test'];
  p: number | null;
  q: number | null;
  support: LevelResult['support'];
}

/**
 * Each bin against all other rows: a chi-square, or Fisher's exact test where fewer than five are expected in a cell (twice the smaller tail;
 * Dupont 1986), corrected over all that were tested in all fields (Benjamini and Hochberg 1995). What has too few rows, wins or losses is not tested.
 */
export function screen(binnings: readonly Pick<Binning, 'bins' | 'n' | 'won'>[]): Tested[] {
  const found: Tested[] = [];
  for (const [field, { bins, n, won }] of binnings.entries()) {
    const [rows, wins] = [sumOf(n), sumOf(won)];
    const least = supportOf(rows);
    for (const bin of bins.keys()) {
      const [w, l] = [won[bin] as number, (n[bin] as number) - (won[bin] as number)];
      const enough = w + l >= least.rows && w >= least.won && l >= least.lost;
      const result = enough ? compared({ won: w, lost: l, othersWon: wins - w, othersLost: rows - wins - l }) : null;
      found.push({ field, bin, test: result?.test ?? null, p: result?.p ?? null, q: null, support: enough ? 'enough' : 'not_enough_data' });
    }
  }
  const tested = found.filter(({ p }) => p !== null);
  for (const [i, q] of corrected(tested.map(({ p }) => p as number)).entries()) (tested[i] as Tested).q = q;
  return found;
}

/** The two-sided chance that a level and the others have one rate; null where there are no others, or only one outcome. */
export function compared(cells: FourCells): { test: 'chi_square' | 'fisher'; p: number } | null {
  const pearson = chiSquare(cells);
  if (pearson === null) return null;
  if (pearson.least >= LEAST_EXPECTED) return { test: 'chi_square', p: chiSquareTail(pearson.value) };
  const { won, lost, othersWon, othersLost } = cells;
  const all = won + lost + othersWon + othersLost;
  const more = upperTail({ all, marked: won + othersWon, drawn: won + lost }, won);
  const less = upperTail({ all, marked: lost + othersLost, drawn: won + lost }, lost);
  return { test: 'fisher', p: Math.min(1, 2 * Math.min(more, less)) };
}
