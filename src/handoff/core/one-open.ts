import type { LeadState, Stage } from './moves.ts';

/** A hand-off of one of the records that count as a person. */
export interface Placed {
  id: string;
  /** The person that its record counts as today. */
  entity: string;
  /** Epoch milliseconds. */
  handed_at: number;
  /** The hand-off that came next, or stays in its place. */
  followed_by: string | null;
  is_open: boolean;
  is_merged: boolean;
  /** It was rejected as a duplicate, and waits for the merge. */
  awaits_merge: boolean;
}

/** What has to be settled of one person's hand-offs, by id. */
export interface Unsettled {
  /** One of them stays: those that are open, and those that gave way to one that is another person's today. */
  claims: string[];
  /** Of one that another person's follows: the next of its own person, or null, where it is the last. */
  followers: { id: string; followed_by: string | null }[];
}

/** What of the hand-offs does not fit who is whom today; given all of each person that is looked at. */
export function unsettledOf(placed: readonly Placed[]): Unsettled[] {
  const people = new Map<string, Placed[]>();
  for (const one of placed) people.set(one.entity, [...(people.get(one.entity) ?? []), one]);
  return [...people.values()].flatMap((own): Unsettled[] => {
    const ids = new Set(own.map(({ id }) => id));
    const isAway = ({ followed_by }: Placed) => followed_by !== null && !ids.has(followed_by);
    const returning = own.filter((one) => one.is_merged && isAway(one));
    const claims = [...own.filter((one) => one.is_open), ...returning].map(({ id }) => id);
    const followers = own
      .filter((one) => !one.is_merged && isAway(one))
      .map((one) => ({ id: one.id, followed_by: nextOf(one, own)?.id ?? null }));
    return claims.length > 1 || returning.length > 0 || followers.length > 0 ? [{ claims, followers }] : [];
  });
}

function nextOf(one: Placed, own: readonly Placed[]): Placed | undefined {
  return own.filter((other) => other.handed_at > one.handed_at && !other.is_merged).sort((a, b) => a.handed_at - b.handed_at)[0];
}

export interface Claim {
  id: string;
  handed_at: number;
  state: LeadState;
}

const FURTHEST: readonly Stage[] = ['opportunity', 'qualified', 'accepted', 'mql'];

/**
 * The hand-off that stays: the one furthest along, since most work is in it; of equals one that somebody owns, then the oldest, whose promises
 * are due first.
 */
export function stayingOf<T extends Claim>(claims: readonly T[]): T | undefined {
  const stood = ({ state }: T) => state.was ?? state;
  const rank = (one: T) => FURTHEST.indexOf(stood(one).stage);
  const unowned = (one: T) => (stood(one).owner === null ? 1 : 0);
  return [...claims].sort((a, b) => rank(a) - rank(b) || unowned(a) - unowned(b) || a.handed_at - b.handed_at || (a.id < b.id ? -1 : 1))[0];
}
