import type { ColumnMapping } from './guess-mapping.ts';
import type { BadCell } from './row-reader.ts';
import type { RecordKind } from './targets.ts';

/** How many bad cells a report shows one by one; all are counted. */
const SHOWN_BAD = 1000;

export interface RowCounts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  bad: number;
  /** Good rows that were not written: a dry run, a strict import that was refused, one that was cancelled. */
  not_written: number;
}

export interface LineCounts {
  /** Physical lines of the file. total = preamble + header + rows + continued + blank + footer. */
  total: number;
  /** Excel's `sep=` line. */
  preamble: number;
  header: number;
  /** First lines of rows: as many as rows.read. */
  rows: number;
  /** Further lines of rows with line ends inside quotes. */
  continued: number;
  blank: number;
  /** Lines that a report added after its data. */
  footer: number;
}

export interface ImportReport {
  kind: RecordKind;
  kind_reason: string;
  source: string;
  file: string;
  format: string;
  state: 'done' | 'dry_run' | 'rejected' | 'cancelled';
  /** The same file was imported before with the same mapping: nothing was read again. */
  already_imported: boolean;
  rows: RowCounts;
  lines: LineCounts;
  mapping: (ColumnMapping & { example: string })[];
  /** The first bad cells, in the file's order. */
  bad: BadCell[];
  /** Every bad cell, counted by column and reason. */
  bad_summary: { column: string | null; reason: string; count: number; first_line: number }[];
}

/** Collects the bad cells of a file: the first in full, the others as counts, so that any number fits. */
export class BadRows {
  readonly shown: BadCell[] = [];
  readonly #groups = new Map<string, { column: string | null; reason: string; count: number; first_line: number }>();

  add(cells: readonly BadCell[]): void {
    for (const cell of cells) {
      if (this.shown.length < SHOWN_BAD) this.shown.push(cell);
      const key = `${cell.column ?? ''}\n${cell.reason}`;
      const group = this.#groups.get(key);
      if (group !== undefined) group.count += 1;
      else if (this.#groups.size < 200)
        this.#groups.set(key, { column: cell.column, reason: cell.reason, count: 1, first_line: cell.line });
      else this.#overflow(cell);
    }
  }

  summary(): ImportReport['bad_summary'] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count || a.first_line - b.first_line);
  }

  #overflow(cell: BadCell): void {
    const other = this.#groups.get('other') ?? { column: null, reason: 'other reasons', count: 0, first_line: cell.line };
    other.count += 1;
    this.#groups.set('other', other);
  }
}
