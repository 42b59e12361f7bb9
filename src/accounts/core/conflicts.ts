import { valueKey } from '../../enrichment/core/field-states.ts';

/** A value, who says so, and, where enrichment weighed it, how likely it is right. */
export interface SaidValue {
  value: unknown;
  sources: string[];
  confidence?: number;
}

interface Told {
  value: unknown;
  /** Sources of facts, or providers. */
  sources: readonly string[];
  confidence?: number;
}

/**
 * The values of a field that contradict the one that counts, each once with all who say so, in the order told. Spelling makes no other
 * value, as when they were weighed.
 */
export function conflictsWith(field: string, value: unknown, told: readonly Told[]): SaidValue[] {
  const found = new Map<string, SaidValue>();
  const own = keyOf(field, value);
  for (const { value: other, sources, confidence } of told) {
    const key = keyOf(field, other);
    if (key === own) continue;
    const said = found.get(key) ?? { value: other, sources: [], ...(confidence === undefined ? {} : { confidence }) };
    said.sources.push(...sources.filter((source) => !said.sources.includes(source)));
    if (confidence !== undefined) said.confidence ??= confidence;
    found.set(key, said);
  }
  return [...found.values()];
}

/** Whether two values of a field are the same but for spelling. */
export function isSameValue(field: string, a: unknown, b: unknown): boolean {
  return keyOf(field, a) === keyOf(field, b);
}

function keyOf(field: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return valueKey(field, value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return valueKey(field, value);
  return JSON.stringify(value);
}
