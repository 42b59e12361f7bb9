/** One part of what makes a person a marketing qualified lead. */
export interface Requirement {
  /** In words, as the definition's own sentences say it. */
  requirement: string;
  /** Unknown: a field that decides it has no value. */
  met: 'yes' | 'no' | 'unknown';
}

export interface Readiness {
  /** True when the lead can be handed off. */
  ready: boolean;
  requirements: Requirement[];
  /** Why it is not ready; empty when it is. */
  reasons: string[];
}

/**
 * Whether a lead can be handed off: every part of the MQL rule is met and the rubric does not disqualify it.
 * @param met by part of the rule, in its order; null for unknown
 * @param disqualifiedBy what the rubric's disqualifiers that apply mean
 */
export function readinessOf(parts: readonly string[], met: readonly (boolean | null)[], disqualifiedBy: readonly string[]): Readiness {
  const requirements = parts.map((requirement, i): Requirement => {
    const answer = met[i] ?? null;
    return { requirement, met: answer === null ? 'unknown' : answer ? 'yes' : 'no' };
  });
  const reasons = [
    ...requirements.flatMap(({ requirement, met: answer }) =>
      answer === 'yes' ? [] : [`${answer === 'no' ? 'not met' : 'not known'}: ${requirement}`],
    ),
    ...disqualifiedBy.map((meaning) => `disqualified: ${meaning}`),
  ];
  return { ready: reasons.length === 0, requirements, reasons };
}
