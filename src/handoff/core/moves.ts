import { STAGE_MEANINGS } from '../../definitions/core/taxonomy.ts';
import { dayFromIso, dayOf } from '../../kernel/dates.ts';
import type { Outcome } from './rejection.ts';

/** What a stage of the taxonomy's lifecycle means; and `merged`: the hand-off gave way to another of the same person. */
export const STAGES = [...STAGE_MEANINGS, 'merged'] as const;
/** Where a lead is. */
export type Stage = (typeof STAGES)[number];

/** In whose name a move is made; `job` is the server's own work. */
export const MOVERS = ['marketing', 'sales', 'revops', 'job'] as const;
export type Mover = (typeof MOVERS)[number];

/** What somebody has to do before the lead goes on. */
export type Wait = 'assignment' | 'enrichment' | 'merge';

interface Standing {
  stage: Stage;
  /** Who works on it; null when nobody does. */
  owner: string | null;
  waits_for: Wait | null;
  /** Of a recycled lead: the day it comes back, YYYY-MM-DD; null: whenever it meets the MQL rule again. */
  returns_on: string | null;
}

export interface LeadState extends Standing {
  /** The last move, where it was a disposition: when it was made, and what it would be taken back to. */
  decided: { at: number; before: Standing } | null;
  /** Where one that is `merged` stood, and would stand again. */
  was: LeadState | null;
}

/** A lead that nobody handed off yet. */
export const NEW_LEAD: LeadState = { stage: 'inquiry', owner: null, waits_for: null, returns_on: null, decided: null, was: null };

const STEPS = ['qualify', 'open_opportunity', 'win', 'lose', 'enriched', 'merged'] as const;
/** The moves that a person decides on once a lead is handed off. */
export const DECISIONS = ['accept', 'reject', 'take_back', 'assign', ...STEPS] as const;
/**
 * Moves that say nothing beside their names. `lapse`: its day came and it does not meet the rule, so it comes back when it does. `unmerge`: the
 * person and the one whose hand-off stayed are not one any more.
 */
export const BARE_MOVES = ['accept', 'take_back', ...STEPS, 'lapse', 'unmerge'] as const;

export type Move =
  /**
   * `owner` null: nobody has room, so it waits. `against`: what speaks against it beside the rule. `override`: the reason for which it is
   * handed off nevertheless.
   */
  | { move: 'hand_off'; owner: string | null; rule_met: boolean; against?: readonly string[]; override: string | null }
  | { move: 'assign'; owner: string }
  | { move: 'reject'; outcome: Outcome }
  /** The person is one with another who has an open hand-off too, and that one stays. */
  | { move: 'merge_away' }
  | { move: (typeof BARE_MOVES)[number] };
export type MoveName = Move['move'];

/** The stages from which each move is made, and by whom. */
export const LEGAL: Readonly<Record<MoveName, { from: readonly Stage[]; by: readonly Mover[] }>> = {
  hand_off: { from: ['inquiry', 'recycled', 'disqualified', 'lost'], by: ['marketing', 'revops', 'job'] },
  assign: { from: ['mql', 'accepted', 'qualified'], by: ['sales', 'revops', 'job'] },
  accept: { from: ['mql'], by: ['sales'] },
  reject: { from: ['mql', 'accepted', 'qualified'], by: ['sales'] },
  qualify: { from: ['accepted'], by: ['sales'] },
  open_opportunity: { from: ['accepted', 'qualified'], by: ['sales'] },
  win: { from: ['opportunity'], by: ['sales'] },
  lose: { from: ['opportunity'], by: ['sales'] },
  enriched: { from: ['inquiry'], by: ['revops', 'job'] },
  merged: { from: ['inquiry'], by: ['revops', 'job'] },
  lapse: { from: ['recycled'], by: ['job'] },
  merge_away: { from: ['mql', 'accepted', 'qualified', 'opportunity', 'merged'], by: ['job'] },
  unmerge: { from: ['merged'], by: ['job'] },
  take_back: { from: ['mql', 'accepted', 'inquiry', 'recycled', 'disqualified'], by: ['sales', 'revops'] },
};

/** A hand-off that is not over: a lead has one at most. */
export const OPEN_STAGES: readonly Stage[] = ['mql', 'accepted', 'qualified', 'opportunity'];

/** Why a move is not made, and what can be done instead. */
export interface Refusal {
  refused: string;
  next: string;
}

/**
 * The lead after a move, or why it is not made. Nothing but the arguments counts.
 * @param at epoch milliseconds, not before the move that came last
 * @param reversal for how many milliseconds a disposition may be taken back; null: not at all
 */
export function moved(
  lead: LeadState,
  move: Move,
  { by, at, reversal }: { by: Mover; at: number; reversal: number | null },
): LeadState | Refusal {
  const { from, by: movers } = LEGAL[move.move];
  const name = move.move.replaceAll('_', ' ');
  if (!movers.includes(by)) return refuse(`${by} does not make the move "${name}"`, `Leave it to ${movers.join(' or ')}.`);
  if (move.move === 'hand_off' && OPEN_STAGES.includes(lead.stage))
    return refuse(`the lead is handed off already, and is ${lead.stage}`, 'Accept or reject it before it is handed off again.');
  if (!from.includes(lead.stage))
    return refuse(`"${name}" is no move of a lead that is ${lead.stage}`, `It is made of one that is ${from.join(', ')}.`);
  switch (move.move) {
    case 'hand_off':
      return handedOff(lead, move, by, at);
    case 'assign':
      return { ...plain(lead), owner: move.owner, waits_for: null };
    case 'accept':
      if (lead.owner === null)
        return refuse('nobody owns the lead yet', 'Assign it first: dispose_mql with decision assign and the owner.');
      return { ...plain(lead), stage: 'accepted', decided: { at, before: standing(lead) } };
    case 'reject':
      return { ...plain(lead), ...move.outcome, owner: null, decided: { at, before: standing(lead) } };
    case 'qualify':
      return { ...plain(lead), stage: 'qualified' };
    case 'open_opportunity':
      return { ...plain(lead), stage: 'opportunity' };
    case 'win':
      return { ...plain(lead), stage: 'won' };
    case 'lose':
      return { ...plain(lead), stage: 'lost' };
    case 'enriched':
      return settled(lead, 'enrichment');
    case 'merged':
      return settled(lead, 'merge');
    case 'lapse':
      return { ...plain(lead), returns_on: null };
    case 'merge_away':
      return { ...NEW_LEAD, stage: 'merged', was: lead.was ?? lead };
    case 'unmerge':
      return lead.was ?? refuse('nothing is known of where it stood', 'Hand the lead off again instead.');
    case 'take_back':
      return takenBack(lead, at, reversal);
  }
}

function handedOff(lead: LeadState, move: Move & { move: 'hand_off' }, by: Mover, at: number): LeadState | Refusal {
  const against = [...handOffDoubts(lead, move.rule_met, at), ...(move.against ?? [])];
  if (against.length > 0 && (move.override === null || by === 'job'))
    return refuse(
      against.join('; '),
      by === 'job' ? 'Leave it to marketing, who can hand it off with a reason.' : 'Give a reason to hand it off nevertheless.',
    );
  return { ...NEW_LEAD, stage: 'mql', owner: move.owner, waits_for: move.owner === null ? 'assignment' : null };
}

/** What speaks against handing a lead off at an instant, and needs a reason to be set aside. */
export function handOffDoubts({ stage, waits_for, returns_on }: LeadState, ruleMet: boolean, at: number): string[] {
  return [
    ruleMet ? [] : ['it does not meet the MQL rule'],
    stage === 'disqualified' || stage === 'lost' ? [`it is ${stage}`] : [],
    waits_for === null ? [] : [`it waits for ${waits_for}`],
    returns_on !== null && dayOf(new Date(at)) < dayFromIso(returns_on) ? [`it comes back on ${returns_on}`] : [],
  ].flat();
}

function settled(lead: LeadState, wait: Wait): LeadState | Refusal {
  if (lead.waits_for !== wait) return refuse(`the lead does not wait for ${wait}`, 'There is nothing to note.');
  return { ...plain(lead), waits_for: null };
}

function takenBack({ decided }: LeadState, at: number, reversal: number | null): LeadState | Refusal {
  if (decided === null) return refuse('the last move of the lead is no disposition', 'Only the disposition made last can be taken back.');
  if (reversal === null) return refuse('the SLA has no reversal_within', 'Hand the lead off again instead.');
  if (at > decided.at + reversal)
    return refuse(
      `the disposition stands since ${new Date(decided.at + reversal).toISOString()}`,
      'Hand the lead off again instead; its history stays.',
    );
  return { ...decided.before, decided: null, was: null };
}

const standing = ({ stage, owner, waits_for, returns_on }: LeadState): Standing => ({ stage, owner, waits_for, returns_on });
const plain = (lead: LeadState): LeadState => ({ ...lead, decided: null });
const refuse = (refused: string, next: string): Refusal => ({ refused, next });
