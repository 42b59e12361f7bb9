/** A line of CSV, without its end; a cell is quoted where it must be. */
export function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',');
}

/** A cell of CSV. */
export function csvCell(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
