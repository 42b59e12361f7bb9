import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { DEFINITION_KINDS, type DefinitionKind } from './core/definition.ts';

/**
 * Makes the workspace and puts the shipped definitions in use for every kind that it has none of. One short read when
 * nothing is missing. It needs no scope: the defaults are ours, and a server that only reads needs them too.
 */
export async function ensureWorkspace(ctx: Context): Promise<void> {
  if ((await readWorkspace(ctx, (tx) => missingKinds(tx, ctx))).length === 0) return;
  const [{ shippedDefinitions }, { checkedDocuments }, { writeVersions }] = await Promise.all([
    import('./shipped.ts'),
    import('./checked-documents.ts'),
    import('./write-versions.ts'),
  ]);
  const shipped = await shippedDefinitions();
  await recordInWorkspace(ctx, async (tx, recordedAt) => {
    // another process may have been first
    const missing = await missingKinds(tx, ctx);
    if (missing.length === 0) return;
    const checked = await checkedDocuments(
      tx,
      ctx,
      missing.map((kind) => shipped[kind]),
    );
    const saved = await writeVersions(tx, ctx, checked, recordedAt);
    await audit(tx, ctx, 'ensure_workspace', saved.map((one) => `${one.kind} v${one.version} ${one.hash}`).join(', '));
  });
}

async function missingKinds(tx: Tx, ctx: Context): Promise<DefinitionKind[]> {
  const rows = await tx.query('select distinct kind from definition_head where workspace_id = $1', [ctx.workspaceId], { prepare: true });
  const there = new Set(
    z
      .array(z.object({ kind: z.string() }))
      .parse(rows)
      .map((row) => row.kind),
  );
  return DEFINITION_KINDS.filter((kind) => !there.has(kind));
}
