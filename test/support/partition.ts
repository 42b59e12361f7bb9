import { TableBuilder } from '../../src/identity/core/build-table.ts';
import type { ColumnKind } from '../../src/identity/core/column-kinds.ts';
import { canonicalOrder, compareIds } from '../../src/identity/core/record-ids.ts';
import { stitchTable } from '../../src/identity/core/stitch.ts';
import { KINDS } from './invent-records.ts';

/** Ids of each cluster that the matcher finds, sorted. The first cell of a row is its id, and the first kind is `id`. */
export function partition(rows: readonly (readonly string[])[], kinds: readonly ColumnKind[] = KINDS): string[][] {
  const builder = new TableBuilder(kinds.slice(1), kinds.slice(1));
  for (const [, ...cells] of rows) builder.add(cells);
  const { order } = canonicalOrder(rows.map((row) => row[0] ?? ''));
  const { cluster } = stitchTable(builder.finish(order));
  const groups = new Map<number, string[]>();
  for (const [i, root] of cluster.entries()) groups.set(root, [...(groups.get(root) ?? []), rows[order[i] ?? 0]?.[0] ?? '']);
  return [...groups.values()].map((ids) => ids.sort(compareIds)).sort((a, b) => compareIds(a[0] ?? '', b[0] ?? ''));
}
