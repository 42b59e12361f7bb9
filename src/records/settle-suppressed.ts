import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { anyMerged } from './load-aliases.ts';
import { settleDevices } from './settle-devices.ts';
import { settlePeople } from './settle-people.ts';

const sourceRows = z.array(z.object({ source: z.string() }));

/**
 * Lets the anonymous events of an id count for whom they should, after a person said that it tells nobody apart, or that it does after all.
 * Inside a transaction that ticked the knowledge clock.
 */
export async function settleSuppressed(tx: Tx, ctx: Context, anonymousId: string, recordedAt: Date): Promise<void> {
  const params = new SqlParams();
  const rows = await tx.query(
    `select distinct source from event where workspace_id = ${params.add(ctx.workspaceId)} and anonymous_id = ${params.add(anonymousId)}`,
    params.values,
  );
  const devices = sourceRows.parse(rows).map(({ source }) => ({ source, anonymousId }));
  const { account } = await anyMerged(tx, ctx);
  await settleDevices(tx, ctx, devices, { at: recordedAt.toISOString(), merged: account });
}

/**
 * Puts people with an address at a domain where they belong, after a person said that it does not say where they work, or that it does after
 * all. Inside a transaction that ticked the knowledge clock.
 */
export async function settleSuppressedDomain(tx: Tx, ctx: Context, domain: string, recordedAt: Date): Promise<void> {
  await settlePeople(tx, ctx, { people: [], domains: [domain], at: recordedAt.toISOString(), merged: await anyMerged(tx, ctx) });
}
