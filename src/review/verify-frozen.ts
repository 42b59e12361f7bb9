import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

const countRow = z.tuple([z.object({ total: z.coerce.number() })]);
const wrongRows = z.array(z.object({ kind: z.string(), period: z.string(), version: z.number() }));

/** Holds every frozen review against its sha256. @returns how many there are, and `weekly 2026-W47 v1` of each that is not what was frozen */
export async function verifyFrozen(tx: Tx, ctx: Context): Promise<{ total: number; wrong: string[] }> {
  const [{ total }] = countRow.parse(
    await tx.query('select count(*) as total from frozen_review where workspace_id = $1', [ctx.workspaceId]),
  );
  // no review leaves the database for it: one may hold megabytes
  const rows = await tx.query(
    `select kind, period, version from frozen_review
     where workspace_id = $1 and encode(sha256(convert_to(document, 'UTF8')), 'hex') <> sha256 order by kind, period, version`,
    [ctx.workspaceId],
  );
  return { total, wrong: wrongRows.parse(rows).map(({ kind, period, version }) => `${kind} ${period} v${version}`) };
}
