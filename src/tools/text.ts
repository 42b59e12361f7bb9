/** Pieces of the `text` of a tool: Markdown that also reads well as plain text. */

export type Cell = string | number | boolean | null | undefined;

/** One line, without what would break a table cell. */
function cell(value: Cell): string {
  if (value === null || value === undefined || value === '') return '–';
  return String(value).replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
}

/** A Markdown table. An empty one says so. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '(none)';
  const line = (cells: readonly Cell[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export function bullets(items: readonly string[]): string {
  return items.length === 0 ? '(none)' : items.map((item) => `- ${item}`).join('\n');
}

/** `label: value` lines; entries without a value are left out. */
export function facts(entries: Readonly<Record<string, Cell>>): string {
  return Object.entries(entries)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([label, value]) => `${label}: ${value}`)
    .join('\n');
}

/** Says that a record was found by an id that was merged into it. */
export function aliasLine(alias: string, id: string): string {
  return `${alias} was merged into ${id}, which answers for it.`;
}

/** Paragraphs with a blank line between; empty ones are left out. */
export function paragraphs(...parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n');
}

/** `87 %` of a probability; rounded down, so that only what is certain is 100 %. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** `3 accounts`, `1 account`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? singular : plural}`;
}

/** The closing line of a page: what is shown of how many, and how to go on. */
export function pageLine(shown: number, total: number, nextCursor: string | null): string {
  const line = `Shown: ${shown.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}.`;
  return nextCursor === null ? line : `${line} Next page: cursor "${nextCursor}".`;
}

/** `rubric v3 (draft) 1a2b3c4d5e6f`, one a definition. */
export function definitionsLine(refs: readonly { kind: string; hash: string; version: number; status: string }[]): string {
  return `Definitions: ${refs.map((ref) => `${ref.kind} v${ref.version} (${ref.status}) ${ref.hash}`).join('; ') || 'none'}`;
}
