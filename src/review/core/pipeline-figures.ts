import type { CreditLine } from '../../attribution/core/credit-lines.ts';
import type { Conversion, CurrencyTotal, Dimension } from '../../attribution/core/credited-row.ts';
import { type Figure, figureKey } from './figures.ts';
import type { CreditedSource, Money, Pipeline } from './performance.ts';
import { units } from './performance-deals.ts';

const CREATED_OR_WON: Readonly<Record<Conversion, string>> = { opportunity_created: 'created', closed_won: 'won' };

/** Pipeline created or won, in all and by source, as it is published of a month. */
export function pipelineFigures({ conversion, totals, sources }: Pipeline): Figure[] {
  return [
    ...totals.flatMap(({ currency, this: now }) => totalFigures(conversion, currency, now)),
    ...sources.map(({ amount, deals, ...of }) => creditFigure(conversion, of, amount.this, deals.this)),
  ];
}

/**
 * What attribution credits, by the keys of the month's review. By another dimension than the source it has the totals alone.
 * @returns the figures, and the beginnings of the keys that they are all of
 */
export function attributionFigures({
  by,
  conversion,
  totals,
  credits,
}: {
  by: Dimension;
  conversion: Conversion;
  totals: readonly CurrencyTotal[];
  credits: readonly CreditLine[];
}): { figures: Figure[]; within: string[] } {
  const key = (...parts: string[]) => figureKey('pipeline', CREATED_OR_WON[conversion], ...parts);
  const sums = totals.flatMap(({ currency, deals, cents }) => totalFigures(conversion, currency, { deals, amount: units(cents) }));
  if (by !== 'source') return { figures: sums, within: [key('deals'), key('amount')] };
  const sources = credits.map(({ value, untouched, currency, cents, millionths }) =>
    creditFigure(conversion, { source: value, untouched, currency }, units(cents), Math.round(millionths / 10_000) / 100),
  );
  return { figures: [...sums, ...sources], within: [key('')] };
}

type Total = Pick<Money, 'deals' | 'amount'> & Partial<Pick<Money, 'unpriced' | 'low' | 'high'>>;

function totalFigures(conversion: Conversion, currency: string | null, { deals, unpriced, amount: sum, low, high }: Total): Figure[] {
  const what = CREATED_OR_WON[conversion];
  return [
    {
      key: figureKey('pipeline', what, 'deals', currency),
      label: `Deals ${what}, in ${currency ?? 'no currency'}`,
      value: deals,
      unit: 'count',
    },
    {
      ...amountFigure(figureKey('pipeline', what, 'amount', currency), `Pipeline ${what}`, currency, sum),
      ...(unpriced !== undefined && { n: deals - unpriced }),
      ...bounds(low, high),
    },
  ];
}

type Credited = Pick<CreditedSource, 'source' | 'untouched' | 'currency'>;

function creditFigure(conversion: Conversion, { source, untouched, currency }: Credited, amount: number, deals: number): Figure {
  const what = CREATED_OR_WON[conversion];
  const key = untouched ? ['untouched', currency] : ['by_source', source, currency];
  const label = `Pipeline ${what}, ${untouched ? 'no touch' : `source ${source ?? 'unknown'}`}`;
  return { ...amountFigure(figureKey('pipeline', what, ...key), label, currency, amount), n: deals };
}

/** A sum in whole units of its currency. */
export function amountFigure(key: string, label: string, currency: string | null, value: number | null): Figure {
  return { key, label, value, unit: 'amount', ...(currency !== null && { currency }) };
}

/** An interval, as far as there is one. */
export const bounds = (low: number | null = null, high: number | null = null) => ({
  ...(low !== null && { low }),
  ...(high !== null && { high }),
});
