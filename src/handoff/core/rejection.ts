import type { Sla } from '../../definitions/core/sla.ts';
import type { RejectionCode } from '../../definitions/core/taxonomy.ts';
import { dayFromIso, isoFromDay } from '../../kernel/dates.ts';
import { exceptionFor, type LeadFacts } from './exceptions.ts';

/** A lead that is locked in comes back so many days before the date on which it is free: time enough to be chosen by then. */
const DAYS_BEFORE = 90;

/** What a rejection makes of a lead. Re-routed, it stays an MQL and waits for another owner. */
export interface Outcome {
  stage: 'mql' | 'inquiry' | 'recycled' | 'disqualified';
  waits_for: 'assignment' | 'enrichment' | 'merge' | null;
  /** YYYY-MM-DD; null: no date. */
  returns_on: string | null;
}

/** What is asked of whoever rejects a lead. */
export interface Rejection {
  code: RejectionCode;
  sub_reason: string | null;
  /** The day of the rejection, counted from 1970-01-01. */
  day: number;
  /** The date field that the code names under `before`, YYYY-MM-DD; null: not known. */
  before: string | null;
  /** Of `missingAttempts`. */
  missing: readonly MissingAttempt[];
}

export interface MissingAttempt {
  type: string;
  at_least: number;
  logged: number;
}

const FATES: Readonly<Record<RejectionCode['action'], Omit<Outcome, 'returns_on'>>> = {
  nurture: { stage: 'recycled', waits_for: null },
  monitor: { stage: 'recycled', waits_for: null },
  recycle: { stage: 'recycled', waits_for: null },
  archive: { stage: 'disqualified', waits_for: null },
  suppress: { stage: 'disqualified', waits_for: null },
  enrich: { stage: 'inquiry', waits_for: 'enrichment' },
  merge: { stage: 'inquiry', waits_for: 'merge' },
  reroute: { stage: 'mql', waits_for: 'assignment' },
};

/** What becomes of a lead that is rejected, by its code; or all that is missing for the rejection, each a sentence. */
export function outcomeOf({ code, sub_reason, day, before, missing }: Rejection): Outcome | { missing: string[] } {
  const wanted = [
    subReasonMissing(code, sub_reason),
    code.needs_attempts === true ? missing.map(attemptText) : [],
    code.before !== undefined && before === null ? [`${code.before} is not known: record it, or reject with another code`] : [],
    code.before !== undefined && before !== null && dayFromIso(before) <= day
      ? [`${code.before} is ${before}, which is not ahead: record the next one, or reject with another code`]
      : [],
  ].flat();
  if (wanted.length > 0) return { missing: wanted };
  const returns = returnDay(code, day, before);
  return { ...FATES[code.action], returns_on: returns === null ? null : isoFromDay(returns) };
}

function returnDay(code: RejectionCode, day: number, before: string | null): number | null {
  if (code.after_days !== undefined) return day + code.after_days;
  return before === null || code.before === undefined ? null : Math.max(day + 1, dayFromIso(before) - DAYS_BEFORE);
}

function subReasonMissing({ code, sub_reasons }: RejectionCode, given: string | null): string[] {
  if (sub_reasons === undefined) return given === null ? [] : [`${code} takes no sub-reason: leave it out`];
  return given !== null && sub_reasons.includes(given) ? [] : [`${code} needs a sub-reason: one of ${sub_reasons.join(', ')}`];
}

const attemptText = ({ type, at_least, logged }: MissingAttempt) =>
  `${at_least - logged} more of ${type}: ${logged} of ${at_least} are logged`;

/**
 * The attempts of the SLA that a lead still lacks before it may be called unable to reach.
 * @param logged since the hand-off, by type
 */
export function missingAttempts({ follow_up }: Sla, lead: LeadFacts, logged: ReadonlyMap<string, number>): MissingAttempt[] {
  const { attempts } = exceptionFor(follow_up.exceptions, 'follow_up', lead) ?? follow_up;
  return attempts
    .map(({ type, at_least }) => ({ type, at_least, logged: logged.get(type) ?? 0 }))
    .filter(({ at_least, logged: count }) => count < at_least);
}
