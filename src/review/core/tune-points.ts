import { shareOut } from '../../attribution/core/share-out.ts';
import { aucOfRanked } from './auc.ts';
import { FULL, highest, lowest, roundedPoints, sumOfHighest } from './points.ts';
import { type Points, RankTable } from './rank-table.ts';

/** Rows that are enough to tell one rounding from another. */
const SAMPLE = 10_000;
/** A row's chance in whole parts: one win in a million rows still counts. */
const UNIT = 1 << 20;
/** Of the area under the curve, what points whose highest sum to `FULL` may lose against the fit before they are spread over what deals have. */
const BEARABLE = 0.001;
/** Where deals hardly differ, a field's points would grow without end: no more than so many times those that its share of `FULL` gives. */
const WIDEST = 5;
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
 * the scale is empty. Then what the lowest of the deals has is 0 and what the highest has `FULL`: a field may take points away, and a score ends
 * at both (`scoreOf`). Rounding each field by itself loses order, so single points move while that helps; held against the chances of the fit
 * and not against what happened, so the search learns nothing from noise.
 * @param worth of each field's bins. @param bins of each field, the bin of each row. @param chances of a win by the fit.
 */
export function tunedPoints(worth: readonly Float64Array[], bins: readonly Int32Array[], chances: Float64Array): Points {
  if (!(sumOfHighest(worth) > 0)) return roundedPoints(worth);
  const step = Math.max(1, Math.floor(chances.length / SAMPLE));
  const sampled = <T extends Int32Array | Float64Array>(values: T) => values.filter((_, row) => row % step === 0) as T;
  const wins = Int32Array.from(sampled(chances), (chance) => Math.round(chance * UNIT));
  const some = bins.map(sampled);
  const plain = fill(searched(fill(new RankTable(some, wins, UNIT, roundedPoints(worth))), FULL));
  const least = aucOfChances(wins) - BEARABLE;
  if (plain.auc() >= least) return plain.points;
  const [low, high] = ends(totals(worth, bins));
  const wide = roundedPoints(worth, FULL * Math.min(WIDEST, sumOfHighest(worth) / (high - low)));
  const spread = searched(new RankTable(some, wins, UNIT, wide), sumOfHighest(wide));
  return spread.auc() > plain.auc() ? loweredToDeals(spread.points, bins) : plain.points;
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

/** What the lowest deal has is taken from the fields, from each by what deals have in it on average. */
function loweredToDeals(points: Points, bins: readonly Int32Array[]): Points {
  const [low] = ends(totals(points, bins));
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

function ends(sums: Float64Array): [low: number, high: number] {
  return [lowest(sums), highest(sums)];
}
