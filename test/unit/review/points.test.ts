import { describe, expect, it } from 'vitest';
import { chanceFrom } from '../../../src/kernel/chance.ts';
import { bounded, FULL, roundedPoints, scoreOf, sumOfHighest, worths } from '../../../src/review/core/points.ts';
import { type Points, RankTable } from '../../../src/review/core/rank-table.ts';
import { tunedPoints } from '../../../src/review/core/tune-points.ts';
import { plainAuc } from '../../support/plain-outcomes.ts';

/** Rows in random bins, with the chances that the worths of their bins give. */
function world(fields: number, bins: number, rows: number, seed: number, size = 1) {
  const random = chanceFrom(seed);
  const worth = Array.from({ length: fields }, () =>
    worths(
      size,
      Float64Array.from({ length: bins }, () => random() - 0.5),
    ),
  );
  const binOf = worth.map(() => Int32Array.from({ length: rows }, () => Math.floor(random() * random() * bins)));
  const sums = Array.from({ length: rows }, (_, row) =>
    worth.reduce((all, values, field) => all + (values[binOf[field]?.[row] ?? 0] ?? 0), 0),
  );
  const middle = sums.reduce((all, sum) => all + sum, 0) / rows;
  const chances = Float64Array.from(sums, (sum) => 1 / (1 + Math.exp(middle - sum)));
  return { worth, binOf, chances };
}

/** The area that points can expect: each row wins in as many of a thousand cases as its chance says. */
function expectedAuc(points: Points, { binOf, chances }: ReturnType<typeof world>): number {
  const wins = Int32Array.from(chances, (chance) => Math.round(chance * 1000));
  return new RankTable(binOf, wins, 1000, points).auc();
}

/** What each row has in all fields. */
const totals = (points: Points, { binOf, chances }: ReturnType<typeof world>) =>
  [...chances.keys()].map((row) => points.reduce((sum, values, field) => sum + (values[binOf[field]?.[row] ?? 0] ?? 0), 0));

/** The area that a deal's exact chance expects. */
function fitAuc({ chances }: ReturnType<typeof world>): number {
  const places = new Map([...new Set(chances)].sort((a, b) => a - b).map((chance, place) => [chance, place]));
  const binOf = [Int32Array.from(chances, (chance) => places.get(chance) ?? 0)];
  return expectedAuc([Int32Array.from({ length: places.size }, (_, place) => place)], { worth: [], binOf, chances });
}

describe('points', () => {
  it('sum to 100 at their highest, begin at 0, and rank no worse than plain rounding', () => {
    for (const [seed, fields] of [1, 2, 5, 8].entries()) {
      const drawn = world(fields, 5, 300, seed);
      const points = tunedPoints(drawn.worth, drawn.binOf, drawn.chances);
      expect(sumOfHighest(points)).toBe(FULL);
      for (const values of points) expect(Math.min(...values)).toBe(0);
      expect(expectedAuc(points, drawn)).toBeGreaterThanOrEqual(expectedAuc(roundedPoints(drawn.worth), drawn) - 1e-4);
    }
  });

  it('are spread over what deals have where many fields share them: nearly the order of the fit is kept', () => {
    for (const [seed, fields] of [30, 45, 60].entries()) {
      const drawn = world(fields, 6, 400, seed);
      const points = tunedPoints(drawn.worth, drawn.binOf, drawn.chances);
      const scores = totals(points, drawn).map(scoreOf);
      // some at the ends, and the others from one to the other
      for (const end of [0, FULL]) expect(scores.filter((score) => score === end).length).toBeLessThan(scores.length / 5);
      expect(scores.some((score) => score < 10) && scores.some((score) => score > 90)).toBe(true);
      for (const values of points) expect(Math.min(...values)).toBeLessThanOrEqual(0);
      const places = { ...drawn, binOf: [Int32Array.from(scores)] };
      const kept = expectedAuc([Int32Array.from({ length: FULL + 1 }, (_, place) => place)], places);
      expect(fitAuc(drawn) - kept).toBeLessThan(0.002);
      expect(fitAuc(drawn) - expectedAuc(roundedPoints(drawn.worth), drawn)).toBeGreaterThan(0.004);
    }
  });

  it('are spread no wider than five times where deals are alike', () => {
    // what one field gives the other takes away, but for one row
    const worth = Array.from({ length: 30 }, () => Float64Array.of(0, 1, 2.4));
    const binOf = worth.map((_, field) => Int32Array.from({ length: 40 }, (_, row) => (field % 2 === 0 ? row % 2 : (row + 1) % 2)));
    binOf[0] = Int32Array.from({ length: 40 }, (_, row) => (row === 7 ? 2 : row % 2));
    const points = tunedPoints(
      worth,
      binOf,
      Float64Array.from({ length: 40 }, (_, row) => (row === 7 ? 0.9 : 0.2 + row / 1000)),
    );
    expect(sumOfHighest(points) + points.reduce((sum, values) => sum - Math.min(...values), 0)).toBeLessThanOrEqual(5 * 1.9 * FULL + 30);
  });

  it('end also where the fit is sure of every row', () => {
    const { worth, binOf, chances } = world(3, 4, 60, 2);
    for (const sure of [0, 1]) expect(sumOfHighest(tunedPoints(worth, binOf, new Float64Array(chances.length).fill(sure)))).toBe(FULL);
  });

  it('are none where nothing has a worth', () => {
    expect(tunedPoints([Float64Array.of(0, 0)], [Int32Array.of(0, 1)], Float64Array.of(0.5, 0.5)).map((values) => [...values])).toEqual([
      [0, 0],
    ]);
    expect(tunedPoints([], [], Float64Array.of(0.5))).toEqual([]);
  });

  it('are rounded half up after the highest are brought to 100', () => {
    expect(roundedPoints([Float64Array.of(0, 1, 3), Float64Array.of(2, 0, 1)]).map((values) => [...values])).toEqual([
      [0, 20, 60],
      [40, 0, 20],
    ]);
    expect([...(roundedPoints([Float64Array.of(0, 1, 8)])[0] ?? [])]).toEqual([0, 13, 100]);
  });
});

describe('the table of ranks', () => {
  it('foresees the area that a move brings', () => {
    const drawn = world(3, 4, 80, 9);
    const points = roundedPoints(drawn.worth);
    const wins = Int32Array.from(drawn.chances, (chance) => (chance > 0.5 ? 1 : 0));
    const table = new RankTable(drawn.binOf, wins, 1, points);
    const area = () => {
      const score = (row: number) => table.points.reduce((sum, values, field) => sum + (values[drawn.binOf[field]?.[row] ?? 0] ?? 0), 0);
      return plainAuc([...wins.keys()].map(score), [...wins]);
    };
    expect(table.auc()).toBeCloseTo(area() ?? 0, 12);
    for (const [field, bins, by] of [
      [0, [1], -1],
      [2, [0, 3], -1],
      [1, [2], 1],
    ] as const) {
      const movable = bins.filter((bin) => (table.points[field]?.[bin] ?? 0) + by >= 0);
      const foreseen = table.aucAfter(field, movable, by);
      table.move(field, movable, by);
      expect(table.auc()).toBeCloseTo(foreseen, 12);
      expect(table.auc()).toBeCloseTo(area() ?? 0, 12);
    }
  });
});

it('a table of ranks that is cut back counts as one made anew', () => {
  const drawn = world(6, 4, 200, 12);
  const wins = Int32Array.from(drawn.chances, (chance) => Math.round(chance * 1000));
  const cut = new RankTable(drawn.binOf, wins, 1000, roundedPoints(drawn.worth, 180));
  const random = chanceFrom(5);
  for (let round = 0; round < 400; round += 1) {
    const field = Math.floor(random() * 6);
    const values = cut.points[field] ?? Int32Array.of();
    const all = [...values.keys()];
    const down = sumOfHighest(cut.points) > FULL || random() < 0.5;
    const bins = down
      ? all.filter((bin) => (values[bin] ?? 0) > 0)
      : all.slice(0, 1).filter((bin) => (values[bin] ?? 0) < Math.max(...values));
    if (bins.length === 0) continue;
    const foreseen = cut.aucAfter(field, bins, down ? -1 : 1);
    cut.move(field, bins, down ? -1 : 1);
    expect(cut.auc()).toBe(new RankTable(drawn.binOf, wins, 1000, cut.points).auc());
    expect(cut.auc()).toBe(foreseen);
  }
});

it('a change of a quarter is no more than it may be', () => {
  expect([20, 2, 0, -9].map((change) => bounded(change, 5))).toEqual([5, 2, 0, -5]);
});
