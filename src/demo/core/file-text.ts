export type Cell = string | number | undefined;

/** CSV as CRMs export it: every cell in quotation marks, CRLF. */
export function csvText(header: readonly string[], rows: readonly (readonly Cell[])[], footer: readonly string[] = []): string {
  const line = (cells: readonly Cell[]) => cells.map((cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`).join(',');
  return [header, ...rows]
    .map(line)
    .concat(footer)
    .map((text) => `${text}\r\n`)
    .join('');
}

/** JSON Lines; members without a value are left out. */
export function jsonlText(rows: readonly Readonly<Record<string, Cell>>[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
