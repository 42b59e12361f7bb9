import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

const rows = z.array(z.object({ look_at: z.coerce.date().nullable(), fresh: z.boolean() }));

/** When clocks are to be looked at next; of a hand-off of which something was just logged, at once. Null: no hand-off is open. */
export async function nextLook(ctx: Context): Promise<Date | null> {
  const found = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select exists (select 1 from hand_off h where h.workspace_id = $1 and h.closed_at is null and h.look_at is null) as fresh,
         (select min(h.look_at) from hand_off h where h.workspace_id = $1 and h.closed_at is null and h.look_at is not null) as look_at`,
      [ctx.workspaceId],
      { prepare: true },
    ),
  );
  const [next] = rows.parse(found);
  return next?.fresh === true ? ctx.now() : (next?.look_at ?? null);
}
