import type { Attribution } from '../../definitions/core/attribution.ts';
import type { STAGE_MEANINGS, Taxonomy } from '../../definitions/core/taxonomy.ts';
import type { Milestone, Path, Touch } from './credit.ts';

const DAY_MS = 86_400_000;

/** An opportunity that was converted, as the CRM has it. Days are counted from 1970-01-01. */
export interface Deal {
  id: string;
  name: string | null;
  accountId: string | null;
  created: number | null;
  /** The day on which it was won or lost. */
  closed: number | null;
  /** Null while it is open. */
  won: boolean | null;
  /** Hundredths of the currency's unit; null where it has no amount that can be shared out. */
  cents: number | null;
  currency: string | null;
}

/** An engagement event in the look-back of a deal. */
export interface DealTouch {
  /** Epoch ms. */
  at: number;
  /** An event type of the taxonomy. */
  type: string;
  /** Whom it counts for; null: only the account is known. */
  person: string | null;
  /** What the event says besides, where it was asked for. */
  attributes: Readonly<Record<string, unknown>> | null;
}

export type StageMeaning = (typeof STAGE_MEANINGS)[number];

const DEFAULT_STAGES: Readonly<Record<Milestone, StageMeaning>> = {
  lead_created: 'inquiry',
  opportunity_created: 'opportunity',
  closed_won: 'won',
};

/** What the stage that begins with a milestone stands for; undefined for a stage that the taxonomy does not know, which nothing reaches. */
export function meaningOf(milestone: Milestone, attribution: Attribution, { lifecycle }: Taxonomy): StageMeaning | undefined {
  const stage = attribution.milestones?.[milestone];
  return stage === undefined ? DEFAULT_STAGES[milestone] : lifecycle.find(({ id }) => id === stage)?.means;
}

/** The day by which a deal counts. */
export function conversionDay({ created, closed }: Deal, conversion: Attribution['conversion']): number {
  return (conversion === 'closed_won' ? closed : created) ?? 0;
}

/** The last instant of a day: what happened on the day of a change of stage counts as before it. */
export const endOf = (day: number) => (day + 1) * DAY_MS - 1;

export interface PathRules {
  conversion: Attribution['conversion'];
  lookbackDays: number;
  /** The milestones that a model asks for, and what their stages mean. */
  milestones: readonly (readonly [Milestone, StageMeaning | undefined])[];
  /** The instants, epoch ms, at which a person reached a stage. */
  reached(person: string, stage: StageMeaning): readonly number[];
}

/**
 * What led to a deal.
 * @param deed each touch's channel, or whatever else credit is told apart by, and whether it came by itself
 */
export function pathOf(deal: Deal, touches: readonly DealTouch[], deed: readonly Touch[], rules: PathRules): Path {
  const day = conversionDay(deal, rules.conversion);
  const milestones: Path['milestones'] = {};
  for (const [milestone, stage] of rules.milestones) {
    const at = stage === undefined ? undefined : reachedAt(deal, touches, stage, (day - rules.lookbackDays) * DAY_MS, rules);
    if (at === undefined || at > endOf(day)) continue;
    const place = touches.findLastIndex((touch) => touch.at <= at);
    if (place >= 0) milestones[milestone] = place;
  }
  return { touches: deed, milestones, convertedAt: endOf(day) };
}

/** Of stages of people, the first time within the look-back that one who touched reached it: whoever did before is no new lead of this deal. */
function reachedAt(deal: Deal, touches: readonly DealTouch[], stage: StageMeaning, since: number, rules: PathRules): number | undefined {
  if (stage === 'opportunity') return deal.created === null ? undefined : endOf(deal.created);
  if (stage === 'won') return deal.won === true && deal.closed !== null ? endOf(deal.closed) : undefined;
  let first: number | undefined;
  for (const { person } of touches) {
    if (person === null) continue;
    for (const at of rules.reached(person, stage)) if (at >= since && (first === undefined || at < first)) first = at;
  }
  return first;
}
