import type { StageMeaning } from './deal.ts';

/** Where a person or an account came from, as their records have it. */
export interface Origin {
  name: string | null;
  source: string | null;
  campaign: string | null;
  /** YYYY-MM-DD */
  created: string | null;
}

/** What is known of whoever touched some deals; only what their dimensions and milestones ask for. */
export interface Known {
  people: ReadonlyMap<string, Origin>;
  accounts: ReadonlyMap<string, Origin>;
  /** By stage and person, the instants at which it was reached, epoch ms. */
  reached: ReadonlyMap<StageMeaning, ReadonlyMap<string, readonly number[]>>;
}

export const NOTHING_KNOWN: Known = { people: new Map(), accounts: new Map(), reached: new Map() };
