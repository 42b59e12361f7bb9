import { z } from 'zod';
import { audit, readWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { cancelled, SamepageError } from '../kernel/errors.ts';
import { findSubject } from '../scoring/get-score.ts';
import { projectionOf } from './core/log.ts';
import { readHandOffs } from './read-hand-offs.ts';
import { readSlas } from './read-slas.ts';
import { startHandOff } from './start-hand-off.ts';
import { writeHandOffs } from './write-hand-offs.ts';

/** So many leads are looked up at a time. */
const BATCH = 100;

export interface Recycled {
  /** The hand-offs that were started. */
  handed_off: string[];
  /** Of leads that do not meet the rule on their day: they come back when they do. */
  lapsed: string[];
}

/**
 * Hands leads off again whose day has come, if the MQL rule holds; others wait until it does. Each is a transaction of its own, so that it can
 * be ended at any moment and goes on where it was.
 * @param most leads of one call
 * @throws SamepageError `permission_denied`, `cancelled`
 */
export async function recycleDue(ctx: Context, { most = 1000 }: { most?: number } = {}): Promise<Recycled> {
  requireScope(ctx, 'write');
  const done: Recycled = { handed_off: [], lapsed: [] };
  for (let left = most; left > 0; ) {
    const due = await readWorkspace(ctx, (tx) => dueOnes(tx, ctx, Math.min(BATCH, left)));
    for (const id of due) {
      if (ctx.signal.aborted) throw cancelled();
      const outcome = await recordInWorkspace(ctx, (tx, recordedAt) => recycle(tx, ctx, id, recordedAt));
      if (outcome !== null) done[outcome.what].push(outcome.id);
    }
    left = due.length < BATCH ? 0 : left - due.length;
  }
  return done;
}

const ids = z.array(z.object({ id: z.string() }));

async function dueOnes(tx: Tx, ctx: Context, most: number): Promise<string[]> {
  const rows = await tx.query(
    `select h.id::text from hand_off h where h.workspace_id = $1 and h.stage = 'recycled' and h.followed_by is null and h.next_at <= $2::timestamptz
     order by h.next_at, h.handed_at, h.id limit ${most}`,
    [ctx.workspaceId, ctx.now().toISOString()],
  );
  return ids.parse(rows).map((row) => row.id);
}

async function recycle(tx: Tx, ctx: Context, id: string, recordedAt: Date): Promise<{ what: keyof Recycled; id: string } | null> {
  const [found, sla] = await Promise.all([readHandOffs(tx, ctx, [id]), currentDefinition(tx, ctx, 'sla')]);
  const handOff = found.get(id);
  if (handOff === undefined || handOff.followed_by !== null) return null;
  const slas = await readSlas(tx, ctx, [handOff], sla.hash);
  const before = projectionOf(handOff.lead, handOff.log, slas);
  // taken back meanwhile
  if (before.state.stage !== 'recycled' || before.next_at > ctx.now().getTime()) return null;
  try {
    const subject = await findSubject(tx, ctx, 'lead', handOff.person_id);
    const started = await startHandOff(tx, ctx, { subject, by: 'job', reason: null, verb: 'recycle_leads' }, recordedAt);
    return { what: 'handed_off', id: started.id };
  } catch (error) {
    if (!(error instanceof SamepageError) || error.code !== 'conflict') throw error;
    const at = Math.max(ctx.now().getTime(), before.changed_at);
    const entry = { kind: 'lapse' as const, at, sla: sla.hash };
    const log = [...handOff.log, entry];
    const added = [{ ctx, detail: { reasons: error.problems.map(({ reason }) => reason) } }];
    const projection = projectionOf(handOff.lead, log, slas);
    await writeHandOffs(tx, ctx, [{ ...handOff, log, projection, counted: handOff.cell, added }], recordedAt);
    await audit(tx, ctx, 'recycle_leads', `${id} waits until it meets the rule`);
    return { what: 'lapsed', id };
  }
}
