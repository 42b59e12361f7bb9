import { z } from 'zod';
import { type Clash, refuseRepeats, refuseUnknown } from './common.ts';
import { fieldName } from './predicate.ts';
import type { Holed } from './problems.ts';

/** Which of several values stands: the best source's, the newest, or the one that most say. */
export const MERGE_RULES = ['rank', 'latest', 'agreement'] as const;
export type MergeRule = (typeof MERGE_RULES)[number];

export const sourceName = z.string().min(1).max(100);

/** How one field is decided, where it is not decided as all others are. */
export const fieldMerge = z
  .strictObject({
    field: fieldName,
    /** `rank` when left out. */
    rule: z.enum(MERGE_RULES).optional(),
    /** The sources that come first for this field, best first; the others follow in their own order. */
    sources: z.array(sourceName).min(1).max(200).optional(),
  })
  .refine(
    ({ rule = 'rank', sources }) => rule !== 'rank' || sources !== undefined,
    'so are all fields decided: give sources, or another rule',
  );

/** What a taxonomy says of how one value of many becomes the golden one. */
export interface MergePolicy {
  /** Best first; a source that is not listed comes after all that are. */
  sources: readonly string[];
  merge?: readonly z.infer<typeof fieldMerge>[] | undefined;
}

/** Of one field: its rule, and the place of each source from 1, the best, on. */
export interface FieldPolicy {
  rule: MergeRule;
  ranks: Record<string, number>;
}

/** The fields of an entity that are decided otherwise, by their key without the entity. */
export function fieldPolicies({ sources, merge }: MergePolicy, entity: string): Record<string, FieldPolicy> {
  const mine = (merge ?? []).filter(({ field }) => field.startsWith(`${entity}.`));
  return Object.fromEntries(
    mine.map(({ field, rule = 'rank', sources: first = [] }) => {
      const order = [...new Set([...first, ...sources])];
      return [field.slice(entity.length + 1), { rule, ranks: Object.fromEntries(order.map((source, i) => [source, i + 1])) }];
    }),
  );
}

/** What a policy says twice, of sources that there are not, or says without saying anything. */
export function mergeProblems({ sources, merge }: Holed<MergePolicy>, fail: (path: Clash['path'], message: string) => void): void {
  refuseRepeats(merge, ['merge'], (one) => one.field, fail, 'field');
  for (const [i, one] of (merge ?? []).entries()) {
    if (one === undefined) continue;
    const path = ['merge', i, 'sources'];
    refuseUnknown(one.sources, sources, path, 'data source', fail);
    for (const [j, source] of (one.sources ?? []).entries()) {
      const before = one.sources?.indexOf(source) ?? j;
      if (source !== undefined && before < j) fail([...path, j], `"${source}" is listed twice: it is also number ${before + 1}`);
    }
  }
}
