import { lastChanged } from '../definitions/last-changed.ts';
import { announcedSince } from '../handoff/announced-since.ts';
import type { Context } from '../kernel/context.ts';
import { definitionUris } from '../tools/shared.ts';
import type { Session } from './session.ts';

/**
 * Tells a client that subscribed of what another process did: definitions that it signed or put in use, as a leader does at a terminal, and
 * clocks that it announced. On a shared server nobody else tells. Asks only while there are subscriptions. @returns what ends it
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
      const { seen, definitions, accounts } = await lookFor(ctx, before);
      before = seen;
      if (definitions.length > 0) await session.publish({ uris: definitions.flatMap(definitionUris), list: true });
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
  announcedAt: Date | undefined;
}

/** What changed since the look before; nothing at the first. */
async function lookFor(
  ctx: Context,
  before: Seen | undefined,
): Promise<{ seen: Seen; definitions: string[]; accounts: readonly string[] }> {
  const [definitions, announced] = await Promise.all([lastChanged(ctx), announcedSince(ctx, before?.announcedAt)]);
  const changed = before === undefined ? [] : [...definitions].filter(([kind, at]) => before.definitions.get(kind) !== at);
  return {
    seen: { definitions, announcedAt: announced?.at },
    definitions: changed.map(([kind]) => kind),
    accounts: announced?.accounts ?? [],
  };
}
