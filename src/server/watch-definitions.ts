import { lastChanged } from '../definitions/last-changed.ts';
import { definitionUris } from '../tools/shared.ts';
import type { Session } from './session.ts';

/**
 * Tells a client that subscribed of definitions that another process signed or put in use, as a leader does at a terminal: on a shared server
 * nobody else tells. Asks only while there are subscriptions. @returns what ends it
 */
export function watchDefinitions(session: Session, everyMs: number): () => void {
  let before: ReadonlyMap<string, number> | undefined;
  let isAsking = false;
  const look = async () => {
    if (session.subscriptions.size === 0) before = undefined;
    if (session.subscriptions.size === 0 || isAsking) return;
    isAsking = true;
    try {
      const now = await lastChanged(await session.contextFor(undefined, session.signalFor(undefined)));
      const known = before;
      before = now;
      const changed = known === undefined ? [] : [...now].filter(([kind, at]) => known.get(kind) !== at).map(([kind]) => kind);
      if (changed.length > 0) await session.publish({ uris: changed.flatMap(definitionUris), list: true });
    } catch (error) {
      // the next look may find the database back
      session.log.debug('definitions_not_watched', { error: error instanceof Error ? error.name : 'unknown' });
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
