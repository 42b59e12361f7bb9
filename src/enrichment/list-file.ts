import { stat } from 'node:fs/promises';
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

/** The lists that this process has read, by what each was when it was read. */
const held = new Map<string, Promise<ListIndex>>();
const MOST_HELD = 50;

/**
 * The index of a list: read once, and again when the file or its description has changed.
 * @throws SamepageError `file_rejected` when the file is not there or is no table
 */
export async function listOf(provider: LoadedProvider, readers: ReadonlyMap<string, CellReader>): Promise<ListIndex> {
  const path = listPath(provider);
  const found = await stat(path).catch(() => undefined);
  const key = `${provider.offer.version} ${found?.mtimeMs} ${found?.size} ${path}`;
  const index = held.get(key) ?? indexList(provider, readers);
  held.set(key, index);
  // an older state of a list goes first
  for (const old of held.keys()) if (held.size > MOST_HELD) held.delete(old);
  return index.catch((error: unknown) => {
    held.delete(key);
    throw error;
  });
}

function listPath({ spec, folder }: LoadedProvider): string {
  const file = spec.list?.file ?? '';
  return isAbsolute(file) ? file : join(folder, file);
}

/** Of rows with the same key the first counts; a row without a key, or that cannot be read, is passed over. */
async function indexList(provider: LoadedProvider, readers: ReadonlyMap<string, CellReader>): Promise<ListIndex> {
  const { list } = provider.spec;
  if (list === undefined) throw new Error(`${provider.offer.id} is no list`);
  const file = await openFile(listPath(provider));
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
