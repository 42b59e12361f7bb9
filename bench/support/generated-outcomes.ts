import { chanceFrom } from '../../src/kernel/chance.ts';
import type { Column, OutcomeTable } from '../../src/review/core/outcome-table.ts';

const LEVELS = 20;
const DAYS = 700;

/**
 * Closed deals of a world of its own: half of the columns are levels of which some are rare, half are skewed numbers with gaps, and a third of them
 * tell won from lost. Days of closing, and scores of a rubric in force that knows a little.
 */
export function generatedOutcomes(rows: number, columns: number, seed: number): { table: OutcomeTable; current: Float64Array } {
  const random = chanceFrom(seed);
  const odds = new Float64Array(rows).fill(-1.4);
  const made = Array.from({ length: columns }, (_, at): Column => {
    const weight = at % 3 === 0 ? 0.4 : 0;
    const name = `column_${String(at + 1).padStart(2, '0')}`;
    if (at % 2 === 1) {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row += 1) {
        const value = -Math.log(1 - random());
        odds[row] = (odds[row] as number) + weight * Math.min(value, 4);
        values[row] = random() < 0.05 ? Number.NaN : Math.round(value * 1000) / 10;
      }
      return { name, label: name, type: 'number', values };
    }
    const codes = new Int32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const level = Math.floor(random() * random() * LEVELS);
      odds[row] = (odds[row] as number) + weight * ((level % 5) - 2);
      codes[row] = level;
    }
    return {
      name,
      label: name,
      type: 'level',
      codes,
      levels: Array.from({ length: LEVELS }, (__, level) => `level ${String(level).padStart(2, '0')}`),
    };
  });
  const won = Uint8Array.from(odds, (sum) => (random() < 1 / (1 + Math.exp(-sum)) ? 1 : 0));
  const current = odds.map((sum) => Math.max(0, Math.min(100, Math.round(50 + 8 * sum + 40 * (random() - 0.5)))));
  const closed = odds.map(() => 20_000 + Math.floor(random() * DAYS));
  // ids in an order of their own, as those of an export are
  const ids = Array.from({ length: rows }, (_, row) => `deal-${(row * 7919) % rows}`);
  return { table: { ids, won, closed, columns: made }, current };
}
