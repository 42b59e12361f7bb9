import { z } from 'zod';
import { UNITS } from '../review/core/figures.ts';
import { REASONS, type Restatement } from '../review/core/restatement.ts';
import { outsideText } from './shared.ts';

/** Of the changed figures a concise answer has so many. */
const MOST_CONCISE = 10;

const basis = z.strictObject({ n: z.number().exactOptional(), low: z.number().exactOptional(), high: z.number().exactOptional() });

/** How far today's figures are from the published ones; null where the period is not frozen. */
export const restatementOut = z
  .strictObject({
    version: z.int(),
    frozen_at: z.string(),
    frozen_by: outsideText,
    sha256: z.string(),
    compared: z.int().describe('figures'),
    differ: z.int(),
    changed: z.array(
      z.strictObject({
        key: outsideText,
        label: outsideText,
        unit: z.enum(UNITS),
        currency: z.string().exactOptional(),
        before: z.number().nullable().describe('as published'),
        now: z.number().nullable(),
        difference: z.number().nullable(),
        basis: z.strictObject({ before: basis, now: basis }).exactOptional().describe('where n or interval differ'),
      }),
    ),
    reasons: z.array(z.strictObject({ reason: z.enum(REASONS), count: z.int(), says: z.string() })),
  })
  .nullable()
  .describe('how far today is from what was published; null: the period is not frozen');

export function shapeRestatement(restatement: Restatement | null, detailed: boolean): z.input<typeof restatementOut> {
  if (restatement === null || detailed) return restatement;
  return { ...restatement, changed: restatement.changed.slice(0, MOST_CONCISE) };
}
