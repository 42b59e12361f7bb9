import type { Sla } from '../../definitions/core/sla.ts';
import type { ClockedLead } from './clock.ts';
import { clocksOf, type Entry, type RunningClock, urgencyOf, withoutTakenBack } from './hand-off-clocks.ts';
import { type BARE_MOVES, LEGAL, type LeadState, type Move, moved, NEW_LEAD, OPEN_STAGES } from './moves.ts';
import type { Outcome } from './rejection.ts';

/** What a log says of one hand-off: as its clocks read it, with all that its moves need. */
export type LogEntry = { at: number; sla: string } & (
  | { kind: 'hand_off'; owner: string | null }
  | { kind: 'assign'; owner: string }
  /** `rerouted`: it is handed to another owner, which decides nothing. */
  | { kind: 'reject'; code: string; sub_reason: string | null; outcome: Outcome; rerouted: boolean }
  /** `into`: the hand-off that stays. */
  | { kind: 'merge_away'; into: string }
  | { kind: (typeof BARE_MOVES)[number] | 'meeting' }
  | Extract<Entry, { kind: 'attempt' | 'pause' | 'resume' }>
);

/** Where a hand-off stands, by its log alone. Instants are epoch milliseconds. */
export interface Projection {
  state: LeadState;
  /** Of the last rejection that was not taken back. */
  code: string | null;
  sub_reason: string | null;
  disposed_at: number | null;
  /** The first attempt or meeting. */
  touched_at: number | null;
  qualified_at: number | null;
  /** When an opportunity was opened. */
  opened_at: number | null;
  closed_at: number | null;
  /** The latest instant of an event. */
  changed_at: number;
  /** When it needs somebody next: `NEVER` where nothing is awaited. */
  next_at: number;
  /** As its last event left them. */
  clocks(): RunningClock[];
}

/** 9999-12-31: sorts behind all that is due. */
export const NEVER = Date.UTC(9999, 11, 31);

/** The log in the order in which clocks read it; given in the order in which it was written. */
export function inOrder<T extends { at: number }>(log: readonly T[]): T[] {
  return [...log].sort((a, b) => a.at - b.at);
}

/**
 * Where a hand-off stands after all that was logged.
 * @param log in the order in which it was written; its moves are legal, each made by who may make it
 * @param slas every version that the log names, by hash
 */
export function projectionOf(lead: ClockedLead, log: readonly LogEntry[], slas: ReadonlyMap<string, Sla>): Projection {
  let state = NEW_LEAD;
  let closed_at: number | null = null;
  for (const entry of log) {
    const move = moveOf(entry);
    if (move === null) continue;
    const next = moved(state, move, { by: LEGAL[move.move].by[0] ?? 'job', at: entry.at, reversal: Number.POSITIVE_INFINITY });
    if ('refused' in next) throw new Error(`the log has a move that is none: ${next.refused}`);
    const isOpen = OPEN_STAGES.includes(next.stage);
    if (isOpen) closed_at = null;
    else closed_at ??= entry.at;
    state = next;
  }
  const standing = withoutTakenBack(log);
  const rejection = standing.findLast((entry) => entry.kind === 'reject');
  const changed_at = Math.max(...log.map(({ at }) => at));
  const clocks = () => clocksOf({ lead, log: inOrder(log) }, slas, changed_at);
  return {
    state,
    code: rejection?.code ?? null,
    sub_reason: rejection?.sub_reason ?? null,
    disposed_at: standing.find((entry) => entry.kind === 'accept' || (entry.kind === 'reject' && !entry.rerouted))?.at ?? null,
    touched_at: firstOf(log, 'attempt', 'meeting'),
    qualified_at: firstOf(log, 'qualify'),
    opened_at: firstOf(log, 'open_opportunity'),
    closed_at,
    changed_at,
    next_at: nextAt(state, () => urgencyOf(clocks())),
    clocks,
  };
}

/** The earliest instant of entries of these kinds, which may have been written in another order. */
function firstOf(log: readonly LogEntry[], ...kinds: LogEntry['kind'][]): number | null {
  const instants = log.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => at);
  return instants.length === 0 ? null : Math.min(...instants);
}

function nextAt({ stage, returns_on }: LeadState, urgency: () => number): number {
  if (stage === 'recycled' && returns_on !== null) return Date.parse(`${returns_on}T00:00:00Z`);
  return OPEN_STAGES.includes(stage) ? Math.min(urgency(), NEVER) : NEVER;
}

/** The move that an entry tells of; null of what moves nothing. */
function moveOf(entry: LogEntry): Move | null {
  switch (entry.kind) {
    case 'hand_off':
      return { move: 'hand_off', owner: entry.owner, rule_met: true, override: null };
    case 'assign':
      return { move: 'assign', owner: entry.owner };
    case 'reject':
      return { move: 'reject', outcome: entry.outcome };
    case 'attempt':
    case 'meeting':
    case 'pause':
    case 'resume':
      return null;
    default:
      return { move: entry.kind };
  }
}

/** The attempts of a log, by type. */
export function attemptsOf(log: readonly LogEntry[]): Map<string, number> {
  const logged = new Map<string, number>();
  for (const entry of log) if (entry.kind === 'attempt') logged.set(entry.type, (logged.get(entry.type) ?? 0) + 1);
  return logged;
}
