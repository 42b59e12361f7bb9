import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { readAhead } from '../kernel/read-ahead.ts';
import { receiptsOption } from './check-receipts.ts';
import type { BackupHeader } from './core/backup-format.ts';
import type { CopyPart } from './core/copy-part.ts';
import { inspectBackup, readBackup } from './read-backup.ts';
import { type Received, verifyCopy } from './verify-copy.ts';
import { writeCopy } from './write-copy.ts';

export const restoreInput = z.strictObject({
  path: z.string().min(1).describe('a file that `samepage-mcp backup` wrote'),
  all: z.boolean().default(false).describe('every workspace of the file, in place of the configured one'),
  replace: z.boolean().default(false).describe('delete what the workspace holds, in the same transaction'),
  receipts: receiptsOption,
});

export interface Restored extends Received {
  header: BackupHeader;
  workspaces: string[];
}

/**
 * Brings a backup back, into workspaces that hold nothing: all of it, verified, or nothing. The whole file is read and
 * found whole before the first row is written.
 * @throws SamepageError `file_rejected`, `not_found` (the file has no such workspace), `conflict` (it is not empty), `cancelled`.
 */
export async function restore(ctx: Context, given: z.input<typeof restoreInput>): Promise<Restored> {
  requireScope(ctx, 'write');
  const { path, all, replace, receipts } = parseInput(restoreInput, given, 'restore');
  try {
    const inspected = await inspectBackup(path, {
      signal: ctx.signal,
      onBytes: (done, total) => ctx.progress.report(done, total, 'checking the file'),
    });
    const workspaces = all ? inspected.header.workspaces : [theOne(ctx, inspected.header)];
    const header = { ...inspected.header, workspaces };
    const totalRows = inspected.tables.reduce((sum, table) => sum + (workspaces.includes(table.workspace) ? table.rows : 0), 0);
    const parts = readAhead(partsOf(path, ctx.signal, new Set(workspaces)));
    const received = await ctx.db.transaction('write', async (tx) => {
      const written = await writeCopy(tx, ctx, { header, totalRows, parts }, replace);
      return verifyCopy(tx, ctx, written, { verb: 'restore', receipts });
    });
    await ctx.db.maintain();
    return { ...received, header, workspaces };
  } catch (error) {
    if (!ctx.signal.aborted) throw error;
    throw new SamepageError('cancelled', 'The restore was cancelled; nothing was written.', 'Run it again to bring the backup back.');
  }
}

async function* partsOf(path: string, signal: AbortSignal, wanted: ReadonlySet<string>): AsyncGenerator<CopyPart> {
  let skipping = false;
  for await (const part of readBackup(path, { signal })) {
    if (part.part === 'header') continue;
    if (part.part === 'table') skipping = !wanted.has(part.workspace);
    if (!skipping) yield part;
  }
}

function theOne(ctx: Context, { workspaces }: BackupHeader): string {
  if (workspaces.includes(ctx.workspaceId)) return ctx.workspaceId;
  const [first = 'none'] = workspaces;
  throw new SamepageError(
    'not_found',
    `The backup has no workspace ${shown(ctx.workspaceId)}; it holds ${workspaces.join(', ') || 'none'}.`,
    workspaces.length === 1
      ? `Set SAMEPAGE_WORKSPACE=${first}, then restore it again.`
      : 'Set SAMEPAGE_WORKSPACE to one of them, or give --all.',
  );
}
