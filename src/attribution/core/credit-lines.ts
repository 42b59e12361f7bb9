import type { Attribution } from '../../definitions/core/attribution.ts';
import type { Credited, Dimension } from './credited-row.ts';
import { shareOut } from './share-out.ts';

export interface Measured {
  /** Millionths of an opportunity. */
  millionths: number;
  cents: number;
}

/** What one value of the dimension is credited, in one currency. */
export interface CreditLine extends Measured {
  value: string | null;
  untouched: boolean;
  currency: string | null;
  /** Hundredths of a percent of the currency's total, by the measure; those of a currency add up to 10,000. Null where that has no meaning. */
  share: number | null;
  /** The same under the models beside it, in their order. */
  beside: Measured[];
}

const NOTHING: Measured = { millionths: 0, cents: 0 };

/** The rows of all models side by side: a currency after the other, that with most opportunities first, in each the largest credit first. */
export function creditLines({ rows, totals }: Credited, by: Dimension, measure: Attribution['measure']): CreditLine[] {
  const counts = measure === 'opportunity_count';
  const lines = new Map<string, CreditLine>();
  for (const [model, ofModel] of rows.entries())
    for (const row of ofModel) {
      const { untouched, currency } = row;
      const value = row[by] ?? null;
      const key = JSON.stringify([currency, untouched, value]);
      const beside = Array.from({ length: rows.length - 1 }, () => NOTHING);
      const line = lines.get(key) ?? { value, untouched, currency, ...NOTHING, share: null, beside };
      lines.set(key, line);
      const { millionths, cents } = row;
      if (model === 0) Object.assign(line, { millionths, cents });
      else line.beside[model - 1] = { millionths, cents };
    }
  const sizeOf = (one: Measured) => (counts ? one.millionths : one.cents);
  const larger = (a: CreditLine, b: CreditLine) => sizeOf(b) - sizeOf(a) || b.millionths - a.millionths;
  return [...totals]
    .sort((a, b) => b.deals - a.deals || order(a.currency, b.currency))
    .flatMap(({ currency }) => {
      const own = [...lines.values()].filter((line) => line.currency === currency);
      own.sort((a, b) => Number(a.untouched) - Number(b.untouched) || (by === 'period' ? 0 : larger(a, b)) || order(a.value, b.value));
      const shares = sharesOf(own.map(sizeOf));
      return own.map((line, i) => ({ ...line, share: shares?.[i] ?? null }));
    });
}

const order = (a: string | null, b: string | null) => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0);

function sharesOf(sizes: readonly number[]): number[] | undefined {
  const whole = sizes.reduce((sum, size) => sum + BigInt(size), 0n);
  if (whole <= 0n || sizes.some((size) => size < 0)) return undefined;
  return shareOut(10_000, { parts: sizes.map(BigInt), whole });
}
