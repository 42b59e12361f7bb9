import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { settlePeople } from './settle-people.ts';
import { DOUBLED } from './verify-hand-offs.ts';

const rows = z.array(z.object({ id: z.string() }));

/**
 * Lets one open hand-off stay of each person who has several: people who were merged before hand-offs went with them. In one transaction, and audited.
 * @returns how many people had several
 */
export async function settleDoubled(ctx: Context): Promise<number> {
  requireScope(ctx, 'write');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const people = rows.parse(await tx.query(DOUBLED, [ctx.workspaceId])).map(({ id }) => id);
    await settlePeople(tx, ctx, { people, joined: [], recordedAt });
    await audit(tx, ctx, 'settle_doubled', people.length === 0 ? 'nobody has two open hand-offs' : `${people.length} people`);
    return people.length;
  });
}
