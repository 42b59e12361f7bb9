import { z } from 'zod';
import { refOf } from '../definitions/current-definition.ts';
import { definitionByHash } from '../definitions/definition-by-hash.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { ScoredTiers } from './core/performance.ts';
import type { Windows } from './core/performance-windows.ts';
import { scoredEnds, scoredSql } from './core/scored-sql.ts';
import { scoredKinds, scoredRows } from './core/scored-tiers.ts';

const standing = z.tuple([z.object({ before: z.string().nullable(), this: z.string().nullable() })]);

/** The tiers of all scored records at the end of the month before and of the month, and the rubric that stood at either. */
export async function readScored(tx: Tx, ctx: Context, windows: Windows): Promise<ScoredTiers> {
  const ends = scoredEnds(windows);
  const params = new SqlParams();
  const text = scoredSql({ params, workspaceId: ctx.workspaceId, ends });
  // of a month to come there is no end yet at which anything stood
  const rows = windows.today < windows.this.from ? [] : scoredRows.parse(await tx.query(text, params.values));
  const hashes = await rubricsAt(tx, ctx, ends);
  const end = async (span: 'this' | 'before') => {
    const hash = hashes[span];
    return { day: isoFromDay(ends[span] - 1), rubric: hash === null ? null : refOf(await definitionByHash(tx, ctx, 'rubric', hash)) };
  };
  return { before: await end('before'), this: await end('this'), kinds: scoredKinds(rows) };
}

/** Hashes of the rubrics that were in use when the days ended. */
async function rubricsAt(tx: Tx, ctx: Context, ends: { before: number; this: number }) {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const at = (day: number) => `(select hash from definition_head where workspace_id = ${ws} and kind = 'rubric'
    and recorded_at < ${params.add(new Date(day * 86_400_000).toISOString())}::timestamptz order by recorded_at desc limit 1)`;
  const [row] = standing.parse(await tx.query(`select ${at(ends.before)} as before, ${at(ends.this)} as this`, params.values));
  return row;
}
