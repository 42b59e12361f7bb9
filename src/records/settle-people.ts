import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Merged } from './load-aliases.ts';
import { settleEvents } from './settle-events.ts';
import { settleMemberships, touchEntities } from './settle-memberships.ts';

/** Puts people where they belong, and their events: those given, and whose domain was claimed. */
export async function settlePeople(
  tx: Tx,
  ctx: Context,
  { people, domains, at, merged }: { people: readonly string[]; domains: readonly string[]; at: string; merged: Merged },
): Promise<void> {
  if (people.length > 0 || domains.length > 0) {
    const moved = await settleMemberships(tx, ctx, { people, named: new Map(), claimed: domains, at, merged });
    await settleEvents(tx, ctx, { people: moved, domains }, merged.account);
  }
  await touchEntities(tx, ctx, merged, at);
}
