import type { RejectionCode } from '../../definitions/core/taxonomy.ts';
import { rateDifference } from '../../playbook/core/rate-difference.ts';
import { IN_FORCE, type RuleNote, type RuleState } from './segment-rule-moves.ts';
import { LEAST_DECIDED, type SegmentCount, type SegmentFinding } from './segment-tests.ts';
import type { SegmentAction } from './segments.ts';

/** What a rule is about; there is one at most of each. */
export type RuleSubject = Pick<SegmentCount, 'code' | 'side' | 'segment'>;

export interface StandingRule extends RuleSubject {
  id: string;
  state: RuleState;
  /** When it came into its state, in epoch milliseconds, and whether a person's decision brought it there. */
  changed_at: number;
  by_person: boolean;
  /** The difference in percentage points that it was proposed with. */
  points: number;
}

/** Why a rule in force is proposed for removal. */
export type Doubt = 'no_longer' | 'untested' | 'undeclared';

export type PlannedNote =
  | { note: 'propose' | 'apply'; finding: SegmentFinding; action: SegmentAction }
  | { note: 'lapse'; rule: StandingRule }
  | { note: 'doubt'; rule: StandingRule; why: Doubt };

const DAY = 86_400_000;
/** What a person decided is not brought up again for so long. */
const QUIET = 90 * DAY;
/** A rule is given so long before it is doubted; without leads to tell by, so long before it is to be tried without. */
const SETTLES = 30 * DAY;
const UNTESTED = 180 * DAY;

interface Seen {
  findings: readonly SegmentFinding[];
  counts: readonly SegmentCount[];
  codes: readonly RejectionCode[];
  /** Ids of the taxonomy's sides. */
  sides: readonly string[];
  /** Epoch milliseconds. */
  now: number;
}

/** What a comparison changes about the rules that there are. A finding without an action in the taxonomy changes nothing. */
export function planSegmentRules(rules: readonly StandingRule[], { findings, counts, codes, sides, now }: Seen): PlannedNote[] {
  const standing = new Map(rules.map((rule) => [subjectKey(rule), rule]));
  const found = new Map(findings.map((finding) => [subjectKey(finding), finding]));
  const counted = new Map(counts.map((count) => [subjectKey(count), count]));
  const proposals = findings.flatMap((finding): PlannedNote[] => {
    const code = codes.find((one) => one.code === finding.code);
    const rule = standing.get(subjectKey(finding));
    if (code?.segment_rule === undefined || !isFree(rule, now)) return [];
    // what a person took back once does not come back by itself
    const note: RuleNote = code.auto === true && rule?.by_person !== true ? 'apply' : 'propose';
    return [{ note, finding, action: code.segment_rule }];
  });
  const others = rules.flatMap((rule): PlannedNote[] => {
    const declared = sides.includes(rule.side) && codes.some(({ code, segment_rule }) => code === rule.code && segment_rule !== undefined);
    if (rule.state === 'proposed') return declared && found.has(subjectKey(rule)) ? [] : [{ note: 'lapse', rule }];
    if (rule.state !== 'in_force') return [];
    const why = declared ? doubtOf(rule, counted.get(subjectKey(rule)), now) : 'undeclared';
    return why === null ? [] : [{ note: 'doubt', rule, why }];
  });
  return [...proposals, ...others];
}

const subjectKey = ({ code, side, segment }: RuleSubject) => JSON.stringify([code, side, segment]);

/** Whether a rule may be proposed, again or for the first time. */
function isFree(rule: StandingRule | undefined, now: number): boolean {
  if (rule === undefined) return true;
  if (rule.state === 'proposed' || IN_FORCE.includes(rule.state)) return false;
  return !rule.by_person || now - rule.changed_at >= QUIET;
}

function doubtOf(rule: StandingRule, count: SegmentCount | undefined, now: number): Doubt | null {
  const age = now - rule.changed_at;
  if (count === undefined || count.decided < LEAST_DECIDED) return age >= UNTESTED ? 'untested' : null;
  const { decided, rejected, rest } = count;
  const difference = rateDifference({ of: decided, hits: rejected }, { of: rest.decided, hits: rest.rejected });
  // the interval rules out half of what it was proposed for
  return age >= SETTLES && difference !== null && difference.high < rule.points / 2 ? 'no_longer' : null;
}
