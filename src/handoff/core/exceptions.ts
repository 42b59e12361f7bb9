/** What of a lead decides which of the SLA's exceptions hold for it. */
export interface LeadFacts {
  source: string | null;
  tier: string | null;
  /** `clock.exception`, or `follow_up.exception`, of each exception whose condition holds. */
  holds: ReadonlySet<string>;
}

interface Exception {
  id: string;
  sources?: readonly string[] | undefined;
  tiers?: readonly string[] | undefined;
  when?: unknown;
}

/**
 * The first exception that holds for a lead: all that it asks for is so. What is not known of the lead is not so.
 * @param of the clock's id, or `follow_up`
 */
export function exceptionFor<T extends Exception>(exceptions: readonly T[] | undefined, of: string, lead: LeadFacts): T | undefined {
  return exceptions?.find(
    ({ id, sources, tiers, when }) =>
      (sources === undefined || (lead.source !== null && sources.includes(lead.source))) &&
      (tiers === undefined || (lead.tier !== null && tiers.includes(lead.tier))) &&
      (when === undefined || lead.holds.has(`${of}.${id}`)),
  );
}
