import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '../kernel/database.ts';
import type { ColumnShape, TableShape } from './tables.ts';

/** About so many bytes of rows are in memory at once. */
const PAGE_BYTES = 2_000_000;
const FIRST_PAGE = 200;
const MOST_ROWS = 10_000;

const lineRows = z.array(z.object({ line: z.string() }));
const countRow = z.tuple([z.object({ n: z.number() })]);

/** Names the workspace to row-level security, and makes instants and their text mean UTC whatever the server's settings. */
export async function enterWorkspace(tx: Tx, workspaceId: string): Promise<void> {
  await tx.query("select set_config('app.workspace_id', $1, true), set_config('timezone', 'UTC', true)", [workspaceId]);
}

export async function countRows(tx: Tx, table: TableShape, workspaceId: string): Promise<number> {
  const rows = await tx.query(`select count(*) as n from "${table.name}" where workspace_id = $1`, [workspaceId]);
  return countRow.parse(rows)[0].n;
}

/**
 * The workspace's rows of a table in the order of their key, each as one line: a JSON object of the columns, the same text
 * on every database. Comes in pages of bounded size. One table at a time in a transaction.
 */
export async function* readLines(
  tx: Tx,
  table: TableShape,
  workspaceId: string,
  columns: readonly ColumnShape[] = table.columns,
): AsyncGenerator<string[]> {
  const list = columns.map(({ name, json }) => (json ? `"${name}"::text as "${name}"` : `"${name}"`)).join(', ');
  const order = table.key.map((name) => `"${name}"`).join(', ');
  await tx.query(
    `declare table_rows no scroll cursor for
     select row_to_json(r)::text as line from (select ${list} from "${table.name}" where workspace_id = $1 order by ${order}) r`,
    [workspaceId],
  );
  try {
    for (let size = FIRST_PAGE; ; ) {
      const lines = lineRows.parse(await tx.query(`fetch ${size} from table_rows`)).map((row) => row.line);
      if (lines.length > 0) yield lines;
      if (lines.length < size) break;
      const bytes = lines.reduce((sum, line) => sum + line.length, 0);
      size = Math.max(1, Math.min(MOST_ROWS, Math.floor((PAGE_BYTES * lines.length) / bytes)));
    }
  } finally {
    // in a transaction that failed there is none to close
    await tx.query('close table_rows').catch(() => {});
  }
}

/** Writes rows that `readLines` gave, of the columns named. A page of them is one statement. */
export async function insertLines(tx: Tx, table: TableShape, columns: readonly ColumnShape[], lines: readonly string[]): Promise<void> {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const values = columns.map(({ name, json }) => `r."${name}"${json ? '::jsonb' : ''}`).join(', ');
  const types = columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
  await tx.query(`insert into "${table.name}" (${names}) select ${values} from json_to_recordset($1::text::json) as r(${types})`, [
    `[${lines.join(',')}]`,
  ]);
}

/** What a table holds, in two figures: equal on two databases when their rows are. */
export interface Tally {
  rows: number;
  sha256: string;
}

/** Counts lines, and digests them with their ends. */
export function tallying(): { add(lines: readonly string[]): void; total(): Tally } {
  const digest = createHash('sha256');
  let rows = 0;
  return {
    add(lines) {
      rows += lines.length;
      if (lines.length > 0) digest.update(`${lines.join('\n')}\n`);
    },
    total: () => ({ rows, sha256: digest.digest('hex') }),
  };
}
