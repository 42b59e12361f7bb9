import { z } from 'zod';
import { definitionRef } from '../definitions/core/definition.ts';
import { sha256 } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type ReviewDocument, UNITS } from './core/figures.ts';
import { REVIEW_KINDS, type ReviewKind } from './core/period.ts';

const figure = z.object({
  key: z.string(),
  label: z.string(),
  value: z.number().nullable(),
  unit: z.enum(UNITS),
  currency: z.string().exactOptional(),
  n: z.number().exactOptional(),
  low: z.number().exactOptional(),
  high: z.number().exactOptional(),
});
const storedDocument: z.ZodType<ReviewDocument> = z.object({
  kind: z.enum(REVIEW_KINDS),
  period: z.string(),
  from: z.string(),
  to: z.string(),
  definitions: z.array(definitionRef),
  figures: z.array(figure),
  immature: z.array(z.string()),
  data: z.unknown(),
  markdown: z.string(),
  plots: z.array(z.object({ name: z.string(), describes: z.string(), svg: z.string() })).exactOptional(),
});

const head = {
  kind: z.enum(REVIEW_KINDS),
  period: z.string(),
  version: z.number(),
  frozen_at: z.coerce.date(),
  frozen_by: z.string(),
  reason: z.string().nullable(),
  sha256: z.string(),
};
const headRow = z.object(head);
const frozenRow = z.object({ ...head, known_at: z.coerce.date(), program: z.string(), document: z.string() });

/** What is said of a frozen review without its content. */
export type FrozenHead = z.output<typeof headRow>;
export interface FrozenReview extends FrozenHead {
  /** The knowledge clock that its figures are of. */
  known_at: Date;
  program: string;
  document: ReviewDocument;
}

const HEAD = 'kind, period, version, frozen_at, frozen_by, reason, sha256';

/**
 * A review as it was published; the latest version when none is named. Undefined where there is none.
 * @throws SamepageError `conflict` where the row is not what was frozen.
 */
export async function readFrozen(
  tx: Tx,
  ctx: Context,
  { kind, period, version }: { kind: ReviewKind; period: string; version?: number },
): Promise<FrozenReview | undefined> {
  const params = new SqlParams();
  const where = `workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)} and period = ${params.add(period)}`;
  const at = version === undefined ? '' : ` and version = ${params.add(version)}::int`;
  const [row] = z
    .array(frozenRow)
    .parse(
      await tx.query(
        `select ${HEAD}, known_at, program, document from frozen_review where ${where}${at} order by version desc limit 1`,
        params.values,
      ),
    );
  if (row === undefined) return undefined;
  if (sha256(row.document) !== row.sha256)
    throw new SamepageError(
      'conflict',
      `Version ${row.version} of the ${kind} review of ${period} is not as it was frozen: its sha256 is another.`,
      'Restore the workspace from a backup, or ask who changed its database by hand.',
    );
  return { ...row, document: storedDocument.parse(JSON.parse(row.document)) };
}

/** The frozen reviews without their content, the last frozen first. */
export async function listFrozen(
  tx: Tx,
  ctx: Context,
  { kind, period, limit = 100 }: { kind?: ReviewKind; period?: string; limit?: number } = {},
): Promise<FrozenHead[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const of = kind === undefined ? '' : ` and kind = ${params.add(kind)}`;
  const during = period === undefined ? '' : ` and period = ${params.add(period)}`;
  const rows = await tx.query(
    `select ${HEAD} from frozen_review where workspace_id = ${ws}${of}${during} order by frozen_at desc, kind, period, version desc limit ${limit}`,
    params.values,
  );
  return z.array(headRow).parse(rows);
}
