import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf } from '../kernel/dates.ts';
import type { Standing } from './core/plays.ts';
import type { ReadyPlays } from './ready-plays.ts';

const standingRow = z.tuple([
  z.object({
    name: z.string().nullable(),
    truths: z.array(z.boolean().nullable()),
    tier: z.string().nullable(),
    score: z.number().nullable(),
    heat: z.string().nullable(),
    stage: z.string().nullable(),
    competitor: z.string().nullable(),
  }),
]);

export interface RecordStanding extends Standing {
  name: string | null;
  /** Of the deal that it is, or the open one of its account that was opened last. */
  stage: string | null;
  competitor: string | null;
}

/** What is so of one record as of today, in one statement. @param id of a record of the workspace */
export async function readStanding(tx: Tx, ctx: Context, { text, params, keys }: ReadyPlays, id: string): Promise<RecordStanding> {
  const rows = await tx.query(text, [ctx.workspaceId, id, dayOf(ctx.now()), ...params], { prepare: true });
  const [{ truths, ...rest }] = standingRow.parse(rows);
  return { ...rest, truths: new Map(keys.map((key, i) => [key, truths[i] ?? null])) };
}
