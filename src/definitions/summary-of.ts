import type { Definition } from './core/definition.ts';
import type { Labels } from './core/sentence.ts';
import { type SummarySection, summarise } from './core/summary.ts';
import type { Taxonomy } from './core/taxonomy.ts';

const kept = new WeakMap<object, { taxonomy: Taxonomy; summary: readonly SummarySection[] }>();

/** What a definition says, put into words once for each document and taxonomy: stored documents are shared and never change. */
export function summaryOf({ document }: Definition, taxonomy: Taxonomy, labels: Labels): readonly SummarySection[] {
  const before = kept.get(document);
  if (before?.taxonomy === taxonomy) return before.summary;
  const summary = summarise(document, labels, taxonomy.rejection_codes);
  kept.set(document, { taxonomy, summary });
  return summary;
}
