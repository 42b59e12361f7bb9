import type { Context } from '../kernel/context.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { readWorkspace } from './workspace.ts';

/**
 * Runs verbs that read, each of which would open a snapshot of its own, on a single one: what they answer together was so at one instant
 * of the knowledge clock.
 * @param run gets the context for those verbs, which can only read, and the snapshot itself
 */
export function onOneSnapshot<T>(ctx: Context, run: (ctx: Context, tx: Tx) => Promise<T>): Promise<T> {
  return readWorkspace(ctx, (tx) => {
    const { beside } = ctx.db;
    const db: Database = {
      dialect: ctx.db.dialect,
      parallel: 1,
      transaction: (mode, inner) => (mode === 'read' ? inner(tx) : Promise.reject(new Error('a snapshot is only read'))),
      ...(beside !== undefined && { beside: (_, inner) => beside(tx, inner) }),
      maintain: async () => {},
      close: async () => {},
    };
    return run({ ...ctx, db }, tx);
  });
}
