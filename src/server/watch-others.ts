import { lastChanged } from '../definitions/last-changed.ts';
import { announcedSince } from '../handoff/announced-since.ts';
import type { Context } from '../kernel/context.ts';
import { lastFrozen } from '../review/last-frozen.ts';
import { definitionUris, reviewUris } from '../tools/shared.ts';
import type { Session } from './session.ts';

/**
 * Tells a client that subscribed of what another process did: definitions that it signed or put in use, as a leader does at a terminal,
 * reviews that it froze, and clocks that it announced. On a shared server nobody else tells. Asks only while there are subscriptions. @returns what ends it
 */
export function watchOthers(session: Session, everyMs: number): () => void {
  let before: Seen | undefined;
  let isAsking = false;
  const look = async () => {
    if (session.subscriptions.size === 0) before = undefined;
    if (session.subscriptions.size === 0 || isAsking) return;
    isAsking = true;
    try {
      const ctx = await session.contextFor(undefined, session.signalFor(undefined));
      const { seen, definitions, reviews, accounts } = await lookFor(ctx, before);
      before = seen;
      if (definitions.length > 0) await session.publish({ uris: definitions.flatMap(definitionUris), list: true });
      if (reviews.length > 0) await session.publish({ uris: reviews.flatMap(reviewUris), list: true });
      if (accounts.length > 0) await session.publish({ uris: accounts.map((id) => `samepage://accounts/${id}`), list: false });
    } catch (error) {
      // the next look may find the database back
      session.log.debug('others_not_watched', { error: error instanceof Error ? error.name : 'unknown' });
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

interface Seen {
  definitions: ReadonlyMap<string, number>;
  reviews: ReadonlyMap<string, number>;
  announcedAt: Date | undefined;
}

/** What changed since the look before; nothing at the first. */
async function lookFor(
  ctx: Context,
  before: Seen | undefined,
): Promise<{ seen: Seen; definitions: string[]; reviews: string[]; accounts: readonly string[] }> {
  const [definitions, reviews, announced] = await Promise.all([
    lastChanged(ctx),
    lastFrozen(ctx),
    announcedSince(ctx, before?.announcedAt),
  ]);
  const changed = (now: ReadonlyMap<string, number>, then: ReadonlyMap<string, number> | undefined) =>
    then === undefined ? [] : [...now].filter(([name, value]) => then.get(name) !== value).map(([name]) => name);
  return {
    seen: { definitions, reviews, announcedAt: announced?.at },
    definitions: changed(definitions, before?.definitions),
    reviews: changed(reviews, before?.reviews),
    accounts: announced?.accounts ?? [],
  };
}
