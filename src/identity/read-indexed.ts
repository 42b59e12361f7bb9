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
 * @param ask what can be asked before the index is known: it is sent with the question for the index, and its answer given to `run`
 */
export async function readIndexed<T, A>(
  ctx: Context,
  ask: (tx: Tx) => Promise<A>,
  run: (tx: Tx, index: IdentityIndex, asked: A) => Promise<T>,
): Promise<T> {
  const first = await read(ctx, ask, async (tx, index, asked) => (index.isBehind ? undefined : { result: await run(tx, index, asked) }));
  if (first !== undefined) return first.result;
  // who may not write leaves it to others
  if (ctx.actor.scopes.has('write')) await coverNodes(ctx, { slices: SLICES_OF_A_CALL });
  return read(ctx, ask, run);
}

function read<T, A>(ctx: Context, ask: (tx: Tx) => Promise<A>, run: (tx: Tx, index: IdentityIndex, asked: A) => Promise<T>): Promise<T> {
  const asked = async (tx: Tx) => {
    const [loading, asking] = [loadIndex(tx, ctx), ask(tx)];
    // nothing is asked any more when the transaction ends
    await Promise.allSettled([loading, asking]);
    return run(tx, await loading, await asking);
  };
  return readWorkspace(ctx, asked, { planning: 'once' });
}
