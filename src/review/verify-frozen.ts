import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';

const countRow = z.tuple([z.object({ total: z.coerce.number() })]);
const namedRows = z.array(z.object({ named: z.string(), what: z.enum(['wrong', 'lost']) }));

export interface FrozenVerdict {
  total: number;
  /** `weekly 2026-W47 v1` of each that is not what was frozen. */
  wrong: string[];
  /** Likewise, of each that was frozen and is not there. */
  lost: string[];
}

/** Holds every frozen review against its sha256, and both against what the audit says was frozen: a document may be changed with its sha256. */
export async function verifyFrozen(tx: Tx, ctx: Context): Promise<FrozenVerdict> {
  const [{ total }] = countRow.parse(
    await tx.query('select count(*) as total from frozen_review where workspace_id = $1', [ctx.workspaceId]),
  );
  // no review leaves the database for it: one may hold megabytes
  const named = namedRows.parse(
    await tx.query(
      `with kept as (
         select kind || ' ' || period || ' version ' || version as name, sha256,
           encode(sha256(convert_to(document, 'UTF8')), 'hex') = sha256 as whole from frozen_review where workspace_id = $1),
       told as (
         select left(detail, -65) as name, right(detail, 64) as sha256 from audit_entry where workspace_id = $1 and verb = 'freeze_review')
       select replace(name, ' version ', ' v') as named, case when kept.whole is null then 'lost' else 'wrong' end as what
       from kept full join told using (name) where not coalesce(kept.whole and kept.sha256 = told.sha256, false) order by name`,
      [ctx.workspaceId],
    ),
  );
  const of = (which: 'wrong' | 'lost') => named.filter(({ what }) => what === which).map((one) => one.named);
  return { total, wrong: of('wrong'), lost: of('lost') };
}
