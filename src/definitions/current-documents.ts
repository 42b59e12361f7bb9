import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { World } from './core/check-references.ts';
import { type DefinitionDocument, type DefinitionKind, definitionKind } from './core/definition.ts';
import { definitionOf, versionRow } from './stored.ts';

/** The documents in use, by kind. */
export async function currentDocuments(tx: Tx, ctx: Context): Promise<Map<DefinitionKind, DefinitionDocument>> {
  const rows = z.array(versionRow.extend({ kind: definitionKind })).parse(
    await tx.query(
      `select v.kind, v.hash, v.version, v.document, null::boolean as signed from definition_version v
       join (select distinct on (kind) kind, hash from definition_head where workspace_id = $1 order by kind, recorded_at desc) h
         on h.kind = v.kind and h.hash = v.hash
       where v.workspace_id = $1`,
      [ctx.workspaceId],
    ),
  );
  return new Map(rows.map((row) => [row.kind, definitionOf(row.kind, row).document]));
}

/** What definitions may refer to, among documents by kind. */
export function worldOf(documents: ReadonlyMap<DefinitionKind, DefinitionDocument>): World {
  return Object.fromEntries(documents);
}

/** What definitions may refer to in this workspace now. */
export async function currentWorld(ctx: Context): Promise<World> {
  requireScope(ctx, 'read');
  return worldOf(await readWorkspace(ctx, (tx) => currentDocuments(tx, ctx)));
}
