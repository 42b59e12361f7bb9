import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { chanceFrom } from '../../src/kernel/chance.ts';

/** Where the public sets of outcomes lie, when they are there; they are no part of the project. */
export function sharedOutcomes(): string | undefined {
  const folder = resolve(process.env.SAMEPAGE_SHARED_DATA ?? '../shared/data', 'outcomes');
  return existsSync(folder) ? folder : undefined;
}

/** Lines of CSV with a header. */
export const csvOf = (header: string, rows: readonly (readonly (string | number)[])[]): string =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;

export const DEALS_HEADER = 'deal,industry,region,employees,amount,created,closed,stage';

/**
 * Invented deals of two years. With `lift`, software is won so much more often than the base rate of a quarter; region and size say nothing.
 * Every twentieth is still open.
 */
export function inventDeals(n: number, lift: number, seed = 8): (string | number)[][] {
  const chance = chanceFrom(seed);
  const draw = <T>(items: readonly T[]) => items[Math.floor(chance() * items.length)] as T;
  return Array.from({ length: n }, (_, i) => {
    const industry = draw(['software', 'retail', 'health', 'energy', 'media']);
    const isWon = chance() < 0.25 + (industry === 'software' ? lift : 0);
    const day = 20_000 + Math.floor((i * 700) / n);
    const iso = (at: number) => new Date(at * 86_400_000).toISOString().slice(0, 10);
    return [
      `D${String(i).padStart(6, '0')}`,
      industry,
      draw(['north', 'south', 'east']),
      Math.floor(10 ** (1 + 3 * chance())),
      Math.floor(1000 + 90_000 * chance()),
      iso(day - Math.floor(10 + 60 * chance())),
      iso(day),
      i % 20 === 19 ? 'Negotiation' : isWon ? 'Won' : 'Lost',
    ];
  });
}
