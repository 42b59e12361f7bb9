import type { SqlParams } from '../../kernel/sql-params.ts';

/** Which subjects a statement scores. */
export type Selection =
  | { ids: readonly string[] }
  /** UUIDs from `from` up to, not including, `to`; left open at either end. */
  | { from: string | undefined; to: string | undefined };

/** A condition that picks the selected subjects by a column. */
export function selected(column: string, { params, selection }: { params: SqlParams; selection?: Selection | undefined }): string {
  if (selection === undefined) return 'true';
  if ('ids' in selection) return `${column} = any(${params.uuids(selection.ids)})`;
  const bounds = [];
  if (selection.from !== undefined) bounds.push(`${column} >= ${params.add(selection.from)}::uuid`);
  if (selection.to !== undefined) bounds.push(`${column} < ${params.add(selection.to)}::uuid`);
  return bounds.length === 0 ? `${column} is not null` : bounds.join(' and ');
}
