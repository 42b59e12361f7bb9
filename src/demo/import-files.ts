import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { type ImportResult, importRecords } from '../records/import-records.ts';
import { listDataFiles } from '../records/list-data-files.ts';
import type { ExportFile } from './core/export-crm.ts';

/** Writes files to a folder and imports them one after the other, as anyone would: kind and columns are guessed. */
export async function importExports(ctx: Context, folder: string, files: readonly ExportFile[]): Promise<ImportResult[]> {
  await mkdir(folder, { recursive: true });
  const results: ImportResult[] = [];
  for (const { name, source, text } of files) {
    const path = join(folder, name);
    await writeFile(path, text);
    results.push(await importRecords(ctx, { path, source }));
  }
  return results;
}

/**
 * Imports every list of a folder as accounts, by name; each list is a source of its own. Rows that do not say when they were true
 * are taken to have been `observedAt`.
 * @throws SamepageError `file_rejected` when there is no such folder, or no list in it.
 */
export async function importLists(ctx: Context, folder: string, observedAt: Date): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  for (const path of await listDataFiles([folder]))
    results.push(await importRecords(ctx, { path, kind: 'accounts', observed_at: observedAt.toISOString() }));
  return results;
}
