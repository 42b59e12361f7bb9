import type { LeadFacts } from './exceptions.ts';
import type { Projection } from './log.ts';
import type { Stage } from './moves.ts';

/** What a list is narrowed to, with the instants worked out. */
export interface HandOffFilter {
  stages: readonly Stage[];
  owner: string | null;
  source: string | null;
  code: string | null;
  /** Of `next_at`, epoch milliseconds: from, and before. */
  from: number | null;
  before: number | null;
  handedBefore: number | null;
}

/** The place of a hand-off in a list: when it needs somebody next, when it was handed off, its id. */
export type Place = readonly [next: number, handed: number, id: string];

/** Whether a list holds a hand-off; the same conditions are SQL in list-handoffs.ts. */
export function isListed(filter: HandOffFilter, handOff: { handed_at: number; lead: LeadFacts; projection: Projection }): boolean {
  const { state, code, next_at } = handOff.projection;
  return (
    filter.stages.includes(state.stage) &&
    (filter.owner === null || state.owner === filter.owner) &&
    (filter.source === null || handOff.lead.source === filter.source) &&
    (filter.code === null || code === filter.code) &&
    (filter.from === null || next_at >= filter.from) &&
    (filter.before === null || next_at < filter.before) &&
    (filter.handedBefore === null || handOff.handed_at <= filter.handedBefore)
  );
}

/** The order of a list: what needs somebody first is first. */
export function comparePlaces([next, handed, id]: Place, [otherNext, otherHanded, otherId]: Place): number {
  return next - otherNext || handed - otherHanded || (id < otherId ? -1 : id > otherId ? 1 : 0);
}
