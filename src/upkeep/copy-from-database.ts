import { z } from 'zod';
import { appliedMigrations } from '../db/migrate.ts';
import { countRows, enterWorkspace, readLines, tallying } from '../db/table-rows.ts';
import { COPIED_TABLES } from '../db/tables.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { readAhead } from '../kernel/read-ahead.ts';
import { packageVersion } from '../kernel/version.ts';
import { FORMAT } from './core/backup-format.ts';
import type { CopyPart, CopySource } from './core/copy-part.ts';

const names = z.array(z.object({ workspace_id: z.string() }));
const roleRow = z.tuple([z.object({ all: z.boolean() })]);

/**
 * A copy of one workspace, or of all, out of the snapshot of `tx`.
 * @throws SamepageError `not_found` when there is none of that name; `permission_denied` for `all` where the role sees one alone.
 */
export async function copyFromDatabase(tx: Tx, ctx: Context, all: boolean): Promise<CopySource> {
  const workspaces = all ? await allWorkspaces(tx) : await theOne(tx, ctx);
  const head = (await appliedMigrations(tx)).at(-1);
  if (head === undefined) throw new Error('an open database has migrations');
  let totalRows = 0;
  for (const workspace of workspaces) {
    await enterWorkspace(tx, workspace);
    for (const table of COPIED_TABLES) totalRows += await countRows(tx, table, workspace);
  }
  return {
    header: {
      product: 'samepage',
      format: FORMAT,
      version: packageVersion(),
      created_at: ctx.now().toISOString(),
      migrations: head,
      workspaces,
    },
    totalRows,
    parts: partsOf(tx, ctx, workspaces),
  };
}

async function* partsOf(tx: Tx, ctx: Context, workspaces: readonly string[]): AsyncGenerator<CopyPart> {
  for (const workspace of workspaces) {
    await enterWorkspace(tx, workspace);
    for (const table of COPIED_TABLES) {
      yield { part: 'table', workspace, table: table.name, columns: table.columns.map((column) => column.name) };
      const tally = tallying();
      for await (const lines of readAhead(readLines(tx, table, workspace))) {
        ctx.signal.throwIfAborted();
        tally.add(lines);
        yield { part: 'rows', lines };
      }
      yield { part: 'counted', ...tally.total() };
    }
  }
}

async function theOne(tx: Tx, ctx: Context): Promise<string[]> {
  await enterWorkspace(tx, ctx.workspaceId);
  const [row] = await tx.query('select 1 from workspace where workspace_id = $1', [ctx.workspaceId]);
  if (row !== undefined) return [ctx.workspaceId];
  throw new SamepageError(
    'not_found',
    `There is no workspace ${shown(ctx.workspaceId)} in this database, so there is nothing to copy.`,
    'Check SAMEPAGE_WORKSPACE, and SAMEPAGE_DATA_DIR or DATABASE_URL; `samepage-mcp doctor` shows what they name.',
  );
}

async function allWorkspaces(tx: Tx): Promise<string[]> {
  const role = await tx.query('select rolsuper or rolbypassrls as all from pg_roles where rolname = current_user');
  if (!roleRow.parse(role)[0].all) {
    throw new SamepageError(
      'permission_denied',
      'This role of the database sees one workspace at a time, so it cannot tell which there are.',
      'Leave out --all and set SAMEPAGE_WORKSPACE to each in turn, or use a role with BYPASSRLS.',
    );
  }
  return names.parse(await tx.query('select workspace_id from workspace order by workspace_id')).map((row) => row.workspace_id);
}
