import { z } from 'zod';
import type { RejectionCode } from '../definitions/core/taxonomy.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { COUNTED, DECIDED, sidesSql } from './core/segment-sql.ts';
import type { SegmentCount } from './core/segment-tests.ts';
import type { Side } from './core/segments.ts';

/** From an instant on, up to another. */
export interface Span {
  from: Date;
  to: Date;
}

const rows = z.array(
  z.object({ side: z.string().nullable(), segment: z.string().nullable(), code: z.string().nullable(), n: z.coerce.number() }),
);

/**
 * How often each code was given in each segment and outside it, of the hand-offs of a time that were accepted or got that code. A hand-off counts
 * with its last rejection, and with what was known of the lead when it was handed off.
 */
export async function countSegments(
  tx: Tx,
  ctx: Context,
  { sides, codes, span }: { sides: readonly Side[]; codes: readonly RejectionCode[]; span: Span },
): Promise<{ decided: number; counts: SegmentCount[] }> {
  if (sides.length === 0) return { decided: 0, counts: [] };
  const params = new SqlParams();
  const where = handedIn(ctx, span, params);
  const found = rows.parse(
    await tx.query(
      `select side.side, side.segment, h.code, count(*) as n from hand_off h left join lateral ${sidesSql(sides, params)} on true
       where ${where} and ${DECIDED} group by 1, 2, 3`,
      params.values,
    ),
  );
  const cells = new Map<string, Cell>();
  const wholes = new Map<string, Tally>();
  for (const { side, segment, code, n } of found) {
    if (side === null) continue;
    const key = JSON.stringify([side, segment]);
    const cell = cells.get(key) ?? { side, segment, tally: newTally() };
    const whole = wholes.get(side) ?? newTally();
    cells.set(key, cell);
    wholes.set(side, whole);
    for (const { all, by } of [cell.tally, whole]) {
      all.n += n;
      if (code !== null) by.set(code, (by.get(code) ?? 0) + n);
    }
  }
  const decided = Math.max(0, ...[...wholes.values()].map(({ all }) => all.n));
  const counts = [...cells.values()].flatMap(({ side, segment, tally }) =>
    codes.map(({ code }): SegmentCount => {
      const whole = wholes.get(side) ?? tally;
      const [inside, all] = [askedOf(tally, code), askedOf(whole, code)];
      const rest = { decided: all.decided - inside.decided, rejected: all.rejected - inside.rejected };
      return { code, side, segment, ...inside, rest };
    }),
  );
  return { decided, counts };
}

interface Tally {
  all: { n: number };
  by: Map<string, number>;
}
interface Cell {
  side: string;
  segment: string | null;
  tally: Tally;
}
const newTally = (): Tally => ({ all: { n: 0 }, by: new Map() });

/** Leads with another code are left out: they would have had this one, or not. */
function askedOf({ all, by }: Tally, code: string): { decided: number; rejected: number } {
  const rejected = by.get(code) ?? 0;
  const otherwise = [...by.values()].reduce((sum, n) => sum + n, 0) - rejected;
  return { decided: all.n - otherwise, rejected };
}

/** A condition on `hand_off h`: handed off in a time. What changed before its start cannot have been handed off since. */
export function handedIn(ctx: Context, { from, to }: Span, params: SqlParams): string {
  const [ws, start, end] = [params.add(ctx.workspaceId), params.add(from.toISOString()), params.add(to.toISOString())];
  return `h.workspace_id = ${ws} and h.changed_at >= ${start}::timestamptz and h.handed_at >= ${start}::timestamptz and h.handed_at < ${end}::timestamptz and ${COUNTED}`;
}
