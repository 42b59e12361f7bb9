import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { copyFromDatabase } from './copy-from-database.ts';
import { endLine, headerLine, rowsLine, tableLine } from './core/backup-format.ts';
import type { CopiedTable, CopySource } from './core/copy-part.ts';
import { writeWhole } from './whole-file.ts';

export const backupInput = z.strictObject({
  path: z.string().min(1).describe('the file to write; it must not exist'),
  all: z.boolean().default(false).describe('every workspace of the database, in place of the configured one'),
});

export interface BackedUp {
  path: string;
  bytes: number;
  workspaces: readonly string[];
  rows: number;
  tables: CopiedTable[];
}

/**
 * Writes everything that a workspace has to one compressed file, from one snapshot and in bounded memory. The file appears
 * under its name only when it is whole. Nothing in the database changes, so there is no audit entry: a role that may only
 * read can make a backup.
 * @throws SamepageError `not_found`, `conflict`, `file_rejected`, `permission_denied`, `cancelled`.
 */
export async function backup(ctx: Context, given: z.input<typeof backupInput>): Promise<BackedUp> {
  requireScope(ctx, 'read');
  const { path, all } = parseInput(backupInput, given, 'backup');
  try {
    return await ctx.db.transaction('read', async (tx) => {
      const source = await copyFromDatabase(tx, ctx, all);
      const tables: CopiedTable[] = [];
      const bytes = await writeWhole(path, textOf(ctx, source, tables));
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      return { path: resolve(path), bytes, workspaces: source.header.workspaces, rows, tables };
    });
  } catch (error) {
    if (!ctx.signal.aborted) throw error;
    throw new SamepageError('cancelled', 'The backup was cancelled; no file was written.', 'Run it again for a whole one.');
  }
}

/** The text of the file, a page at a time; notes in `tables` what it held. */
async function* textOf(ctx: Context, source: CopySource, tables: CopiedTable[]): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const counted = (text: string) => {
    digest.update(text);
    return text;
  };
  yield counted(headerLine(source.header));
  let rows = 0;
  let current = { workspace: '', table: '' };
  for await (const part of source.parts) {
    switch (part.part) {
      case 'table': {
        const { workspace, table, columns } = part;
        current = { workspace, table };
        yield counted(tableLine({ workspace, table, columns: [...columns] }));
        break;
      }
      case 'rows':
        rows += part.lines.length;
        yield counted(`${part.lines.join('\n')}\n`);
        ctx.progress.report(rows, source.totalRows, current.table);
        break;
      case 'counted':
        tables.push({ ...current, rows: part.rows, sha256: part.sha256 });
        yield counted(rowsLine({ rows: part.rows, sha256: part.sha256 }));
    }
  }
  yield endLine({ tables: tables.length, rows, sha256: digest.digest('hex') });
}
