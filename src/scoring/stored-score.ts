import { z } from 'zod';
import type { SubjectKind } from '../definitions/core/rubric.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { isoFromDay } from '../kernel/dates.ts';
import { type Receipt, scoreResult, sealReceipt } from './core/receipt.ts';

/** A score as it was written, with its receipt. */
export interface StoredScore {
  receipt: Receipt;
  rubricVersion: number;
  /** When a later score replaced it; null for the one in force. */
  replacedAt: string | null;
}

const COLUMNS = `s.subject_id, s.rubric_version, r.hash as rubric, coalesce(t.hash, repeat('0', 64)) as taxonomy, s.as_of_day, s.known_at, s.score, s.tier, s.heat,
  to_jsonb(s.points) as points, s.unknown, s.disqualified`;
const DEFINITIONS = `join definition_version r on r.workspace_id = s.workspace_id and r.kind = 'rubric' and r.version = s.rubric_version
  left join definition_version t on t.workspace_id = s.workspace_id and t.kind = 'taxonomy' and t.version = s.taxonomy_version`;
const MOST_CHANGES = 50;

const storedRow = scoreResult.extend({
  subject_id: z.string(),
  rubric_version: z.number(),
  rubric: z.string(),
  taxonomy: z.string(),
  as_of_day: z.number(),
  known_at: z.coerce.date(),
  replaced_at: z.coerce.date().nullable(),
});

/** The score in force, as it was last written; null when none was. */
export async function storedScore(tx: Tx, ctx: Context, kind: SubjectKind, id: string): Promise<StoredScore | null> {
  const rows = await tx.query(
    `select ${COLUMNS}, null::timestamptz as replaced_at from score s ${DEFINITIONS} where s.workspace_id = $1 and s.kind = $2 and s.subject_id = $3::uuid`,
    [ctx.workspaceId, kind, id],
    { prepare: true },
  );
  return rows.map((row) => asStored(kind, row))[0] ?? null;
}

/** The scores that were replaced, newest first, 50 at most. */
export async function scoreHistory(tx: Tx, ctx: Context, kind: SubjectKind, id: string): Promise<StoredScore[]> {
  const rows = await tx.query(
    `select ${COLUMNS}, s.replaced_at from score_history s ${DEFINITIONS}
     where s.workspace_id = $1 and s.kind = $2 and s.subject_id = $3::uuid order by s.known_at desc, s.as_of_day desc limit ${MOST_CHANGES}`,
    [ctx.workspaceId, kind, id],
    { prepare: true },
  );
  return rows.map((row) => asStored(kind, row));
}

function asStored(kind: SubjectKind, row: unknown): StoredScore {
  const { subject_id, rubric_version, rubric, taxonomy, as_of_day, known_at, replaced_at, ...result } = storedRow.parse(row);
  return {
    rubricVersion: rubric_version,
    replacedAt: replaced_at?.toISOString() ?? null,
    receipt: sealReceipt({
      v: 1,
      kind,
      subject_id,
      rubric,
      taxonomy,
      as_of: isoFromDay(as_of_day),
      known_at: known_at.toISOString(),
      result,
    }),
  };
}
