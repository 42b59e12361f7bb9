/** Why a person belongs to an account, the strongest first: a record names it, the domain of the e-mail is its, a matcher found it. */
export const EVIDENCE = ['record', 'domain', 'match'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** Where a person belongs today, and who claims the domain of their e-mail. */
export interface Membership {
  personId: string;
  accountId: string | null;
  evidence: Evidence | null;
  claimedBy: string | null;
}

export interface MembershipMove {
  personId: string;
  from: string | null;
  to: string | null;
  evidence: Evidence | null;
}

/**
 * What must change so that everyone belongs to the account that their own record names (now or before), else to the one that
 * claims the domain of their e-mail, else to the one that a matcher found (now or before), else to none.
 * @param named person → the account that their record names now
 * @param matched person → the account that a matcher found now; null where it finds none any more
 */
export function membershipMoves(
  memberships: readonly Membership[],
  named: ReadonlyMap<string, string>,
  matched: ReadonlyMap<string, string | null> = new Map(),
): MembershipMove[] {
  return memberships.flatMap(({ personId, accountId, evidence, claimedBy }) => {
    const byRecord = named.get(personId) ?? (evidence === 'record' ? accountId : null);
    const found = matched.get(personId);
    const byMatch = found === undefined ? (evidence === 'match' ? accountId : null) : found;
    const to = byRecord ?? claimedBy ?? byMatch;
    const why: Evidence | null = byRecord !== null ? 'record' : claimedBy !== null ? 'domain' : byMatch !== null ? 'match' : null;
    return to === accountId && why === evidence ? [] : [{ personId, from: accountId, to, evidence: why }];
  });
}
