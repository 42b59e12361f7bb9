import type { ScoredTier } from '../../definitions/core/common.ts';
import type { DefinitionKind, DefinitionRef } from '../../definitions/core/definition.ts';
import type { Change } from '../../definitions/core/patch.ts';
import type { IcpAnalysis } from './analysis.ts';
import type { LeftOut } from './deal-outcomes.ts';
import type { DraftLine, Unwritten } from './draft-lines.ts';
import type { Tiers } from './draft-tiers.ts';

/** Which deals were looked at, from where, and what is to be known of it. */
export interface RefreshRead {
  deals: number;
  won: number;
  accounts: number;
  /** Of the deals: whose account was in the workspace by the cut-off; the others were imported later. */
  witnessed: number;
  /** Of whom no field was known. */
  nothing_known: number;
  left_out: { reason: LeftOut; n: number; text: string }[];
  /** Of the whole workspace. */
  closed: number;
  open: number;
  /** Fields that the outcome sets: they are never looked at. */
  denied: string[];
  /** What follows from all this, a sentence each. */
  statements: string[];
}

/** Deals of a group with an outcome; rates are shares of 1. */
export interface WonShare {
  n: number;
  won: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

/** Closed deals by tier as of their cut-off: under the rubric in force, and under the draft. */
export interface DealTiers {
  tiers: { tier: ScoredTier; current: WonShare; draft: WonShare }[];
  moved: { from: ScoredTier; to: ScoredTier; n: number; won: number }[];
}

/** An input of `propose_definition`, as it is. */
export interface HandOver {
  kind: Extract<DefinitionKind, 'icp' | 'rubric'>;
  changes: Change[];
  reason: string;
}

export interface RefreshDraft {
  lines: DraftLine[];
  /** Thresholds that keep as many records of today in A and B as there are. */
  tiers: { before: Tiers; after: Tiers };
  icp: { change: Change; why: string }[];
  /** In the order in which they are to be proposed. */
  proposals: HandOver[];
  /** Lines, from the version in use to the draft. */
  difference: { icp: string[]; rubric: string[] };
  /** Records of today that would change tier. */
  effect: { of: 'account' | 'lead'; from: string; to: string; n: number }[];
  /** The closed deals scored again: those that the lines were found in, so it flatters the draft. */
  on_deals: DealTiers;
  /** A version of these kinds that waits for signatures: the changes would be made to it. */
  open: { kind: HandOver['kind']; hash: string }[];
}

/** The quarterly refresh of a workspace. It holds no instant of its making. */
export interface IcpRefresh {
  /** The quarter that it is for; days YYYY-MM-DD, both counted, of the closes that were looked at. */
  period: { name: string; from: string; to: string; quarters: number };
  /** In a sentence: from which day each deal was looked at. */
  cut_off: string;
  read: RefreshRead;
  analysis: IcpAnalysis;
  /** Win rates by the tier of the rubric in force as of the cut-off; empty where fields are those of today. */
  tiers: (WonShare & { tier: ScoredTier })[];
  /** Win rates by the segment of the ICP that the account was in; `none` last. */
  segments: (WonShare & { segment: string })[];
  /** Findings that change nothing in rubric or profile, and why. */
  unwritten: Unwritten[];
  /** null where nothing was found that would change anything. */
  draft: RefreshDraft | null;
  /** Why there is no draft; null where there is one. */
  no_draft: string | null;
  definitions: DefinitionRef[];
}
