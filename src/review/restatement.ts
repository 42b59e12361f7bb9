import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Figure } from './core/figures.ts';
import { periodOfKind, type ReviewKind } from './core/period.ts';
import { type Restatement, restated } from './core/restatement.ts';
import { readFrozen } from './read-frozen.ts';
import { readReasons } from './read-reasons.ts';

/**
 * How far figures of today are from the published ones of their period, and why; null where the period is not frozen.
 * @param within how the keys begin that `figures` has all of, where it has a part of the review's alone
 */
export async function restatement(
  tx: Tx,
  ctx: Context,
  kind: ReviewKind,
  name: string,
  figures: readonly Figure[],
  within?: readonly string[],
): Promise<Restatement | null> {
  const period = periodOfKind(kind, name);
  const frozen = period && (await readFrozen(tx, ctx, { kind, period: name }));
  if (period === undefined || frozen === undefined) return null;
  const { version, frozen_at, frozen_by, sha256 } = frozen;
  const { compared, changed } = restated(frozen.document.figures, figures, within);
  const reasons = changed.length === 0 ? [] : await readReasons(tx, ctx, frozen, period);
  return { version, frozen_at: frozen_at.toISOString(), frozen_by, sha256, compared, differ: changed.length, changed, reasons };
}

/** The same for a caller that has no transaction. */
export function restate(
  ctx: Context,
  { kind, period, figures, within }: { kind: ReviewKind; period: string; figures: readonly Figure[]; within?: readonly string[] },
): Promise<Restatement | null> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, (tx) => restatement(tx, ctx, kind, period, figures, within));
}
