import { chanceFrom } from '../../kernel/chance.ts';
import type { Estimate } from './analysis.ts';
import { aucOfRanked } from './auc.ts';
import { multinomial } from './draws.ts';

interface AucIntervals {
  fresh: Estimate;
  current: Estimate | null;
  /** Of the same resamples: new less current. */
  difference: Estimate | null;
}

const RESAMPLES = 1000;

/**
 * Areas under the curve of two scores of the same rows and their difference, with 95 % percentile intervals of a paired bootstrap: won and lost rows
 * are drawn anew each for themselves, as many as there are, and both scores are judged on what was drawn. Rows that are alike in both scores
 * are drawn as one cell.
 * @param current null: there is nothing to compare with. @returns null without both outcomes.
 */
export function aucIntervals(fresh: Float64Array, current: Float64Array | null, won: Uint8Array, seed: number): AucIntervals | null {
  const cells = cellsOf(fresh, current, won);
  const [wins, losses] = [sum(cells.won), sum(cells.lost)];
  if (wins === 0 || losses === 0) return null;
  const random = chanceFrom(seed);
  const [drawnWon, drawnLost] = [new Int32Array(cells.won.length), new Int32Array(cells.lost.length)];
  const [first, second, differences]: number[][] = [[], [], []];
  for (let round = 0; round < RESAMPLES; round += 1) {
    multinomial(wins, cells.won, random, drawnWon);
    multinomial(losses, cells.lost, random, drawnLost);
    const one = areaOf(cells.fresh, drawnWon, drawnLost);
    first?.push(one);
    if (current === null) continue;
    const other = areaOf(cells.current, drawnWon, drawnLost);
    second?.push(other);
    differences?.push(one - other);
  }
  const [one, other] = [areaOf(cells.fresh, cells.won, cells.lost), areaOf(cells.current, cells.won, cells.lost)];
  return {
    fresh: within(one, first ?? []),
    current: current === null ? null : within(other, second ?? []),
    difference: current === null ? null : within(one - other, differences ?? []),
  };
}

/** Places of a score among its distinct values, ascending. */
interface Places {
  of: Int32Array;
  count: number;
}

interface Cells {
  fresh: Places;
  current: Places;
  won: Int32Array;
  lost: Int32Array;
}

function cellsOf(fresh: Float64Array, current: Float64Array | null, won: Uint8Array): Cells {
  const second = current ?? new Float64Array(fresh.length);
  const order = Uint32Array.from(fresh.keys()).sort(
    (a, b) => (fresh[a] as number) - (fresh[b] as number) || (second[a] as number) - (second[b] as number),
  );
  const [ones, others, wins, losses]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const row of order) {
    const last = ones.length - 1;
    const isSame = last >= 0 && ones[last] === fresh[row] && others[last] === second[row];
    if (!isSame) {
      ones.push(fresh[row] as number);
      others.push(second[row] as number);
      wins.push(0);
      losses.push(0);
    }
    const counts = won[row] === 1 ? wins : losses;
    counts[ones.length - 1] = (counts[ones.length - 1] as number) + 1;
  }
  return { fresh: placesOf(ones), current: placesOf(others), won: Int32Array.from(wins), lost: Int32Array.from(losses) };
}

function placesOf(scores: readonly number[]): Places {
  const distinct = [...new Set(scores)].sort((a, b) => a - b);
  const place = new Map(distinct.map((score, at) => [score, at]));
  return { of: Int32Array.from(scores, (score) => place.get(score) as number), count: distinct.length };
}

function areaOf({ of, count }: Places, won: Int32Array, lost: Int32Array): number {
  const ranked = { won: new Int32Array(count), lost: new Int32Array(count) };
  for (let cell = 0; cell < of.length; cell += 1) {
    const place = of[cell] as number;
    ranked.won[place] = (ranked.won[place] as number) + (won[cell] as number);
    ranked.lost[place] = (ranked.lost[place] as number) + (lost[cell] as number);
  }
  return aucOfRanked(ranked) ?? 0.5;
}

function within(value: number, resampled: number[]): Estimate {
  resampled.sort((a, b) => a - b);
  const edge = Math.floor(resampled.length * 0.025);
  return { value, low: Math.min(value, resampled[edge] ?? value), high: Math.max(value, resampled[resampled.length - 1 - edge] ?? value) };
}

function sum(counts: Int32Array): number {
  return counts.reduce((all, count) => all + count, 0);
}
