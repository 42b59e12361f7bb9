import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import type { Definition, DefinitionKind, DocumentOf } from './core/definition.ts';
import { definitionOf, documentsKept, SIGNED, versionRow } from './stored.ts';

/** One version of a definition by its full hash or its number. @throws SamepageError `not_found`. */
export async function definitionByHash<K extends DefinitionKind>(tx: Tx, ctx: Context, kind: K, hash: string): Promise<Definition<K>> {
  const kept = documentsKept(kind);
  // a document that is at hand is not sent again
  const document = kept.has(hash) ? 'null::text as document' : 'v.document';
  const rows = await tx.query(
    `select v.kind, v.hash, v.version, ${document}, ${SIGNED} from definition_version v where v.workspace_id = $1 and v.kind = $2 and v.hash = $3`,
    [ctx.workspaceId, kind, hash],
    { prepare: true },
  );
  return theOne(kind, `hash ${shown(hash)}`, rows, kept);
}

/** @throws SamepageError `not_found`. */
export async function definitionByVersion<K extends DefinitionKind>(
  tx: Tx,
  ctx: Context,
  kind: K,
  version: number,
): Promise<Definition<K>> {
  const rows = await tx.query(
    `select v.kind, v.hash, v.version, v.document, ${SIGNED} from definition_version v where v.workspace_id = $1 and v.kind = $2 and v.version = $3::int`,
    [ctx.workspaceId, kind, version],
    { prepare: true },
  );
  return theOne(kind, `version ${version}`, rows);
}

function theOne<K extends DefinitionKind>(kind: K, name: string, rows: unknown, kept?: ReadonlyMap<string, DocumentOf[K]>): Definition<K> {
  const [row] = z.array(versionRow).parse(rows);
  if (row !== undefined) return definitionOf(kind, row, kept);
  throw new SamepageError(
    'not_found',
    `This workspace has no ${kind} with ${name}.`,
    `Run \`samepage-mcp definitions list\` for the versions there are, or call get_definition with kind "${kind}" alone for the current one.`,
  );
}
