import { aucOfRanked } from './auc.ts';
import { FULL, highest, roundedPoints, sumOfHighest } from './points.ts';
import { type Points, RankTable } from './rank-table.ts';

/** Rows that are enough to tell one rounding from another. */
const SAMPLE = 10_000;
/** A row's chance in whole parts: one win in a million rows still counts. */
const UNIT = 1 << 20;
/** With a wider scale, weak fields keep more of their order, and what is too rare to matter pays for it. */
const SCALES = [1, 1.6, 2.2];
/** Of the area under the curve: what may be lost before another scale is tried, and what another must gain over the plain one. */
const BEARABLE = 0.0015;
const WORTHWHILE = 0.0005;
const LEAST_GAIN = 2e-6;
const MOST_MOVES = 40;

interface Move {
  field: number;
  bins: number[];
  by: number;
}

/**
 * Whole points whose highest sum to exactly `FULL` and which rank deals as the fit does, as nearly as such points can. Rounding each field by itself
 * loses order where many weak fields share 100 points; so single points move while that helps, and where much is still lost, points start from a
 * rounding at a wider scale that is cut back one point at a time where the order suffers least. Held against the chances of the fit and not against what
 * happened, so the search learns nothing from noise.
 * @param worth of each field's bins. @param bins of each field, the bin of each row. @param chances of a win by the fit.
 */
export function tunedPoints(worth: readonly Float64Array[], bins: readonly Int32Array[], chances: Float64Array): Points {
  if (!(sumOfHighest(worth) > 0)) return roundedPoints(worth);
  const step = Math.max(1, Math.floor(chances.length / SAMPLE));
  const sampled = <T extends Int32Array | Float64Array>(values: T) => values.filter((_, row) => row % step === 0) as T;
  const wins = Int32Array.from(sampled(chances), (chance) => Math.round(chance * UNIT));
  const some = bins.map(sampled);
  const target = aucOfChances(wins);
  let best: { points: Points; auc: number } | undefined;
  for (const scale of SCALES) {
    if (best !== undefined && target - best.auc < BEARABLE) break;
    const table = new RankTable(some, wins, UNIT, roundedPoints(worth, FULL * scale));
    while (sumOfHighest(table.points) > FULL) make(table, cuts(table.points));
    for (let moves = 0, gained = true; gained && moves < MOST_MOVES; moves += 1)
      gained = make(table, steps(table.points), table.auc() + LEAST_GAIN);
    fill(table);
    const auc = table.auc();
    if (best === undefined || auc > best.auc + WORTHWHILE) best = { points: table.points, auc };
  }
  return best?.points ?? [];
}

/** The area that the fit itself expects: no points can have more. */
function aucOfChances(wins: Int32Array): number {
  const won = wins.toSorted();
  return aucOfRanked({ won, lost: won.map((part) => UNIT - part) }) ?? 0.5;
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

/** The ways to give a point back: the highest of a field less, or all but its lowest less. */
function cuts(points: Points): Move[] {
  return points.flatMap((values, field): Move[] => {
    const most = highest(values);
    if (most === 0) return [];
    const [top, positive] = [placesOf(values, (value) => value === most), placesOf(values, (value) => value > 0)];
    const lower = (bins: number[]): Move => ({ field, bins, by: -1 });
    return top.length === positive.length ? [lower(top)] : [lower(top), lower(positive)];
  });
}

/** The ways to move one bin by a point that leave every bin at 0 or more and the sum at no more than `FULL`. */
function steps(points: Points): Move[] {
  const room = FULL - sumOfHighest(points);
  return points.flatMap((values, field) => {
    const most = highest(values);
    return [...values].flatMap((value, bin): Move[] => [
      ...(value < most || room > 0 ? [{ field, bins: [bin], by: 1 }] : []),
      ...(value > 0 ? [{ field, bins: [bin], by: -1 }] : []),
    ]);
  });
}

/** What is left up to `FULL` goes to the highest bins of the fields, where it costs the order least. */
function fill(table: RankTable): void {
  for (const [field, values] of table.points.entries()) {
    const least = Math.min(...values);
    if (least > 0)
      table.move(
        field,
        placesOf(values, () => true),
        -least,
      );
  }
  while (sumOfHighest(table.points) < FULL)
    make(
      table,
      table.points.flatMap((values, field): Move[] => {
        const most = highest(values);
        return most === 0 ? [] : [{ field, bins: placesOf(values, (value) => value === most), by: 1 }];
      }),
    );
}

function placesOf(values: Int32Array, holds: (value: number) => boolean): number[] {
  return [...values.keys()].filter((place) => holds(values[place] as number));
}
