import type { Clock, Sla } from '../../definitions/core/sla.ts';
import { type ClockedLead, type ClockState, clockState, type Pause, pausedStretches, type Terms, termsOf } from './clock.ts';
import type { MoveName } from './moves.ts';
import { missingAttempts } from './rejection.ts';

/** What was logged of one hand-off, each with the instant at which it was so (epoch milliseconds) and the hash of the SLA then in force. */
export type Entry = { at: number; sla: string } & (
  | { kind: Exclude<MoveName, 'reject'> | 'meeting' }
  /** `rerouted`: the lead is handed to another owner and goes on, so nothing is decided. */
  | { kind: 'reject'; rerouted?: boolean }
  /** `reached`: the lead answered. `type` as the attempts of the SLA have it. */
  | { kind: 'attempt'; type: string; reached: boolean }
  | { kind: 'pause'; reason: string; until: number | null }
  | { kind: 'resume'; reason: string }
);

export interface HandOff {
  /** What was known of the lead when it was handed off. */
  lead: ClockedLead;
  /** In the order of their instants; of equal ones in the order in which they were logged. */
  log: readonly Entry[];
}

export interface RunningClock extends ClockState {
  terms: Terms;
  /** The version of the SLA whose promise it keeps. */
  sla: string;
}

type Moment = Clock['from'];
type Moments = Partial<Record<Moment, Entry>>;

/**
 * The clocks of a hand-off as of an instant, by its log up to then. A clock is of the version that was in force when it started; one that
 * did not start yet is of the version of the hand-off. A rejection calls off what is not owed to a rejected lead, and so does a merge.
 * @param slas every version that the log names, by hash
 */
export function clocksOf({ lead, log }: HandOff, slas: ReadonlyMap<string, Sla>, asOf: number): RunningClock[] {
  const past = log.filter(({ at }) => at <= asOf);
  const [first] = past;
  if (first === undefined) return [];
  const standing = withoutTakenBack(past);
  const moments = momentsOf(standing, slas, lead);
  const pauses = pausesOf(past);
  const over = standing.findLast((entry) => isFinal(entry) || entry.kind === 'merge_away')?.at ?? null;
  const versions = [...new Set([first.sla, ...Object.values(moments).map(({ sla }) => sla)])];
  return versions.flatMap((hash): RunningClock[] => {
    const sla = slas.get(hash);
    const clocks = sla?.clocks.filter(({ from }) => (moments[from] ?? first).sla === hash) ?? [];
    return clocks.flatMap((clock) => {
      if (sla === undefined) return [];
      const terms = termsOf(sla, clock, lead);
      const run = { started: moments[clock.from]?.at ?? null, stopped: moments[clock.to]?.at ?? null, called_off: over };
      return [{ ...clockState(terms, run, pausedStretches(sla, clock.id, pauses, asOf), asOf), terms, sla: hash }];
    });
  });
}

/**
 * When a hand-off needs somebody next: the due instant that comes first, or came first, among the clocks still owed. Infinity when none is
 * due. Sorted by it, the longest breached is first.
 */
export function urgencyOf(clocks: readonly ClockState[]): number {
  const owed = clocks.filter(({ state }) => state === 'running' || state === 'paused');
  return Math.min(...owed.map(({ due }) => due ?? Number.POSITIVE_INFINITY));
}

const isFinal = (entry: Entry) => entry.kind === 'reject' && entry.rerouted !== true;

/** The log without the dispositions that were taken back, each the last one before it was, and without merges that were. */
export function withoutTakenBack<T extends { kind: Entry['kind'] }>(log: readonly T[]): T[] {
  let standing: T[] = [];
  for (const entry of log) {
    if (entry.kind === 'unmerge') standing = standing.filter(({ kind }) => kind !== 'merge_away');
    else if (entry.kind !== 'take_back') standing.push(entry);
    else {
      const last = standing.findLastIndex(({ kind }) => kind === 'accept' || kind === 'reject');
      if (last >= 0) standing.splice(last, 1);
    }
  }
  return standing;
}

/** The entry of each moment: the first that makes it so. */
function momentsOf(log: readonly Entry[], slas: ReadonlyMap<string, Sla>, lead: ClockedLead): Moments {
  const [start] = log;
  const tried = new Map<string, number>();
  const found: Moments = {};
  const note = (moment: Moment, entry: Entry) => {
    found[moment] ??= entry;
  };
  for (const entry of log) {
    if (entry.kind === 'hand_off') note('hand_off', entry);
    if (entry.kind === 'accept' || isFinal(entry)) note('disposition', entry);
    if (entry.kind === 'accept') note('acceptance', entry);
    if (entry.kind === 'attempt' || entry.kind === 'meeting') note('first_touch', entry);
    if (entry.kind === 'meeting') note('first_meeting', entry);
    if (entry.kind === 'attempt') tried.set(entry.type, (tried.get(entry.type) ?? 0) + 1);
    const sla = slas.get(start?.sla ?? '');
    // whoever was reached need not be tried again
    const reached = entry.kind === 'meeting' || (entry.kind === 'attempt' && entry.reached);
    const tries = entry.kind === 'attempt' && sla !== undefined && missingAttempts(sla, lead, tried).length === 0;
    if (reached || tries) note('follow_up_done', entry);
  }
  return found;
}

/** A reason pauses until it is resumed; paused again meanwhile, each pause ends with the next resumption of its reason. */
function pausesOf(log: readonly Entry[]): Pause[] {
  return log.flatMap((entry): Pause[] => {
    if (entry.kind !== 'pause') return [];
    const resumed = log.find((one) => one.kind === 'resume' && one.at >= entry.at && one.reason === entry.reason);
    return [{ reason: entry.reason, from: entry.at, until: entry.until, resumed: resumed?.at ?? null }];
  });
}
