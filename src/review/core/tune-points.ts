import { shareOut } from '../../attribution/core/share-out.ts';
import { aucOfRanked } from './auc.ts';
import { FULL, highest, lowest, roundedPoints, scoreOf, sumOfHighest } from './points.ts';
import { type Points, RankTable } from './rank-table.ts';

/** Rows that are enough to tell one rounding from another. */
const SAMPLE = 10_000;
/** A row's chance in whole parts: one win in a million rows still counts. */
const UNIT = 1 << 20;
/** Of the area under the curve, what points whose highest sum to `FULL` may lose against the fit before they are spread over what deals have. */
const BEARABLE = 0.001;
/** Where deals hardly differ, a field's points would grow without end: no more than so many times those that its share of `FULL` gives. */
const WIDEST = 5;
/** So much wider than what deals have: few of them stand at the ends, and the others are told apart the better. */
const STRETCHES = [1, 1.3, 1.6, 1.9];
const LEAST_GAIN = 2e-6;
const MOST_MOVES = 40;

interface Move {
  field: number;
  bins: number[];
  by: number;
}

/**
 * Whole points which rank deals as the fit does, as nearly as such points can. The lowest of each field is 0 and the highest sum to exactly `FULL`,
 * unless that loses too much of the order, as it does where many fields have a part of it: no deal comes near the best in all of them, so most of
 * the scale is empty. Then points are spread over what deals have: a field may take points away, and a score ends at 0 and at `FULL`
 * (`scoreOf`), where some deals may stand. Rounding each field by itself loses order, so single points move while that helps; held against the
 * chances of the fit and not against what happened, so the search learns nothing from noise.
 * @param worth of each field's bins. @param bins of each field, the bin of each row. @param chances of a win by the fit.
 */
export function tunedPoints(worth: readonly Float64Array[], bins: readonly Int32Array[], chances: Float64Array): Points {
  if (!(sumOfHighest(worth) > 0)) return roundedPoints(worth);
  const step = Math.max(1, Math.floor(chances.length / SAMPLE));
  const sampled = <T extends Int32Array | Float64Array>(values: T) => values.filter((_, row) => row % step === 0) as T;
  const wins = Int32Array.from(sampled(chances), (chance) => Math.round(chance * UNIT));
  const some = bins.map(sampled);
  const plain = fill(searched(fill(new RankTable(some, wins, UNIT, roundedPoints(worth))), FULL));
  if (plain.auc() >= aucOfChances(wins) - BEARABLE) return plain.points;
  const given = totals(worth, bins);
  const wide = Math.min(WIDEST, sumOfHighest(worth) / (highest(given) - lowest(given)));
  const rounded = STRETCHES.map((stretch) => roundedPoints(worth, FULL * wide * stretch));
  const areas = rounded.map((points) => bestEnds(totals(points, some), wins).auc);
  const start = rounded[areas.indexOf(Math.max(...areas))] as Points;
  const { points } = searched(new RankTable(some, wins, UNIT, start), sumOfHighest(start));
  const { low, auc } = bestEnds(totals(points, some), wins);
  return auc > plain.auc() ? lowered(points, low, bins) : plain.points;
}

/** The area that the fit itself expects: no points can have more. */
function aucOfChances(wins: Int32Array): number {
  const won = wins.toSorted();
  return aucOfRanked({ won, lost: won.map((part) => UNIT - part) }) ?? 0.5;
}

/** Moves single bins by a point while the order gains. @param full what the highest may sum to. */
function searched(table: RankTable, full: number): RankTable {
  for (let moves = 0, gained = true; gained && moves < MOST_MOVES; moves += 1)
    gained = make(table, steps(table.points, full), table.auc() + LEAST_GAIN);
  for (const [field, values] of table.points.entries()) {
    const least = lowest(values);
    if (least > 0) table.move(field, [...values.keys()], -least);
  }
  return table;
}

/** Makes the best of the moves, the first of equals; none when it does not reach `least`. */
function make(table: RankTable, moves: readonly Move[], least = 0): boolean {
  let best: Move | undefined;
  let most = least;
  for (const move of moves) {
    const auc = table.aucAfter(move.field, move.bins, move.by);
    if (auc > most) [best, most] = [move, auc];
  }
  if (best !== undefined) table.move(best.field, best.bins, best.by);
  return best !== undefined;
}

/** The ways to move one bin by a point that leave every bin at 0 or more and the sum of the highest at no more than `full`. */
function steps(points: Points, full: number): Move[] {
  const room = full - sumOfHighest(points);
  return points.flatMap((values, field) => {
    const most = highest(values);
    return [...values].flatMap((value, bin): Move[] => [
      ...(value < most || room > 0 ? [{ field, bins: [bin], by: 1 }] : []),
      ...(value > 0 ? [{ field, bins: [bin], by: -1 }] : []),
    ]);
  });
}

/** What the highest have more than `FULL` is taken from them, and what is left up to it is given to them, where it costs the order least. */
function fill(table: RankTable): RankTable {
  for (let sum = sumOfHighest(table.points); sum !== FULL; sum = sumOfHighest(table.points)) {
    const by = sum > FULL ? -1 : 1;
    make(
      table,
      table.points.flatMap((values, field): Move[] => {
        const most = highest(values);
        return most === 0 ? [] : [{ field, bins: [...values.keys()].filter((bin) => values[bin] === most), by }];
      }),
    );
  }
  return table;
}

/**
 * Where a scale of `FULL` begins that ranks rows best when they stand at its ends beyond it: not above what they have on average.
 * @returns the area that it leads to expect
 */
function bestEnds(sums: Float64Array, wins: Int32Array): { low: number; auc: number } {
  const first = lowest(sums);
  const [won, all] = [new Float64Array(highest(sums) - first + 1), new Float64Array(highest(sums) - first + 1)];
  for (const [row, sum] of sums.entries()) {
    won[sum - first] = (won[sum - first] as number) + (wins[row] as number);
    all[sum - first] = (all[sum - first] as number) + 1;
  }
  const last = Math.min(sums.reduce((all, sum) => all + sum, 0) / sums.length, Math.max(first, first + won.length - 1 - FULL));
  let best = { low: first, auc: 0 };
  for (let low = first; low <= last; low += 1) {
    const within = { won: new Float64Array(FULL + 1), lost: new Float64Array(FULL + 1) };
    for (const [place, rows] of all.entries()) {
      const score = scoreOf(first + place - low);
      within.won[score] = (within.won[score] as number) + (won[place] as number);
      within.lost[score] = (within.lost[score] as number) + rows * UNIT - (won[place] as number);
    }
    const auc = aucOfRanked(within) ?? 0.5;
    if (auc > best.auc) best = { low, auc };
  }
  return best;
}

/** Points of which `low` are taken from the fields, from each by what deals have in it on average. */
function lowered(points: Points, low: number, bins: readonly Int32Array[]): Points {
  const parts = points.map((values, field) => (bins[field] as Int32Array).reduce((sum, bin) => sum + (values[bin] as number), 0));
  const shares = shareOut(low, { parts, whole: parts.reduce((sum, part) => sum + part, 0) });
  return points.map((values, field) => values.map((value) => value - (shares[field] as number)));
}

/** What each row has in all fields together. */
function totals(values: readonly ArrayLike<number>[], bins: readonly Int32Array[]): Float64Array {
  const sums = new Float64Array(bins[0]?.length ?? 0);
  for (const [field, of] of values.entries()) {
    const binOf = bins[field] as Int32Array;
    for (let row = 0; row < sums.length; row += 1) sums[row] = (sums[row] as number) + (of[binOf[row] as number] as number);
  }
  return sums;
}
