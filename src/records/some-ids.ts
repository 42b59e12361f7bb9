import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

const BATCH = 5_000;
const idRows = z.array(z.object({ id: z.string() }));
/** Before every id there is. */
const FIRST = '00000000-0000-0000-0000-000000000000';

export type IdTable = 'account' | 'person' | 'opportunity' | 'event';

/**
 * Ids of a table in batches, from `start` on and round to it again, `most` at the most. Ids are spread evenly by hashes
 * (docs/decisions/derived-ids.md), so those that follow a place chosen by chance are a fair sample.
 */
export async function* someIds(tx: Tx, ctx: Context, table: IdTable, start: string, most: number): AsyncGenerator<string[]> {
  const current = table === 'event' ? 'and superseded_at is null' : '';
  let left = most;
  for (const [from, to] of [
    [start, null],
    [FIRST, start],
  ] as const) {
    let after = from;
    for (let inclusive = true; left > 0; inclusive = false) {
      ctx.signal.throwIfAborted();
      const rows = await tx.query(
        `select id::text from ${table} where workspace_id = $1 and id ${inclusive ? '>=' : '>'} $2::uuid and ($3::uuid is null or id < $3::uuid) ${current}
         order by id limit ${Math.min(BATCH, left)}`,
        [ctx.workspaceId, after, to],
      );
      const ids = idRows.parse(rows).map((row) => row.id);
      const last = ids.at(-1);
      if (last === undefined) break;
      left -= ids.length;
      after = last;
      yield ids;
    }
  }
}
