import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { anyMerged, entitiesOf } from './load-aliases.ts';
import { placePeople } from './place-people.ts';
import { settleEvents } from './settle-events.ts';
import { accountsOf, touchAccounts } from './settle-memberships.ts';

/**
 * Puts people where the decisions about them say, after one was made or taken back. Memberships stay as sources and matchers gave them, so
 * that without the decision everyone is where they were. Inside a transaction that ticked the knowledge clock.
 * @param people nodes
 */
export async function placeDecided(tx: Tx, ctx: Context, people: readonly string[], recordedAt: Date): Promise<void> {
  const at = recordedAt.toISOString();
  const entities = await entitiesOf(tx, ctx, 'person', people);
  const moved = await placePeople(tx, ctx, [...new Set(people.map((node) => entities.get(node) ?? node))], at);
  await touchAccounts(tx, ctx, accountsOf(moved), at);
  const { account } = await anyMerged(tx, ctx);
  await settleEvents(tx, ctx, { people: moved.map(({ id }) => id), domains: [] }, account);
}
