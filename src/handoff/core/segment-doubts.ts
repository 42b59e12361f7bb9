import type { Taxonomy } from '../../definitions/core/taxonomy.ts';

/** What the segments that a lead is in say against handing it off, each a sentence. */
export function segmentDoubts({ segments }: Taxonomy, holding: readonly string[]): string[] {
  return (segments ?? [])
    .filter(({ id, rule }) => rule === 'exclude' && holding.includes(id))
    .map(({ label, because }) => `it is of the segment "${label}", which is excluded because of ${because}`);
}
