import { lookups } from '../db/bulk.ts';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { coverNodes } from './cover-nodes.ts';
import { type IdentityIndex, loadIndex } from './identity-index.ts';

/** Of some thousand nodes each: a second or so. */
const SLICES_OF_A_CALL = 4;

/**
 * A snapshot for look-ups by key. Where nodes came or changed since their keys were stored, those of some thousands are stored first; of
 * more, the rest is left to the next call, and is found by address, domain and name alone until then.
 */
export async function readIndexed<T>(ctx: Context, run: (tx: Tx, index: IdentityIndex) => Promise<T>): Promise<T> {
  const first = await readWorkspace(ctx, async (transaction) => {
    const tx = lookups(transaction);
    const index = await loadIndex(tx, ctx);
    return index.isBehind ? undefined : { result: await run(tx, index) };
  });
  if (first !== undefined) return first.result;
  // who may not write leaves it to others
  if (ctx.actor.scopes.has('write')) await coverNodes(ctx, { slices: SLICES_OF_A_CALL });
  return readWorkspace(ctx, async (transaction) => {
    const tx = lookups(transaction);
    return run(tx, await loadIndex(tx, ctx));
  });
}
