import { FULL, sumOfHighest } from './points.ts';

/** Points of each bin of each field. */
export type Points = readonly Int32Array[];

/**
 * How rows rank by their points, kept by total and by bin, so that moving one bin's points is judged from a hundred cells and no row is
 * looked at. Wins are whole numbers, whole or in parts: a row may count as so many wins of `unit`.
 */
export class RankTable {
  readonly #bins: readonly Int32Array[];
  readonly #wins: Int32Array;
  readonly #unit: number;
  readonly #points: Int32Array[];
  /** Of each row its total. */
  readonly #scores: Int32Array;
  /** Totals that can come up: the highest never sum to more than `FULL`, or than they did at first. */
  readonly #cells: number;
  readonly #won: Float64Array;
  readonly #all: Float64Array;
  /** Per field, cells of each bin after one another. */
  readonly #binWon: Float64Array[];
  readonly #binAll: Float64Array[];
  readonly #wonAfter: Float64Array;
  readonly #allAfter: Float64Array;

  /** @param bins of each field, the bin of each row; -1 adds nothing. */
  constructor(bins: readonly Int32Array[], wins: Int32Array, unit: number, points: Points) {
    this.#bins = bins;
    this.#wins = wins;
    this.#unit = unit;
    this.#points = points.map((values) => values.slice());
    this.#scores = new Int32Array(wins.length);
    this.#cells = Math.max(FULL, sumOfHighest(points)) + 1;
    const byBin = () => points.map((values) => new Float64Array(values.length * this.#cells));
    const byTotal = () => new Float64Array(this.#cells);
    [this.#binWon, this.#binAll] = [byBin(), byBin()];
    [this.#won, this.#all, this.#wonAfter, this.#allAfter] = [byTotal(), byTotal(), byTotal(), byTotal()];
    for (const [field, values] of this.#points.entries()) {
      const binOf = bins[field] as Int32Array;
      for (let row = 0; row < wins.length; row += 1)
        this.#scores[row] = (this.#scores[row] as number) + (values[binOf[row] as number] ?? 0);
    }
    this.#count(Int32Array.from(wins.keys()), 1);
  }

  get points(): Points {
    return this.#points;
  }

  auc(): number {
    return this.#aucOf(this.#won, this.#all);
  }

  /** What the area would be if `bins` of a field gave `by` more. */
  aucAfter(field: number, bins: readonly number[], by: number): number {
    const [won, all, cells] = [this.#wonAfter, this.#allAfter, this.#cells];
    won.set(this.#won);
    all.set(this.#all);
    const [binWon, binAll] = [this.#binWon[field] as Float64Array, this.#binAll[field] as Float64Array];
    for (const bin of bins)
      for (let cell = 0, at = bin * cells; cell < cells; cell += 1, at += 1) {
        const rows = binAll[at] as number;
        if (rows === 0) continue;
        const wins = binWon[at] as number;
        won[cell] = (won[cell] as number) - wins;
        all[cell] = (all[cell] as number) - rows;
        won[cell + by] = (won[cell + by] as number) + wins;
        all[cell + by] = (all[cell + by] as number) + rows;
      }
    return this.#aucOf(won, all);
  }

  move(field: number, bins: readonly number[], by: number): void {
    const values = this.#points[field] as Int32Array;
    const isMoved = new Uint8Array(values.length);
    for (const bin of bins) {
      isMoved[bin] = 1;
      values[bin] = (values[bin] as number) + by;
    }
    const binOf = this.#bins[field] as Int32Array;
    const rows = new Int32Array(binOf.length);
    let found = 0;
    for (let row = 0; row < binOf.length; row += 1) if (isMoved[binOf[row] as number] === 1) rows[found++] = row;
    const moved = rows.subarray(0, found);
    this.#count(moved, -1);
    for (const row of moved) this.#scores[row] = (this.#scores[row] as number) + by;
    this.#count(moved, 1);
  }

  /** Counts rows at their scores, or takes them out; one field after the other, as its cells alone fit the nearest memory. */
  #count(rows: Int32Array, sign: 1 | -1): void {
    const [length, cells, scores, wins] = [rows.length, this.#cells, this.#scores, this.#wins];
    for (let i = 0; i < length; i += 1) {
      const row = rows[i] as number;
      const cell = scores[row] as number;
      this.#won[cell] = (this.#won[cell] as number) + sign * (wins[row] as number);
      this.#all[cell] = (this.#all[cell] as number) + sign;
    }
    for (let field = 0; field < this.#bins.length; field += 1) {
      const binOf = this.#bins[field] as Int32Array;
      const won = this.#binWon[field] as Float64Array;
      const all = this.#binAll[field] as Float64Array;
      for (let i = 0; i < length; i += 1) {
        const row = rows[i] as number;
        const bin = binOf[row] as number;
        if (bin < 0) continue;
        const at = bin * cells + (scores[row] as number);
        won[at] = (won[at] as number) + sign * (wins[row] as number);
        all[at] = (all[at] as number) + sign;
      }
    }
  }

  #aucOf(won: Float64Array, all: Float64Array): number {
    let [twice, below, wins] = [0, 0, 0];
    for (let cell = 0; cell < won.length; cell += 1) {
      const here = won[cell] as number;
      const lost = (all[cell] as number) * this.#unit - here;
      twice += here * (2 * below + lost);
      below += lost;
      wins += here;
    }
    return wins > 0 && below > 0 ? twice / (2 * wins * below) : 0.5;
  }
}
