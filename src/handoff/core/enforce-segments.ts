import type { ActiveRule } from './segments.ts';

/** What the rules of its segments mean for a lead that is handed off. */
export interface Enforced {
  /** What speaks against the hand-off, and can be set aside with a reason. */
  against: string[];
  /** The tier by which its promises are chosen. */
  tier: string | null;
  /** Owners who do not get it. */
  not: string[];
}

const LOWER: Readonly<Record<string, string>> = { A: 'B', B: 'C' };

/**
 * @param rules those of whose segments the lead is
 * @param enriched whether something of the lead was looked up lately
 */
export function enforceSegments(rules: readonly ActiveRule[], { tier, enriched }: { tier: string | null; enriched: boolean }): Enforced {
  const of = (rule: ActiveRule['rule']) => rules.filter((one) => one.rule === rule);
  const lowering = of('lower_score');
  const lowered = lowering.length > 0 && tier !== null ? LOWER[tier] : undefined;
  return {
    against: [
      ...of('exclude').map(because('it is of a segment that is left out')),
      ...(enriched ? [] : of('require_enrichment').map(because('it is of a segment that is enriched first'))),
      ...(tier === 'C' ? lowering.map(because('it is of tier C and of a segment that counts for less')) : []),
    ],
    tier: lowered ?? tier,
    not: [...new Set(of('reroute').flatMap(({ not }) => not))],
  };
}

const because =
  (what: string) =>
  ({ label, because: code }: ActiveRule) =>
    `${what} (${label}; ${code})`;
