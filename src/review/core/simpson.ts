import { chanceFrom } from '../../kernel/chance.ts';
import { rateDifference } from '../../playbook/core/rate-difference.ts';
import type { Bin, Estimate, Reversal } from './analysis.ts';
import { type Binning, binsOfRows } from './bins.ts';
import type { FourCells } from './chi-square.ts';
import { multinomial, seedOf } from './draws.ts';
import { commonOddsRatio } from './mantel-haenszel.ts';
import { isLookedAt, strataFields } from './strata.ts';

/** A stratum in which a level clearly points the other way, though all rows together do not. */
export interface Against {
  field: string;
  bin: Bin;
  strata: string;
  stratum: string;
  n: number;
  others: number;
}

interface Reversals {
  reversals: Reversal[];
  against: Against[];
}

interface ReversalOptions {
  /** The table's digest: chance begins there. */
  digest: string;
  /** Columns within whose strata findings are looked at again; when left out, `strataFields` chooses. */
  segments?: readonly string[];
  /** Columns that are neither tested nor taken as strata, such as are known only after the close. */
  leftOut?: ReadonlySet<string>;
  /** Awaited after each field of strata. */
  step?: (done: number, total: number) => Promise<void> | void;
}

/** A reversal must show in so many of the resamples. */
const KEPT = 0.8;
const RESAMPLES = 200;
/** A stratum with fewer rows on a side is not held against a finding. */
const FEWEST = 30;

/**
 * Findings that turn round within the strata of another field (Simpson's paradox): the odds ratio of a level over all rows and the one common to all
 * strata (Mantel and Haenszel) lie on opposite sides of 1, and do so in four of five bootstrap resamples of the rows. Rows without a value are a
 * stratum of their own.
 * @param binnings of all fields, over all rows. @param isTested whether a bin was compared with all others.
 */
export async function findReversals(
  binnings: readonly Binning[],
  won: Uint8Array,
  isTested: (field: string, bin: number) => boolean,
  { digest, segments, leftOut = new Set(), step }: ReversalOptions,
): Promise<Reversals> {
  const used = binnings.filter(({ field }) => !leftOut.has(field.name));
  const tested = used.filter(({ field, bins }) => bins.some((_, bin) => isTested(field.name, bin)));
  const strata = strataFields(used, segments);
  const binsOf = new Map(tested.map((binning) => [binning, binsOfRows(binning)]));
  const found: Reversals = { reversals: [], against: [] };
  for (const [done, by] of strata.entries()) {
    const inStratum = binsOfRows(by);
    for (const [binning, inBin] of binsOf) {
      if (!isLookedAt(binning, by, segments)) continue;
      const crossed = crossCounts(binning.bins.length, by.bins.length, inBin, inStratum, won);
      for (const bin of binning.bins.keys()) if (isTested(binning.field.name, bin)) compare(binning, bin, by, crossed, digest, found);
    }
    await step?.(done + 1, strata.length);
  }
  const place = new Map(binnings.map(({ field }, at) => [field.name, at]));
  const order = (a: { field: string; strata: string }, b: { field: string; strata: string }) =>
    (place.get(a.field) ?? 0) - (place.get(b.field) ?? 0) || (place.get(a.strata) ?? 0) - (place.get(b.strata) ?? 0);
  return { reversals: found.reversals.sort(order), against: found.against.sort(order) };
}

interface Crossed {
  n: Int32Array;
  won: Int32Array;
}

/** Rows and wins by bin and stratum, those of one bin side by side. */
function crossCounts(bins: number, strata: number, inBin: Int32Array, inStratum: Int32Array, won: Uint8Array): Crossed {
  const crossed = { n: new Int32Array(bins * strata), won: new Int32Array(bins * strata) };
  for (let row = 0; row < inBin.length; row += 1) {
    const cell = (inBin[row] as number) * strata + (inStratum[row] as number);
    crossed.n[cell] = (crossed.n[cell] as number) + 1;
    crossed.won[cell] = (crossed.won[cell] as number) + (won[row] as number);
  }
  return crossed;
}

function compare(binning: Binning, bin: number, by: Binning, crossed: Crossed, digest: string, found: Reversals): void {
  const { field, bins } = binning;
  const tables = by.bins.map((_, stratum) => fourfold(bin, by, stratum, crossed));
  const whole = total(tables);
  const [crude, adjusted] = [commonOddsRatio([whole]), commonOddsRatio(tables)];
  if (crude === null) return;
  const names = { field: field.name, bin: bins[bin] as Bin, strata: by.field.name };
  for (const [stratum, { won, lost, othersWon, othersLost }] of tables.entries()) {
    const [n, others] = [won + lost, othersWon + othersLost];
    if (n < FEWEST || others < FEWEST) continue;
    const difference = rateDifference({ of: n, hits: won }, { of: others, hits: othersWon });
    if (difference === null || !(crude.value > 1 ? difference.high < 0 : difference.low > 0)) continue;
    found.against.push({ ...names, stratum: by.bins[stratum]?.label ?? '', n, others });
  }
  if (adjusted === null || (crude.value - 1) * (adjusted.value - 1) >= 0) return;
  if (shareKept(tables, seedOf(digest, 'reversal', field.name, String(bin), by.field.name)) < KEPT) return;
  const by_stratum = tables.map(({ won, lost, othersWon, othersLost }, stratum) => ({
    stratum: by.bins[stratum]?.label ?? '',
    n: won + lost,
    won,
    others: othersWon + othersLost,
    others_won: othersWon,
  }));
  found.reversals.push({ ...names, crude, adjusted, by_stratum, text: told(crude, adjusted, tables, by.field.label) });
}

function fourfold(bin: number, by: Binning, stratum: number, crossed: Crossed): FourCells {
  const cell = bin * by.bins.length + stratum;
  const [rows, won] = [crossed.n[cell] as number, crossed.won[cell] as number];
  const [allRows, allWins] = [by.n[stratum] as number, by.won[stratum] as number];
  const lost = rows - won;
  return { won, lost, othersWon: allWins - won, othersLost: allRows - allWins - lost };
}

function total(tables: readonly FourCells[]): FourCells {
  const sum = { won: 0, lost: 0, othersWon: 0, othersLost: 0 };
  for (const table of tables) for (const key of ['won', 'lost', 'othersWon', 'othersLost'] as const) sum[key] += table[key];
  return sum;
}

/** The share of resamples in which the level lies on the side that it has in the data, over all rows and within strata, and the two are opposite. */
function shareKept(tables: readonly FourCells[], seed: number): number {
  const cells = tables.flatMap(({ won, lost, othersWon, othersLost }) => [won, lost, othersWon, othersLost]);
  const n = cells.reduce((sum, cell) => sum + cell, 0);
  const [random, drawn] = [chanceFrom(seed), new Float64Array(cells.length)];
  const side = sides(cells).crude;
  let kept = 0;
  for (let round = 0; round < RESAMPLES; round += 1) {
    multinomial(n, cells, random, drawn);
    const { crude, adjusted } = sides(drawn);
    if (crude === side && adjusted === -side) kept += 1;
  }
  return kept / RESAMPLES;
}

/** On which side of 1 the odds ratios lie: 1 above, −1 below. */
function sides(cells: ArrayLike<number>): { crude: number; adjusted: number } {
  let [a, b, c, d, common] = [0, 0, 0, 0, 0];
  for (let i = 0; i < cells.length; i += 4) {
    const [won = 0, lost = 0, othersWon = 0, othersLost = 0] = [cells[i], cells[i + 1], cells[i + 2], cells[i + 3]];
    const n = won + lost + othersWon + othersLost;
    if (n > 0) common += (won * othersLost - lost * othersWon) / n;
    a += won;
    b += lost;
    c += othersWon;
    d += othersLost;
  }
  return { crude: Math.sign(a * d - b * c), adjusted: Math.sign(common) };
}

function told(crude: Estimate, adjusted: Estimate, tables: readonly FourCells[], by: string): string {
  const opposite = tables.filter(({ won, lost, othersWon, othersLost }) => (won * othersLost - lost * othersWon) * (crude.value - 1) < 0);
  const rows = (some: readonly FourCells[]) => some.reduce((sum, one) => sum + one.won + one.lost + one.othersWon + one.othersLost, 0);
  const isClear = (crude.low > 1 || crude.high < 1) && (adjusted.low > 1 || adjusted.high < 1);
  return (
    `Over all rows the odds of a win are ${times(crude)} those of the others, within ${by} ${times(adjusted)}: the difference turns round` +
    `${isClear ? '' : ', though an interval still holds 1'}. In ${opposite.length} of ${tables.length} strata, which hold ` +
    `${Math.round((rows(opposite) / rows(tables)) * 100)} % of the rows, it points the other way.`
  );
}

const times = ({ value, low, high }: Estimate) => `${value.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`;
