/** Pieces of the `text` of a tool. */

import type { Cell } from '../kernel/markdown.ts';

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

/** `87 %` of a probability; rounded down, so that only what is certain is 100 %. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
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
