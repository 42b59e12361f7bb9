import { enterWorkspace, readLines, tallying } from '../db/table-rows.ts';
import { COPIED_TABLES } from '../db/tables.ts';
import { verifyAuditIn } from '../db/verify-audit.ts';
import { audit } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { checkReceipts, type ReceiptsChecked, type ReceiptsOption } from './check-receipts.ts';
import type { CopiedTable } from './core/copy-part.ts';
import type { WrittenCopy } from './write-copy.ts';

export interface Received {
  tables: CopiedTable[];
  rows: number;
  /** Entries of the audit chain, by workspace, all in order. */
  auditEntries: Record<string, number>;
  receipts: ReceiptsChecked;
}

/**
 * Reads back what `writeCopy` wrote in the same transaction: each table must count and digest as at its source, each audit
 * chain must be whole, and receipts must be reproduced. Then the audit says what was done.
 * @param verb as the audit names it.
 */
export async function verifyCopy(
  tx: Tx,
  ctx: Context,
  written: WrittenCopy,
  { verb, receipts }: { verb: 'restore' | 'move'; receipts: ReceiptsOption },
): Promise<Received> {
  const tables = await readBack(tx, ctx, written);
  // what was just written has no statistics, and what follows reads much of it; an empty table would count as empty while it grows
  const filled = new Set(tables.filter(({ rows }) => rows > 0).map(({ table }) => `"${table}"`));
  if (filled.size > 0) await tx.query(`analyze ${[...filled].join(', ')}`);
  const received: Received = {
    tables,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    auditEntries: {},
    receipts: { checked: 0, total: 0, different: 0, examples: [] },
  };
  for (const workspace of written.header.workspaces) {
    const own = { ...ctx, workspaceId: workspace };
    await enterWorkspace(tx, workspace);
    received.auditEntries[workspace] = await auditEntries(tx, workspace);
    addUp(received.receipts, await checkReceipts(tx, own, receipts));
    const rows = tables.reduce((sum, table) => sum + (table.workspace === workspace ? table.rows : 0), 0);
    await audit(tx, own, verb, `${rows} rows in ${COPIED_TABLES.length} tables, as of ${written.header.created_at}`);
  }
  if (received.receipts.different > 0) throw notReproduced(received.receipts);
  return received;
}

async function readBack(tx: Tx, ctx: Context, { tables }: WrittenCopy): Promise<CopiedTable[]> {
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  let read = 0;
  for (const { workspace, shape, columns, rows, sha256 } of tables) {
    await enterWorkspace(tx, workspace);
    const tally = tallying();
    for await (const lines of readLines(tx, shape, workspace, columns)) {
      ctx.signal.throwIfAborted();
      tally.add(lines);
      read += lines.length;
      ctx.progress.report(read, total, `reading back ${shape.name}`);
    }
    const found = tally.total();
    if (found.rows !== rows || found.sha256 !== sha256) throw otherwise(shape.name, rows, found.rows);
  }
  return tables.map(({ workspace, shape, rows, sha256 }) => ({ workspace, table: shape.name, rows, sha256 }));
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
