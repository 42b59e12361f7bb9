import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

const frozenRows = z.array(z.object({ kind: z.string(), period: z.string(), version: z.number() }));

/** The latest version of each frozen review, by `weekly/2026-W47`. */
export async function lastFrozen(ctx: Context): Promise<ReadonlyMap<string, number>> {
  requireScope(ctx, 'read');
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      'select kind, period, max(version) as version from frozen_review where workspace_id = $1 group by kind, period',
      [ctx.workspaceId],
      {
        prepare: true,
      },
    ),
  );
  return new Map(frozenRows.parse(rows).map(({ kind, period, version }) => [`${kind}/${period}`, version]));
}
