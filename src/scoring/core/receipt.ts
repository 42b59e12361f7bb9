import { z } from 'zod';
import { SCORED_TIERS } from '../../definitions/core/common.ts';
import { documentHash } from '../../kernel/canonical-json.ts';
import { ISO_DATE, isIsoDate } from '../../kernel/dates.ts';
import { utcInstantText } from '../../kernel/instant-text.ts';

/** What a score comes to: the part that must be reproduced. */
export const scoreResult = z.strictObject({
  score: z.int(),
  tier: z.enum(SCORED_TIERS),
  heat: z.enum(['hot', 'warm', 'cold']).nullable().describe('null for a lead'),
  points: z.array(z.int()).describe('of each criterion, in the order of the rubric'),
  unknown: z.int().min(0).describe('bit i: criterion i could not be decided'),
  disqualified: z.int().min(0).describe('bit i: disqualifier i holds'),
});
export type ScoreResult = z.infer<typeof scoreResult>;

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in hexadecimal');

/** A score and everything it is a function of. `digest` covers the rest, so a changed receipt is told from a changed score. */
export const receipt = z.strictObject({
  v: z.literal(1),
  kind: z.enum(['account', 'lead']),
  subject_id: z.uuid(),
  rubric: hash,
  taxonomy: hash.describe('its source ranks chose the golden values'),
  as_of: z.string().refine(isIsoDate, ISO_DATE).describe('UTC day from which ages are counted'),
  known_at: utcInstantText.describe('what was recorded up to here was known'),
  result: scoreResult,
  digest: hash,
});
export type Receipt = z.infer<typeof receipt>;

export function sealReceipt(content: Omit<Receipt, 'digest'>): Receipt {
  return { ...content, digest: documentHash(content) };
}

/** Whether the receipt is as it was given out. */
export function isSealed({ digest, ...content }: Receipt): boolean {
  return documentHash(content) === digest;
}
