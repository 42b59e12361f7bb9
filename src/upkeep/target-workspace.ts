import { z } from 'zod';
import { countRows, enterWorkspace } from '../db/table-rows.ts';
import { COPIED_TABLES, REMADE_TABLES } from '../db/tables.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';

/** What the first opening of a workspace writes by itself, and nothing else. */
const OPENING_VERB = 'ensure_workspace';
const OPENING_TABLES = new Set(['workspace', 'audit_entry', 'definition_version', 'definition_head']);
const verbRows = z.array(z.object({ verb: z.string() }));

/**
 * Makes room for a copy in a workspace: one that was only opened counts as empty, and so does one whose content is to be
 * replaced. Holds its writers back until the transaction ends.
 * @throws SamepageError `conflict` naming what is there.
 */
export async function makeRoom(tx: Tx, workspaceId: string, replace: boolean): Promise<void> {
  await enterWorkspace(tx, workspaceId);
  await tx.query('select 1 from workspace where workspace_id = $1 for update', [workspaceId]);
  // made from what is there now, it would be wrong of what comes
  for (const table of REMADE_TABLES) await remove(tx, table.name, workspaceId);
  const there: { table: string; rows: number }[] = [];
  for (const table of COPIED_TABLES) {
    const rows = await countRows(tx, table, workspaceId);
    if (rows > 0) there.push({ table: table.name, rows });
  }
  if (there.length === 0) return;
  if (!replace && !(await isOnlyOpened(tx, workspaceId, there))) throw occupied(workspaceId, there);
  for (const table of [...COPIED_TABLES].reverse()) await remove(tx, table.name, workspaceId);
}

async function remove(tx: Tx, table: string, workspaceId: string): Promise<void> {
  await tx.query(`delete from "${table}" where workspace_id = $1`, [workspaceId]);
}

async function isOnlyOpened(tx: Tx, workspaceId: string, there: readonly { table: string }[]): Promise<boolean> {
  if (!there.every(({ table }) => OPENING_TABLES.has(table))) return false;
  const verbs = verbRows.parse(await tx.query('select distinct verb from audit_entry where workspace_id = $1', [workspaceId]));
  return verbs.every(({ verb }) => verb === OPENING_VERB);
}

function occupied(workspaceId: string, there: readonly { table: string; rows: number }[]): SamepageError {
  const most = [...there].sort((a, b) => b.rows - a.rows).slice(0, 5);
  const what = most.map(({ table, rows }) => `${rows.toLocaleString('en-US')} in ${table}`).join(', ');
  return new SamepageError(
    'conflict',
    `The workspace ${workspaceId} there is not empty: rows ${what}${there.length > most.length ? ', and more' : ''}. Nothing was changed.`,
    'Name an empty database or a new folder (DATABASE_URL, SAMEPAGE_DATA_DIR). `restore --replace` deletes what is there: back it up first.',
  );
}
