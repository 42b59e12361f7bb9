import { isAbsolute, join } from 'node:path';
import { SamepageError } from '../kernel/errors.ts';
import { isObject } from '../kernel/json.ts';
import type { CellReader } from '../records/core/normalise.ts';
import { inspectFile } from '../records/inspect-file.ts';
import { openFile } from '../records/open-file.ts';
import { readRows } from '../records/read-rows.ts';
import type { LoadedProvider } from './load-providers.ts';

const MAX_BYTES = 500_000_000;

/** The rows of a list by the normalised values of its key fields. A row is kept as its JSON text, and read when it is asked for. */
export interface ListIndex {
  rows: number;
  find(inputs: Readonly<Record<string, string>>): unknown;
}

/**
 * Reads a list once. Of rows with the same key the first counts; a row without a key, or that cannot be read, is passed over.
 * @throws SamepageError `file_rejected` when the file is not there or is no table
 */
export async function indexList({ spec, folder }: LoadedProvider, readers: ReadonlyMap<string, CellReader>): Promise<ListIndex> {
  const { list } = spec;
  if (list === undefined) throw new Error(`${spec.provider} is no list`);
  const file = await openFile(isAbsolute(list.file) ? list.file : join(folder, list.file));
  if (file.size > MAX_BYTES)
    throw new SamepageError('file_rejected', `The list "${file.name}" is larger than 500 MB.`, 'Import it as records instead, or cut it.');
  const inspected = await inspectFile(file);
  const keys = Object.entries(list.key).map(([field, column]) => {
    const index = inspected.columns.indexOf(column);
    if (index < 0)
      throw new SamepageError(
        'file_rejected',
        `The list "${file.name}" has no column "${column}".`,
        'Correct the key in its provider.yaml.',
      );
    return { field, index, found: new Map<string, string>() };
  });
  const counts = { total: 0, header: 0, preamble: 0, blank: 0, footer: 0, rows: 0, continued: 0 };
  for await (const { rows } of readRows(inspected, counts)) {
    for (const row of rows) {
      if ('bad' in row) continue;
      for (const { field, index, found } of keys) {
        const reading = readers.get(field)?.(row.cells[index]);
        const key = reading !== undefined && 'value' in reading ? String(reading.value) : '';
        if (key !== '' && !found.has(key)) found.set(key, row.payload);
      }
    }
  }
  return {
    rows: counts.rows,
    find(inputs) {
      const payload = keys.map(({ field, found }) => found.get(inputs[field] ?? '')).find((found) => found !== undefined);
      const row: unknown = payload === undefined ? undefined : JSON.parse(payload);
      return isObject(row) ? row : undefined;
    },
  };
}
