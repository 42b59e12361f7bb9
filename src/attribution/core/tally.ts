import type { Credit } from './credit.ts';
import type { CreditedRow, Dimension } from './credited-row.ts';
import { shareOut } from './share-out.ts';

/** An opportunity in the units that its credit is counted in. */
export const MILLION = 1_000_000;
const BETWEEN = '\u0000';

interface Cell {
  millionths: number;
  cents: number;
}

/** The values of the dimensions as one text; null is ''. */
export function groupKey(values: readonly (string | null)[]): string {
  return values.length === 1 ? (values[0] ?? '') : values.map((value) => value ?? '').join(BETWEEN);
}

/** Adds up what is credited to each group, by currency: integers, so that the order of adding says nothing. */
export class Tally {
  readonly #by: readonly Dimension[];
  readonly #touched = new Map<string, Map<string, Cell>>();
  readonly #untouched = new Map<string, Map<string, Cell>>();

  /** @param by the dimensions, in the order in which a group's key has them */
  constructor(by: readonly Dimension[]) {
    this.#by = by;
  }

  /** Shares a deal, or a sum of deals, out to groups. No groups: nobody touched it. */
  share(of: { currency: string | null } & Cell, groups: readonly string[], credit: Credit): void {
    const cells = cellsOf(this.#touched, of.currency);
    const millionths = shareOut(of.millionths, credit);
    const cents = of.cents === 0 ? undefined : shareOut(of.cents, credit);
    for (let i = 0; i < groups.length; i += 1) add(cells, groups[i] ?? '', millionths[i] ?? 0, cents?.[i] ?? 0);
  }

  /** @param group its values of the dimensions: all unknown but its month */
  leave(of: { currency: string | null } & Cell, group: string): void {
    add(cellsOf(this.#untouched, of.currency), group, of.millionths, of.cents);
  }

  /** Sorted by currency and group; what nobody touched comes last in each. */
  rows(): CreditedRow[] {
    const all = [this.#touched, this.#untouched].flatMap((half, i) =>
      [...half].flatMap(([currency, cells]) => [...cells].map(([group, cell]) => ({ currency, untouched: i === 1, group, cell }))),
    );
    all.sort((a, b) => order(a.currency, b.currency) || Number(a.untouched) - Number(b.untouched) || order(a.group, b.group));
    return all.map(({ currency, untouched, group, cell }) => {
      const values = group.split(BETWEEN);
      const named = this.#by.map((dimension, i): [Dimension, string | null] => [dimension, values[i] || null]);
      return { ...Object.fromEntries(named), untouched, currency: currency || null, ...cell };
    });
  }
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function cellsOf(half: Map<string, Map<string, Cell>>, currency: string | null): Map<string, Cell> {
  const cells = half.get(currency ?? '') ?? new Map<string, Cell>();
  half.set(currency ?? '', cells);
  return cells;
}

function add(cells: Map<string, Cell>, group: string, millionths: number, cents: number): void {
  if (millionths === 0 && cents === 0) return;
  const cell = cells.get(group);
  if (cell === undefined) cells.set(group, { millionths, cents });
  else {
    cell.millionths += millionths;
    cell.cents += cents;
  }
}
