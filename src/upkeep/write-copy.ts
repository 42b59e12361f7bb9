import { appliedMigrations, knownMigrations } from '../db/migrate.ts';
import { enterWorkspace, insertLines, type Tally } from '../db/table-rows.ts';
import { type ColumnShape, type TableShape, tableNamed } from '../db/tables.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { packageVersion } from '../kernel/version.ts';
import type { BackupHeader } from './core/backup-format.ts';
import type { CopySource } from './core/copy-part.ts';
import { refuseOtherSchema } from './core/migration-fit.ts';
import { makeRoom } from './target-workspace.ts';

/** A table whose rows are arriving. */
interface Arriving {
  workspace: string;
  shape: TableShape;
  columns: ColumnShape[];
}

/** What was written, and what each table should read back as. */
export interface WrittenCopy {
  header: BackupHeader;
  tables: (Arriving & Tally)[];
}

/**
 * Writes a copy into empty workspaces, in the transaction given. `verifyCopy` is to follow in the same.
 * @param replace delete what the workspaces hold.
 */
export async function writeCopy(tx: Tx, ctx: Context, source: CopySource, replace: boolean): Promise<WrittenCopy> {
  const refills = await refuseOther(tx, source.header);
  for (const workspace of source.header.workspaces) await makeRoom(tx, workspace, replace);
  const written: WrittenCopy = { header: source.header, tables: [] };
  let arriving: Arriving | undefined;
  let rows = 0;
  for await (const part of source.parts) {
    ctx.signal.throwIfAborted();
    if (part.part === 'table') {
      arriving = arrivingAt(part);
      await enterWorkspace(tx, part.workspace);
      continue;
    }
    if (arriving === undefined) throw new Error('rows of no table');
    if (part.part === 'rows') {
      await insert(tx, arriving, part.lines);
      rows += part.lines.length;
      ctx.progress.report(rows, source.totalRows, arriving.shape.name);
    } else written.tables.push({ ...arriving, rows: part.rows, sha256: part.sha256 });
  }
  for (const workspace of source.header.workspaces) {
    await enterWorkspace(tx, workspace);
    for (const refill of refills) await tx.query(refill, [workspace]);
  }
  return written;
}

async function refuseOther(tx: Tx, header: BackupHeader): Promise<string[]> {
  const head = (await appliedMigrations(tx)).at(-1);
  if (head === undefined) throw new Error('an open database has migrations');
  return refuseOtherSchema(header, head, await knownMigrations(), packageVersion());
}

function arrivingAt({ workspace, table, columns }: { workspace: string; table: string; columns: readonly string[] }): Arriving {
  const shape = tableNamed(table);
  const unknown = shape === undefined ? table : columns.find((name) => !shape.columns.some((column) => column.name === name));
  if (shape === undefined || unknown !== undefined) {
    throw new SamepageError(
      'file_rejected',
      `The copy has ${shown(unknown === table ? table : `${table}.${unknown}`)}, which this version of samepage-mcp does not know. Nothing was written.`,
      'Restore it with the version that made it.',
    );
  }
  // in the order of the copy, which its digest is of
  const given = columns.flatMap((name) => shape.columns.find((column) => column.name === name) ?? []);
  const missing = shape.columns.find((column) => column.notNull && !columns.includes(column.name));
  if (missing !== undefined) {
    throw new SamepageError(
      'file_rejected',
      `The copy is older than ${table}.${missing.name}, which every row needs. Nothing was written.`,
      'Restore it with the version that made it, into a new folder or database; this version migrates that when it opens it.',
    );
  }
  return { workspace, shape, columns: given };
}

/** Codes of PostgreSQL for a value or a row that does not fit: 22 and 23. */
const UNFIT = /^2[23]/;
const TAKEN = '23505';

async function insert(tx: Tx, { shape, columns }: Arriving, lines: readonly string[]): Promise<void> {
  try {
    await insertLines(tx, shape, columns, lines);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && UNFIT.test(String(cause.code)))) throw cause;
    if (cause.code === TAKEN) {
      const next = 'Stop what else writes there, and look at what it holds before you try again.';
      throw new SamepageError(
        'conflict',
        `A row of ${shape.name} is there already: something else wrote meanwhile. Nothing was written.`,
        next,
        { cause },
      );
    }
    throw new SamepageError('file_rejected', `Rows of ${shape.name} do not fit their table. Nothing was written.`, 'Take another copy.', {
      cause,
    });
  }
}
