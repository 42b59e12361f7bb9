import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { MergePolicy } from '../definitions/core/merge-policy.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { wrongEntities } from './compare-identity.ts';
import { compareProjections, type Projection, wrongEventsSql } from './compare-projections.ts';
import type { Entity } from './core/targets.ts';
import { entitiesOf } from './load-aliases.ts';
import { placePeople } from './place-people.ts';
import { OWN_COLUMNS, projectFields } from './project-fields.ts';
import { regroupNodes } from './regroup-nodes.ts';

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
    const policy = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    const repaired: Repaired[] = [];
    for await (const { projection, wrong } of compareProjections(tx, ctx, ALL)) {
      if (wrong.length === 0) continue;
      await repair(tx, ctx, projection, wrong, { policy, recordedAt });
      repaired.push({ projection, rows: wrong.length });
    }
    const told = repaired.map(({ projection, rows }) => `${rows} of ${projection}`).join(', ');
    await audit(tx, ctx, 'repair_projections', told === '' ? 'nothing was wrong' : told);
    return repaired;
  });
}

async function repair(
  tx: Tx,
  ctx: Context,
  projection: Projection,
  wrong: readonly string[],
  { policy, recordedAt }: { policy: MergePolicy; recordedAt: Date },
): Promise<void> {
  switch (projection) {
    case 'account.merged_into':
    case 'person.merged_into': {
      const kind = projection === 'account.merged_into' ? 'account' : 'person';
      const moves = await wrongEntities(tx, ctx, kind, wrong);
      return regroupNodes(tx, ctx, { kind, moves, policy, recordedAt });
    }
    case 'person.account_id': {
      const at = recordedAt.toISOString();
      const entities = await entitiesOf(tx, ctx, 'person', wrong);
      await placePeople(tx, ctx, [...new Set(wrong.map((id) => entities.get(id) ?? id))], at);
      return;
    }
    case 'opportunity.account_id':
      return repairOpportunities(tx, ctx, wrong);
    case 'event.account_id':
      return repairEvents(tx, ctx, wrong);
    default:
      return repairFields(tx, ctx, { entity: projection.split('.')[0] as Entity, ids: wrong, policy, recordedAt });
  }
}

async function repairFields(tx: Tx, ctx: Context, input: Parameters<typeof projectFields>[2]): Promise<void> {
  const params = new SqlParams();
  // a day that no row has, so that the projection takes each for changed and writes all of it
  const own = input.entity === 'opportunity' ? [] : OWN_COLUMNS[input.entity];
  await tx.query(
    `update ${input.entity} set stale_day = -1, name_key = null${own.map((column) => `, ${column} = null`).join('')} where workspace_id = ${params.add(ctx.workspaceId)} and id = any(${params.uuids(input.ids)})`,
    params.values,
  );
  await projectFields(tx, ctx, input);
}

async function repairOpportunities(tx: Tx, ctx: Context, ids: readonly string[]): Promise<void> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  await tx.query(
    `update opportunity o set account_id = coalesce(a.merged_into, a.id), named_account_id = case when a.merged_into is not null then a.id end
     from account a where o.workspace_id = ${ws} and o.id = any(${params.uuids(ids)}) and a.workspace_id = ${ws}
       and a.id = coalesce(o.named_account_id, o.account_id)`,
    params.values,
  );
}

async function repairEvents(tx: Tx, ctx: Context, ids: readonly string[]): Promise<void> {
  const params = new SqlParams();
  const wrong = wrongEventsSql(params, ctx, ids);
  await tx.query(
    `update event x set account_id = r.account_id, person_id = r.person_id, named_person_id = r.named_person_id from (${wrong}) r
     where x.workspace_id = ${params.add(ctx.workspaceId)} and x.id = r.id and x.recorded_at = r.recorded_at`,
    params.values,
  );
}
