import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Merged } from './load-aliases.ts';
import { settleEvents } from './settle-events.ts';
import { settleMemberships } from './settle-memberships.ts';

/**
 * Puts a person into the account that a matcher found, where nothing stronger says where the person belongs: neither a record nor the
 * domain of the e-mail address. The person's events count for the account from now on. Inside a transaction that ticked the knowledge clock.
 * @param person the person's node
 * @param account null where the matcher finds none any more: what it found before no longer holds
 * @returns whether the person's account is another now
 */
export async function placeMatched(
  tx: Tx,
  ctx: Context,
  { person, account, recordedAt, merged }: { person: string; account: string | null; recordedAt: Date; merged: Merged },
): Promise<boolean> {
  const people = await settleMemberships(tx, ctx, {
    people: [person],
    named: new Map(),
    matched: new Map([[person, account]]),
    claimed: [],
    at: recordedAt.toISOString(),
    merged,
  });
  await settleEvents(tx, ctx, { people, domains: [] }, merged.account);
  return people.length > 0;
}
