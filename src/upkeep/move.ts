import { z } from 'zod';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Database } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { receiptsOption } from './check-receipts.ts';
import { copyFromDatabase } from './copy-from-database.ts';
import { type Received, verifyCopy } from './verify-copy.ts';
import { writeCopy } from './write-copy.ts';

export const moveInput = z.strictObject({
  all: z.boolean().default(false).describe('every workspace of the database, in place of the configured one'),
  receipts: receiptsOption,
});

export interface Moved extends Received {
  workspaces: readonly string[];
}

/**
 * Copies a workspace from the database of `ctx` into another, where it must be empty: all of it, verified there, or nothing.
 * The source is only read, from one snapshot, and stays as it was.
 * @throws SamepageError `not_found`, `conflict` (the target is not empty), `permission_denied`, `cancelled`.
 */
export async function move(ctx: Context, target: Database, given: z.input<typeof moveInput>): Promise<Moved> {
  requireScope(ctx, 'write');
  const { all, receipts } = parseInput(moveInput, given, 'move');
  try {
    const there = { ...ctx, db: target };
    const moved = await target.transaction('write', async (to) => {
      // the source is let go before the long verification begins
      const written = await ctx.db.transaction('read', async (from) => writeCopy(to, there, await copyFromDatabase(from, ctx, all), false));
      const received = await verifyCopy(to, there, written, { verb: 'move', receipts });
      return { ...received, workspaces: written.header.workspaces };
    });
    await target.maintain();
    return moved;
  } catch (error) {
    if (!ctx.signal.aborted) throw error;
    throw new SamepageError('cancelled', 'The move was cancelled; nothing was written.', 'Run it again; the source is as it was.');
  }
}
