import { z } from 'zod';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Settle } from '../definitions/save-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { anyMerged } from './load-aliases.ts';
import { projectFields } from './project-fields.ts';
import { settlePeople } from './settle-people.ts';

const BATCH = 5_000;
const ENTITIES = ['account', 'person', 'opportunity'] as const;

/**
 * What follows when definitions come into use. Another taxonomy may merge fields otherwise: then the golden values are
 * derived again in the same transaction, and what follows from them, so that no score ever sees the new policy with the old values.
 */
export function settleDefinitions(ctx: Context): Settle {
  return async (tx, moved, recordedAt) => {
    if (!moved.some((one) => one.kind === 'taxonomy')) return;
    const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    const merged = await anyMerged(tx, ctx);
    for (const entity of ENTITIES) {
      for await (const ids of idsOf(tx, ctx, entity)) {
        const changed = await projectFields(tx, ctx, { entity, ids, policy, recordedAt, merged });
        // by another e-mail a person may belong to another account
        if (entity === 'person')
          await settlePeople(tx, ctx, { people: [...new Set(changed)], domains: [], at: recordedAt.toISOString(), merged });
      }
    }
  };
}

async function* idsOf(tx: Tx, ctx: Context, entity: (typeof ENTITIES)[number]): AsyncGenerator<string[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    ctx.signal.throwIfAborted();
    const rows = await tx.query(`select id::text from ${entity} where workspace_id = $1 and id > $2::uuid order by id limit ${BATCH}`, [
      ctx.workspaceId,
      after,
    ]);
    const ids = z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map((row) => row.id);
    const last = ids.at(-1);
    if (last === undefined) return;
    yield ids;
    after = last;
  }
}
