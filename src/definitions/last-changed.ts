import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

const changedRows = z.array(z.object({ kind: z.string(), at: z.coerce.date() }));

/** When something last became of each kind of definition: proposed, signed, taken back or put in use. Milliseconds by kind. */
export async function lastChanged(ctx: Context): Promise<ReadonlyMap<string, number>> {
  requireScope(ctx, 'read');
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select kind, max(recorded_at) as at from (
         select kind, recorded_at from definition_head where workspace_id = $1
         union all select kind, recorded_at from definition_state where workspace_id = $1
         union all select kind, recorded_at from definition_signature where workspace_id = $1) c
       group by kind`,
      [ctx.workspaceId],
      { prepare: true },
    ),
  );
  return new Map(changedRows.parse(rows).map(({ kind, at }) => [kind, at.getTime()]));
}
