import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { compareProjections, EVENT_ACCOUNT, EVENT_ACCOUNT_JOINS, type Projection } from './compare-projections.ts';
import type { Entity } from './core/targets.ts';
import { projectFields } from './project-fields.ts';

export interface Repaired {
  projection: Projection;
  rows: number;
}

const ALL = { most: Number.MAX_SAFE_INTEGER, start: '00000000-0000-0000-0000-000000000000' };

/**
 * Derives again, from the logs, every projected row that is not what they give; the logs stay as they are. In one
 * transaction, and audited. Scores that were made from a wrong row need a whole rescore.
 */
export async function repairProjections(ctx: Context): Promise<Repaired[]> {
  requireScope(ctx, 'write');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const { sources } = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    const repaired: Repaired[] = [];
    for await (const { projection, wrong } of compareProjections(tx, ctx, ALL)) {
      if (wrong.length === 0) continue;
      if (projection === 'person.account_id') await repairMembers(tx, ctx, wrong, recordedAt);
      else if (projection === 'event.account_id') await repairEvents(tx, ctx, wrong);
      else await repairFields(tx, ctx, { entity: projection.split('.')[0] as Entity, ids: wrong, sources, recordedAt });
      repaired.push({ projection, rows: wrong.length });
    }
    const told = repaired.map(({ projection, rows }) => `${rows} of ${projection}`).join(', ');
    await audit(tx, ctx, 'repair_projections', told === '' ? 'nothing was wrong' : told);
    return repaired;
  });
}

async function repairFields(tx: Tx, ctx: Context, input: Parameters<typeof projectFields>[2]): Promise<void> {
  const params = new SqlParams();
  // a day that no row has, so that the projection takes each for changed and writes all of it
  await tx.query(
    `update ${input.entity} set stale_day = -1, name_key = null where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(input.ids)})`,
    params.values,
  );
  await projectFields(tx, ctx, input);
}

async function repairMembers(tx: Tx, ctx: Context, ids: readonly string[], recordedAt: Date): Promise<void> {
  const params = new SqlParams();
  await tx.query(
    `update person p set changed_at = ${params.add(recordedAt.toISOString())}::timestamptz, account_id =
       (select m.account_id from person_account m where m.workspace_id = p.workspace_id and m.person_id = p.id and m.believed_to is null
        order by m.believed_from desc limit 1)
     where p.workspace_id = ${params.add(ctx.workspaceId)} and p.id = any(${params.uuids(ids)})`,
    params.values,
  );
}

async function repairEvents(tx: Tx, ctx: Context, ids: readonly string[]): Promise<void> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  await tx.query(
    `update event x set account_id = r.account_id
     from (select e.id, e.recorded_at, ${EVENT_ACCOUNT} as account_id from event e
     ${EVENT_ACCOUNT_JOINS}
     where e.workspace_id = ${ws} and e.id = any(${params.uuids(ids)}) and e.superseded_at is null) r
     where x.workspace_id = ${ws} and x.id = r.id and x.recorded_at = r.recorded_at`,
    params.values,
  );
}
