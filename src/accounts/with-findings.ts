import type { Taxonomy } from '../definitions/core/taxonomy.ts';
import { SOURCE } from '../enrichment/core/enriched.ts';
import type { Finding } from '../enrichment/findings.ts';
import { conflictsWith, isSameValue, type SaidValue } from './core/conflicts.ts';
import type { Fact } from './read-facts.ts';

/** A fact with what enrichment knows of it. */
export interface WeighedFact extends Fact {
  /** Of a value that enrichment found: probability that it is right, and who gave it. */
  confidence?: number;
  providers?: readonly string[];
  /** What others say now, and what lost when it was weighed. */
  conflicts: SaidValue[];
}

/** A field on which providers disagree so much that no value became a fact. */
export interface UndecidedField {
  field: string;
  label: string;
  /** The likeliest first. */
  values: SaidValue[];
}

/** Adds to facts what enrichment found of their fields; what it found of fields without a fact stands beside them. */
export function withFindings(
  facts: readonly Fact[],
  findings: ReadonlyMap<string, Finding>,
  taxonomy: Taxonomy,
): { facts: WeighedFact[]; undecided: UndecidedField[] } {
  const known = new Set(facts.map(({ field }) => field));
  const undecided = [...findings.values()].flatMap((found): UndecidedField[] => {
    const declared = taxonomy.fields.find(({ name }) => name === found.field);
    if (known.has(found.field) || declared === undefined) return [];
    const { value, confidence, providers } = found;
    const first = { value, sources: [...providers], confidence };
    return [{ field: found.field, label: declared.label, values: [first, ...conflictsWith(found.field, value, lostOf(found))] }];
  });
  return { facts: facts.map((fact) => weighed(fact, findings.get(fact.field))), undecided };
}

function weighed(fact: Fact, found: Finding | undefined): WeighedFact {
  const others = fact.other_values.filter(({ expired }) => !expired);
  const named = others.flatMap(({ value, source }) => {
    if (source !== SOURCE || found === undefined) return [{ value, sources: [source] }];
    // who is behind what enrichment wrote is known by name; what it wrote before it takes back
    return isSameValue(fact.field, value, found.value) ? [{ value, sources: found.providers }] : [];
  });
  const conflicts = conflictsWith(fact.field, fact.value, [...named, ...(found === undefined ? [] : lostOf(found))]);
  if (fact.source !== SOURCE || found?.written !== true) return { ...fact, conflicts };
  return { ...fact, confidence: found.confidence, providers: found.providers, conflicts };
}

function lostOf({ otherValues }: Finding) {
  return otherValues.map(({ value, confidence, providers }) => ({ value, confidence, sources: providers }));
}
