import { chanceFrom } from '../../src/kernel/chance.ts';
import { binField } from '../../src/review/core/bins.ts';
import { codedTable, type LevelColumn, type OutcomeTable } from '../../src/review/core/outcome-table.ts';
import { screen } from '../../src/review/core/screen.ts';

export interface PlantedField {
  name: string;
  /** Shares of the levels, which sum to 1. */
  shares: readonly number[];
  /** What the first level adds to the won rate; 0: the field says nothing. */
  rise: number;
}

/** Deals of a world whose truth is known: every field for itself, and the won rate is `base` and what the fields add. */
export function plantedTable(rows: number, base: number, fields: readonly PlantedField[], random: () => number): OutcomeTable {
  const rates = new Float64Array(rows).fill(base);
  const columns = fields.map(({ name, shares, rise }): LevelColumn => {
    const codes = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      let [level, left] = [0, random()];
      while (level < shares.length - 1 && left >= (shares[level] ?? 0)) {
        left -= shares[level] ?? 0;
        level += 1;
      }
      codes[row] = level;
      if (level === 0) rates[row] = (rates[row] ?? 0) + rise;
    }
    return { name, label: name, type: 'level', codes, levels: shares.map((_, level) => `level ${level}`) };
  });
  const won = Uint8Array.from(rates, (rate) => (random() < rate ? 1 : 0));
  return { ids: Array.from({ length: rows }, (_, row) => String(row).padStart(6, '0')), won, columns };
}

/** A repetition of the screening: what it found in fields that say nothing, and in all; and whether the first level of the first field was found. */
export interface Screened {
  found: number;
  wrong: number;
  isFirstFound: boolean;
}

const NOMINAL = 0.1;

/** The screening of the analysis itself, over a planted table. */
export function screened(table: OutcomeTable, fields: readonly PlantedField[]): Screened {
  const coded = codedTable(table);
  const found = screen(coded.fields.map((field) => binField(field, coded.won))).filter(({ q }) => q !== null && q <= NOMINAL);
  return {
    found: found.length,
    wrong: found.filter(({ field }) => fields[field]?.rise === 0).length,
    isFirstFound: found.some(({ field, bin }) => field === 0 && bin === 0),
  };
}

/**
 * Repetitions of worlds of 1,000 deals with twelve fields of two to six levels, of which `signals` add 8 to 18 points to one level: the mean share of
 * what was found that says nothing. Every level of a field with a signal differs from the rest of all rows, so it is right to find it.
 */
export function falseDiscovery(repetitions: number, signals: number, seed: number): number {
  const random = chanceFrom(seed);
  let share = 0;
  for (let round = 0; round < repetitions; round++) {
    const fields = Array.from({ length: 12 }, (_, at) => ({
      name: `field ${at}`,
      shares: someShares(2 + Math.floor(random() * 5), random),
      rise: at < signals ? 0.08 + 0.1 * random() : 0,
    }));
    const { found, wrong } = screened(plantedTable(1000, 0.2, fields, random), fields);
    share += wrong / Math.max(1, found);
  }
  return share / repetitions;
}

function someShares(levels: number, random: () => number): number[] {
  const weights = Array.from({ length: levels }, () => 0.5 + random());
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * How often a segment of a fifth of 500 deals, which wins 40 % where the others win 25 %, is found beside fields that say nothing.
 * @param others how many such fields, of two levels each.
 */
export function powerAt500(repetitions: number, others: number, seed: number): number {
  const random = chanceFrom(seed);
  const fields = [
    { name: 'segment', shares: [0.2, 0.8], rise: 0.15 },
    ...Array.from({ length: others }, (_, at) => ({ name: `other ${at}`, shares: [0.5, 0.5], rise: 0 })),
  ];
  let found = 0;
  for (let round = 0; round < repetitions; round++) if (screened(plantedTable(500, 0.25, fields, random), fields).isFirstFound) found += 1;
  return found / repetitions;
}
