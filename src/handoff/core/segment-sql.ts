import type { SqlParams } from '../../kernel/sql-params.ts';
import type { Side } from './segments.ts';

/**
 * The segment of a hand-off `h` on a side, as text: of what was known when it was handed off, cut into steps as the taxonomy has them today.
 * Null when it was not known, or below the first step.
 */
export function segmentSql({ id, steps }: Side, params: SqlParams): string {
  const value = `(h.facts -> '${id}')`;
  const text = `nullif(h.facts ->> '${id}', '')`;
  if (steps === undefined) return `(case jsonb_typeof${value} when 'array' then null else ${text} end)`;
  const numbers = params.numbers(steps);
  return `(case jsonb_typeof${value} when 'number' then ((${numbers})[nullif(width_bucket(${value}::numeric, ${numbers}), 0)])::text end)`;
}

/** A FROM item `side(side, segment)`: the sides on which a hand-off `h` can be compared. A side that was not asked about then is left out. */
export function sidesSql(sides: readonly Side[], params: SqlParams): string {
  const rows = sides.map((side) => `('${side.id}', ${segmentSql(side, params)}, h.facts ? '${side.id}')`);
  return `(select v.side, v.segment from (values ${rows.join(', ')}) v(side, segment, asked) where v.asked) side`;
}

/** Whether a hand-off `h` is of a segment. */
export function inSegmentSql(side: Side, segment: string | null, params: SqlParams): string {
  const at = segmentSql(side, params);
  return segment === null ? `(h.facts ? '${side.id}' and ${at} is null)` : `(${at} = ${params.add(segment)}::text)`;
}

/** A hand-off `h` that counts as a lead: one that gave way to another of the same person is counted with that one. */
export const COUNTED = "h.stage <> 'merged'";
/** A hand-off `h` on which sales decided something: it was accepted, rejected, or sent to another owner. */
export const DECIDED = `(${COUNTED} and (h.disposed_at is not null or h.code is not null))`;
