import type { DecimalMark } from '../../records/core/normalise-number.ts';
import { withoutCurrency } from '../../records/core/written-currency.ts';
import { type Cell, type Cutter, readTimes, readUnits, unfolded } from './path-cells.ts';
import type { PathColumn, PathPart } from './path-columns.ts';
import { type FilePath, unitsOf } from './path-tally.ts';

const YES = /^(?:true|t|yes|y|1(?:\.0+)?)$/i;
/** What stands for the ends of a path in the chains that some packages write. */
const START = /^\(start\)$/i;
const END = /^\((?:conversion|null)\)$/i;
const NO = /^(?:false|f|no|n|0(?:\.0+)?|nan|null)?$/i;

interface RowReading {
  columns: readonly PathColumn[];
  cutter: Cutter;
  mark?: DecimalMark | undefined;
  /** Each row is one journey that converted (1) or did not (0), as nothing counts those that did not. */
  isFlag: boolean;
}

/** A row that cannot be used: in which column, of what value, why. */
interface BadRow {
  column: string;
  value: string;
  reason: string;
}

export interface ReadRow extends FilePath {
  /** Touches without a name, which are left out. */
  unnamed: number;
  /** Its start and end are named as if they were touches; they are none. */
  isMarked: boolean;
  /** A touch says how often it came, as `Direct × 3`. */
  isFolded: boolean;
}

/** Reads the rows of a file of paths. */
export class PathRowReader {
  /** In which values are written, of all rows that were read. */
  readonly currencies = new Set<string>();
  readonly #reading: RowReading;
  readonly #index: Partial<Record<PathPart, number>> = {};
  readonly #timed: 'days' | 'hours' | 'times' | undefined;

  constructor(reading: RowReading) {
    this.#reading = reading;
    for (const [i, { part }] of reading.columns.entries()) if (part !== 'ignore') this.#index[part] = i;
    this.#timed = (['days', 'hours', 'times'] as const).find((part) => this.#index[part] !== undefined);
  }

  read(cells: readonly unknown[]): ReadRow | BadRow {
    const counts = this.#counts(cells);
    if ('reason' in counts) return counts;
    const all = this.#pieces(cells[this.#index.path ?? 0]);
    const [from, to] = [START.test(all[0] ?? '') ? 1 : 0, END.test(all.at(-1) ?? '') ? -1 : all.length];
    const written = all.slice(from, to);
    const pieces = unfolded(written);
    if (pieces.some((name) => name.includes('\u0000'))) return this.#bad('path', cells, 'holds a NUL byte');
    const channels = pieces.filter((name) => name !== '');
    const path = {
      channels,
      unnamed: pieces.length - channels.length,
      isMarked: written.length < all.length,
      isFolded: pieces.length > written.length,
      ...counts,
    };
    if (this.#timed === undefined || channels.length === 0) return path;
    const times = readTimes(
      textOf(cells[this.#index[this.#timed] as number]),
      this.#timed,
      pieces.length,
      this.#reading.cutter,
      this.#reading.mark,
    );
    if ('reason' in times) return this.#bad(this.#timed, cells, times.reason);
    return { ...path, times: times.value.filter((_, i) => pieces[i] !== '') };
  }

  #pieces(cell: unknown): string[] {
    return Array.isArray(cell) ? cell.map((name) => textOf(name).trim()) : this.#reading.cutter.cut(textOf(cell));
  }

  #counts(cells: readonly unknown[]): Pick<FilePath, 'conversions' | 'nulls' | 'value'> | BadRow {
    const conversions = this.#count('conversions', cells);
    const nulls = this.#count('nulls', cells);
    const value = this.#amount('value', cells);
    if (this.#index.value !== undefined) withoutCurrency(textOf(cells[this.#index.value]), this.currencies);
    for (const one of [conversions, nulls, value]) if (one !== undefined && 'reason' in one) return one as BadRow;
    const [won, lost, amount] = [unitsIn(conversions), unitsIn(nulls), unitsIn(value) ?? 0n];
    if (this.#index.converted !== undefined) {
      const flag = textOf(cells[this.#index.converted]).trim();
      if (!YES.test(flag) && !NO.test(flag)) return this.#bad('converted', cells, 'is neither true nor false');
      const often = won ?? unitsOf(1);
      return YES.test(flag)
        ? { conversions: often, nulls: lost ?? 0n, value: amount }
        : { conversions: 0n, nulls: lost ?? often, value: 0n };
    }
    if (this.#reading.isFlag) return { conversions: won ?? 0n, nulls: (won ?? 0n) === 0n ? unitsOf(1) : 0n, value: amount };
    const none = this.#index.conversions === undefined && this.#index.nulls === undefined ? unitsOf(1) : 0n;
    return { conversions: won ?? none, nulls: lost ?? 0n, value: amount };
  }

  #count(part: 'conversions' | 'nulls', cells: readonly unknown[]): Cell<bigint | undefined> | BadRow | undefined {
    const read = this.#amount(part, cells);
    const units = unitsIn(read);
    return units !== undefined && units < 0n ? this.#bad(part, cells, 'is below 0') : read;
  }

  #amount(part: PathPart, cells: readonly unknown[]): Cell<bigint | undefined> | BadRow | undefined {
    const index = this.#index[part];
    if (index === undefined) return undefined;
    const text = textOf(cells[index]).trim();
    const read = YES.test(text) || (text !== '' && NO.test(text)) ? flagged(text) : readUnits(text, this.#reading.mark);
    return 'reason' in read ? this.#bad(part, cells, read.reason) : read;
  }

  #bad(part: PathPart, cells: readonly unknown[], reason: string): BadRow {
    const index = this.#index[part] ?? 0;
    return { column: this.#reading.columns[index]?.column ?? part, value: textOf(cells[index]), reason };
  }
}

/** A count given as a flag: `True` is one. */
function flagged(text: string): Cell<bigint | undefined> {
  if (/^(?:nan|null)$/i.test(text)) return { value: undefined };
  return { value: YES.test(text) ? unitsOf(1) : 0n };
}

function unitsIn(cell: Cell<bigint | undefined> | BadRow | undefined): bigint | undefined {
  return cell !== undefined && 'value' in cell && !('reason' in cell) ? cell.value : undefined;
}

/** A cell as text. */
export function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
