import { appliedMigrations, knownMigrations } from '../db/migrate.ts';
import { enterWorkspace, insertLines, readLines, tallying } from '../db/table-rows.ts';
import { type ColumnShape, TABLES, type TableShape, tableNamed } from '../db/tables.ts';
import { verifyAuditIn } from '../db/verify-audit.ts';
import { audit } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { checkReceipts, type ReceiptsChecked, type ReceiptsOption } from './check-receipts.ts';
import type { BackupHeader } from './core/backup-format.ts';
import type { CopiedTable, CopySource } from './core/copy-part.ts';
import { refuseOtherSchema } from './core/migration-fit.ts';
import { makeRoom } from './target-workspace.ts';

export interface ReceiveOptions {
  /** As the audit names it. */
  verb: 'restore' | 'move';
  /** Deletes what the workspaces hold. */
  replace: boolean;
  receipts: ReceiptsOption;
}

export interface Received {
  tables: CopiedTable[];
  rows: number;
  /** Entries of the audit chain, by workspace, all in order. */
  auditEntries: Record<string, number>;
  receipts: ReceiptsChecked;
}

interface Arriving {
  workspace: string;
  shape: TableShape;
  columns: ColumnShape[];
}

/**
 * Writes a copy into empty workspaces and reads it back: each table must count and digest as it did at its source, each
 * audit chain must be whole, and receipts must be reproduced. One transaction: any failure leaves nothing behind.
 */
export async function receiveCopy(tx: Tx, ctx: Context, source: CopySource, options: ReceiveOptions): Promise<Received> {
  await refuseOther(tx, source.header);
  for (const workspace of source.header.workspaces) await makeRoom(tx, workspace, options.replace);
  const tables = await writeTables(tx, ctx, source);
  // what was just written has no statistics, and what follows reads much of it
  await tx.query(`analyze ${TABLES.map((table) => `"${table.name}"`).join(', ')}`);
  const received: Received = {
    tables,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    auditEntries: {},
    receipts: { checked: 0, total: 0, different: 0, examples: [] },
  };
  for (const workspace of source.header.workspaces) {
    const own = { ...ctx, workspaceId: workspace };
    await enterWorkspace(tx, workspace);
    received.auditEntries[workspace] = await auditEntries(tx, workspace);
    addUp(received.receipts, await checkReceipts(tx, own, options.receipts));
    const rows = tables.reduce((sum, table) => sum + (table.workspace === workspace ? table.rows : 0), 0);
    await audit(tx, own, options.verb, `${rows} rows in ${TABLES.length} tables, as of ${source.header.created_at}`);
  }
  if (received.receipts.different > 0) throw notReproduced(received.receipts);
  return received;
}

async function refuseOther(tx: Tx, header: BackupHeader): Promise<void> {
  const head = (await appliedMigrations(tx)).at(-1);
  if (head === undefined) throw new Error('an open database has migrations');
  refuseOtherSchema(header, head, await knownMigrations());
}

async function writeTables(tx: Tx, ctx: Context, source: CopySource): Promise<CopiedTable[]> {
  const tables: CopiedTable[] = [];
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
    const { workspace, shape, columns } = arriving;
    if (part.part === 'rows') {
      await insert(tx, arriving, part.lines);
      rows += part.lines.length;
      ctx.progress.report(rows, source.totalRows, shape.name);
    } else {
      const tally = tallying();
      for await (const lines of readLines(tx, shape, workspace, columns)) tally.add(lines);
      const found = tally.total();
      if (found.rows !== part.rows || found.sha256 !== part.sha256) throw otherwise(shape.name, part.rows, found.rows);
      tables.push({ workspace, table: shape.name, ...found });
    }
  }
  return tables;
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

async function auditEntries(tx: Tx, workspace: string): Promise<number> {
  const { entries, broken } = await verifyAuditIn(tx, workspace);
  if (broken === undefined) return entries;
  throw new SamepageError(
    'conflict',
    `The audit chain of the workspace ${workspace} is not whole in the copy: entry ${broken.seq} is ${broken.reason}. Nothing was written.`,
    'Run `samepage-mcp doctor` on the source: somebody changed the log there. Take an earlier backup.',
  );
}

function addUp(sum: ReceiptsChecked, one: ReceiptsChecked): void {
  sum.total += one.total;
  sum.checked += one.checked;
  sum.different += one.different;
  sum.examples.push(...one.examples);
}

function notReproduced({ different, checked, examples }: ReceiptsChecked): SamepageError {
  const [first] = examples;
  const example = first === undefined ? '' : ` The ${first.kind} ${first.subject_id}: ${first.what}.`;
  return new SamepageError(
    'conflict',
    `${different} of ${checked} receipts are not reproduced from the copy.${example} Nothing was written.`,
    'Run `samepage-mcp doctor` on the source; `--receipts none` copies it as it is.',
  );
}

function otherwise(table: string, expected: number, found: number): SamepageError {
  const how = expected === found ? `its ${expected} rows are not the same` : `it has ${found} rows of ${expected}`;
  return new SamepageError(
    'internal',
    `The table ${table} does not read back as it was copied: ${how}. Nothing was written.`,
    'Try again; if it fails again, report it.',
  );
}
