import { audit } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { toldOf } from './change-hand-off.ts';
import { type LogEntry, type Projection, projectionOf } from './core/log.ts';
import { stayingOf, type Unsettled, unsettledOf } from './core/one-open.ts';
import { readHandOffs, type StoredHandOff } from './read-hand-offs.ts';
import { readPlaced } from './read-placed.ts';
import { readSlas } from './read-slas.ts';
import { type WrittenHandOff, writeHandOffs } from './write-hand-offs.ts';
import { type OutboxEvent, writeOutbox } from './write-outbox.ts';

/**
 * Lets the hand-offs of people follow who is whom, in the transaction that changed it: of the open ones of a person one stays and the others
 * give way to it; one that gave way to a hand-off of what is somebody else again stands as it stood; one that waits for a merge of its person
 * has waited for this. What agrees already is left alone.
 * @param given.people ids of records whose people are looked at
 * @param given.joined people that several became
 * @returns how many hand-offs changed
 */
export async function settlePeople(
  tx: Tx,
  ctx: Context,
  { people, joined, recordedAt }: Parameters<Context['peopleRegrouped']>[2],
): Promise<number> {
  const placed = await readPlaced(tx, ctx, people);
  const unsettled = unsettledOf(placed);
  const awaiting = placed.flatMap(({ id, entity, awaits_merge }) => (awaits_merge && joined.includes(entity) ? [id] : []));
  const ids = [...unsettled.flatMap(({ claims, followers }) => [...claims, ...followers.map(({ id }) => id)]), ...awaiting];
  if (ids.length === 0) return 0;
  const [found, taxonomy, sla] = await Promise.all([
    readHandOffs(tx, ctx, ids),
    currentDefinition(tx, ctx, 'taxonomy'),
    currentDefinition(tx, ctx, 'sla'),
  ]);
  const slas = await readSlas(tx, ctx, found.values(), sla.hash);
  const projected = new Map([...found].map(([id, handOff]) => [id, projectionOf(handOff.lead, handOff.log, slas)]));
  const changed: { written: WrittenHandOff; told: OutboxEvent | null }[] = [];
  const note = (id: string, followed_by: string | null, kind: 'merge_away' | 'unmerge' | 'merged' | null) => {
    const [handOff, before] = [found.get(id), projected.get(id)];
    if (handOff === undefined || before === undefined) return;
    if (kind === null) {
      changed.push({ written: { ...handOff, followed_by, projection: before, counted: handOff.cell, added: [] }, told: null });
      return;
    }
    const at = Math.max(ctx.now().getTime(), before.changed_at);
    const entry: LogEntry = { at, sla: sla.hash, ...(kind === 'merge_away' ? { kind, into: followed_by ?? '' } : { kind }) };
    const log = [...handOff.log, entry];
    const projection = projectionOf(handOff.lead, log, slas);
    const detail = kind === 'merged' ? { note: 'the person became one with another' } : {};
    const written = { ...handOff, followed_by, log, projection, counted: handOff.cell, added: [{ ctx, detail }] };
    changed.push({ written, told: kind === 'merged' ? null : eventOf(handOff, kind === 'unmerge' ? projection : before) });

    function eventOf(of: StoredHandOff, standing: Projection): OutboxEvent {
      return {
        type: kind === 'unmerge' ? 'hand_off.unmerged' : 'hand_off.merged',
        subject: id,
        data: {
          ...toldOf({ handOff: of, projection: standing, at, taxonomy }),
          stage: (standing.state.was ?? standing.state).stage,
          ...(kind === 'merge_away' && { into: followed_by }),
        },
      };
    }
  };
  for (const one of unsettled) plan(one);
  for (const id of awaiting) note(id, null, 'merged');
  // those that end come first: the database lets nobody have two that are open, not even for a moment
  const isOpen = ({ written }: (typeof changed)[number]) => written.projection.closed_at === null;
  for (const part of [changed.filter((one) => !isOpen(one)), changed.filter(isOpen)]) {
    if (part.length === 0) continue;
    await writeHandOffs(
      tx,
      ctx,
      part.map(({ written }) => written),
      recordedAt,
    );
  }
  await writeOutbox(
    tx,
    ctx,
    changed.flatMap(({ told }) => told ?? []),
    recordedAt,
  );
  await audit(tx, ctx, 'settle_hand_offs', changed.map(({ written }) => `${written.log.at(-1)?.kind} ${written.id}`).join(', '));
  return changed.length;

  function plan({ claims, followers }: Unsettled): void {
    for (const { id, followed_by } of followers) note(id, followed_by, null);
    const standing = claims.flatMap((id) => {
      const [handOff, projection] = [found.get(id), projected.get(id)];
      return handOff === undefined || projection === undefined ? [] : [{ id, handed_at: handOff.handed_at, state: projection.state }];
    });
    const staying = stayingOf(standing);
    for (const { id, state } of standing) {
      if (id !== staying?.id) note(id, staying?.id ?? null, 'merge_away');
      else if (state.stage === 'merged') note(id, null, 'unmerge');
    }
  }
}
