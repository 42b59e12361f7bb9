import { z } from 'zod';

/** What the statements of a monthly review give, a JSON object a row. */

const text = z.string().nullable();
const n = z.number();
const span = z.enum(['this', 'before']);
/** A whole number that may be too large for JSON's numbers. */
const whole = z.string().transform((digits) => BigInt(digits));

const cohort = z.object({
  part: z.literal('cohort'),
  step: n,
  span: z.enum(['this', 'before', 'mature']),
  n,
  reached: n,
  early: n,
});
const sums = { n, priced: n, cents: whole, squares: whole };

const leadRow = z.discriminatedUnion('part', [
  cohort,
  z.object({ part: z.literal('handed'), span, source: text, tier: text, n }),
  z.object({ part: z.literal('decided'), span, source: text, tier: text, code: text, kept: z.boolean(), n }),
  z.object({ part: z.literal('entries'), span, stage: z.string(), n }),
  z.object({ part: z.literal('duration'), span, stage: z.string(), hours: n, n }),
  z.object({ part: z.literal('speed'), span, band: n.nullable(), code: text, n, kept: n, opportunity: n, won: n }),
]);

const dealRow = z.discriminatedUnion('part', [
  cohort,
  z.object({
    part: z.literal('closed'),
    span: z.enum(['this', 'before', 'earlier']),
    tier: text,
    won: z.boolean(),
    currency: text,
    ...sums,
    courses: n,
    c: whole,
    cc: whole,
    d: whole,
    dd: whole,
    cd: whole,
  }),
  z.object({ part: z.literal('created'), span, currency: text, ...sums }),
  z.object({ part: z.literal('open'), span, currency: text, n }),
  z.object({ part: z.literal('cycle'), span, won: z.boolean(), days: n, n }),
  z.object({ part: z.literal('stage'), span, stage: z.string(), days: n, n }),
  z.object({
    part: z.literal('doubts'),
    deals: n,
    unpriced: n,
    negative: n,
    without_currency: n,
    backwards: n,
    without_created: n,
    without_closed: n,
    without_outcome: n,
    closed_later: n,
    opened_later: n,
  }),
]);

export const leadRows = z.array(z.object({ row: leadRow })).transform((rows) => rows.map(({ row }) => row));
export const dealRows = z.array(z.object({ row: dealRow })).transform((rows) => rows.map(({ row }) => row));
export const peopleRows = z.array(z.object({ row: cohort })).transform((rows) => rows.map(({ row }) => row));
export const roleRows = z.array(
  z.object({ state: z.enum(['open', 'won', 'lost', 'won_before']), has: z.array(z.boolean()).nullable(), n: z.coerce.number() }),
);

export type LeadRow = z.output<typeof leadRow>;
export type DealRow = z.output<typeof dealRow>;
export type CohortRow = z.output<typeof cohort>;
export type RoleRow = z.output<typeof roleRows>[number];

/** The rows of a part. */
export function partOf<R extends { part: string }, P extends R['part']>(rows: readonly R[], part: P): Extract<R, { part: P }>[] {
  return rows.filter((row): row is Extract<R, { part: P }> => row.part === part);
}

/** How many the rows of a month count. */
export function countIn<T extends { span: string; n: number }>(
  rows: readonly T[],
  span: string,
  of: (row: T) => boolean = () => true,
): number {
  return rows.reduce((sum, row) => (row.span === span && of(row) ? sum + row.n : sum), 0);
}

/** The values that rows have, sorted by bytes, null last. */
export function valuesOf(values: readonly (string | null)[]): (string | null)[] {
  const named = [...new Set(values.filter((value) => value !== null))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return values.includes(null) ? [...named, null] : named;
}
