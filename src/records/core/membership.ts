export type Evidence = 'record' | 'domain';

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
 * claims the domain of their e-mail, else to none.
 * @param named person → the account that their record names now
 */
export function membershipMoves(memberships: readonly Membership[], named: ReadonlyMap<string, string>): MembershipMove[] {
  return memberships.flatMap(({ personId, accountId, evidence, claimedBy }) => {
    const byRecord = named.get(personId) ?? (evidence === 'record' ? accountId : null);
    const to = byRecord ?? claimedBy;
    const why: Evidence | null = byRecord !== null ? 'record' : claimedBy !== null ? 'domain' : null;
    return to === accountId && why === evidence ? [] : [{ personId, from: accountId, to, evidence: why }];
  });
}
