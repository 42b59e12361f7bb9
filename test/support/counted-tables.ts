import type { LevelColumn, OutcomeTable } from '../../src/review/core/outcome-table.ts';

/** Rows that are alike: a level a column, and how many of them were won and lost. */
export interface CountedCell {
  levels: Record<string, string>;
  won: number;
  lost: number;
}

/** The table that published counts stand for, a row a deal. */
export function tableOfCounts(cells: readonly CountedCell[]): OutcomeTable {
  const rows = cells.flatMap(({ levels, won, lost }) => Array.from({ length: won + lost }, (_, at) => ({ levels, won: at < won ? 1 : 0 })));
  const columns = Object.keys(cells[0]?.levels ?? {}).map((name): LevelColumn => {
    const levels = [...new Set(cells.map((cell) => cell.levels[name] ?? ''))].sort();
    return { name, label: name, type: 'level', codes: Int32Array.from(rows, (row) => levels.indexOf(row.levels[name] ?? '')), levels };
  });
  return { ids: rows.map((_, row) => String(row).padStart(7, '0')), won: Uint8Array.from(rows, ({ won }) => won), columns };
}
