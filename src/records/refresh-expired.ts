import { z } from 'zod';
import { readWorkspace, recordInWorkspace } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { dayOf } from '../kernel/dates.ts';
import { projectFields } from './project-fields.ts';

const ENTITIES = ['account', 'person', 'opportunity'] as const;
const MOST = 20_000;

/**
 * Derives the golden values again of entities with a value that expired by today, or by the day of what was recorded last, where this
 * clock is behind it: scores are as of the later. That a value no longer holds is learned
 * now: the entities count as changed.
 * @returns how many entities were looked at.
 */
export async function refreshExpired(ctx: Context): Promise<number> {
  let looked = 0;
  for (const entity of ENTITIES) {
    for (;;) {
      ctx.signal.throwIfAborted();
      const [any] = await readWorkspace(ctx, (tx) =>
        tx.query(
          `select 1 from ${entity} where workspace_id = $1 and stale_day <= (
             select greatest($2::int, floor(extract(epoch from known_at) / 86400)::int) from workspace where workspace_id = $1) limit 1`,
          [ctx.workspaceId, dayOf(ctx.now())],
        ),
      );
      if (any === undefined) break;
      const expired = await recordInWorkspace(ctx, async (tx, recordedAt) => {
        const rows = await tx.query(
          `select id::text from ${entity} where workspace_id = $1 and stale_day <= $2::int order by id limit ${MOST}`,
          [ctx.workspaceId, dayOf(recordedAt)],
        );
        const ids = z
          .array(z.object({ id: z.string() }))
          .parse(rows)
          .map((row) => row.id);
        const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
        await projectFields(tx, ctx, { entity, ids, policy, recordedAt });
        return ids.length;
      });
      looked += expired;
    }
  }
  return looked;
}
