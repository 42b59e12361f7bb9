import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { type HandOffFilter, isListed, type Place } from './core/hand-off-filter.ts';
import { projectionOf } from './core/log.ts';
import { wrongInput } from './hand-off-input.ts';
import { readHandOffs } from './read-hand-offs.ts';
import { readSlas } from './read-slas.ts';

/** So many hand-offs that changed since are worked out from their logs, and no more. */
const MOST = 20_000;
const BATCH = 1_000;

const ids = z.array(z.object({ id: z.string() }));

/**
 * The places in a list, as of an instant gone by, of the hand-offs that were changed since or followed by another: worked out from their logs.
 * All others stand as they stood then.
 * @throws SamepageError `invalid_input` where too many were
 */
export async function changedSince(tx: Tx, ctx: Context, filter: HandOffFilter, at: number): Promise<Place[]> {
  const then = new Date(at).toISOString();
  const changed = ids.parse(
    await tx.query(
      `select h.id::text from hand_off h where h.workspace_id = $1 and h.changed_at > $2::timestamptz and h.handed_at <= $2::timestamptz
       union select p.id::text from hand_off n cross join lateral (
         select h.id from hand_off h where h.workspace_id = $1 and h.person_id = n.person_id and h.handed_at <= $2::timestamptz and h.followed_by = n.id offset 0) p
       where n.workspace_id = $1 and n.changed_at > $2::timestamptz and n.handed_at > $2::timestamptz
       order by 1 limit ${MOST + 1}`,
      [ctx.workspaceId, then],
    ),
  );
  if (changed.length > MOST)
    throw wrongInput('as_of', `is too long ago: more than ${MOST.toLocaleString('en-US')} hand-offs changed since`, then);
  const places: Place[] = [];
  for (let i = 0; i < changed.length; i += BATCH) {
    const batch = changed.slice(i, i + BATCH).map((row) => row.id);
    const found = await readHandOffs(tx, ctx, batch);
    const slas = await readSlas(tx, ctx, found.values());
    for (const { id, lead, handed_at, log } of found.values()) {
      const logged = log.filter((entry) => entry.at <= at);
      const projection = projectionOf(lead, logged, slas);
      if (isListed(filter, { handed_at, lead, projection })) places.push([projection.next_at, handed_at, id]);
    }
  }
  return places;
}
