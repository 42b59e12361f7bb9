import type { RejectionCode } from '../../definitions/core/taxonomy.ts';
import type { Share } from '../../playbook/core/rate-difference.ts';
import { type Change, moreThanNoise, type SharePair } from './review-changes.ts';

/** Counts of two periods as they are read; `this` is true of the one that is reviewed. */
interface Counted {
  source: string | null;
  this: boolean;
  n: number;
}
export interface HandedCount extends Counted {
  overridden: boolean;
  /** For an owner. */
  waits: boolean;
  /** Gave way to another hand-off of the same person. */
  merged: boolean;
}
export interface DecidedCount extends Counted {
  code: string | null;
  /** Sales took it on. */
  kept: boolean;
  owner: string | null;
}
export interface ClockCount extends Counted {
  clock: string;
  /** Of `n` that settled, those within the promise. */
  kept: number;
}
export interface ClockTime {
  clock: string;
  source: string | null;
  /** Of all sources. */
  whole: boolean;
  median: number | null;
  p90: number | null;
}

export interface Volumes {
  handed_off: number;
  overridden: number;
  waiting: number;
  /** Besides: each is one with another hand-off of the same person, which is counted. */
  merged: number;
  accepted: number;
  rejected: number;
  /** Sent to another owner, and not decided since. */
  rerouted: number;
  /** Of those accepted or rejected, percent; null of none. */
  acceptance: number | null;
}

export interface CodeCount {
  code: string;
  reason: string;
  fixer: string;
  given: number;
  before: number;
  /** Most first. */
  sources: { source: string | null; given: number }[];
  owners: { owner: string | null; given: number }[];
}

export interface ClockFigures {
  kept: number;
  breached: number;
  /** Percent; null of none. */
  attainment: number | null;
  /** Whole minutes as the promise counts time; null where so many have not ended yet. */
  median_minutes: number | null;
  p90_minutes: number | null;
}

export interface ClockReview extends ClockFigures {
  clock: string;
  by_source: (ClockFigures & { source: string | null })[];
}

export interface Outcomes {
  accepted: number;
  rejected: number;
}

export interface ReviewFigures {
  volumes: Volumes;
  before: Volumes;
  by_source: (Volumes & { source: string | null })[];
  by_owner: (Outcomes & { owner: string | null; acceptance: number | null })[];
  codes: CodeCount[];
  clocks: ClockReview[];
  /** What changed since the period before by more than noise. */
  changes: Change[];
}

interface Counts {
  handed: readonly HandedCount[];
  decided: readonly DecidedCount[];
  clocks: readonly ClockCount[];
  times: readonly ClockTime[];
}

/** Rows in an order of their own: a database gives groups in any, and equals would come out now so, now so. */
export function inOrder<T>(rows: readonly T[]): T[] {
  return rows
    .map((row) => ({ row, text: JSON.stringify(row) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ row }) => row);
}

/** The figures of a period, and what of them is not what it was in the one before. The order of the rows changes nothing. */
export function reviewFigures(given: Counts, codes: readonly RejectionCode[]): ReviewFigures {
  const counts = { ...given, handed: inOrder(given.handed), decided: inOrder(given.decided), clocks: inOrder(given.clocks) };
  const sentOn = new Set(codes.filter(({ action }) => action === 'reroute').map(({ code }) => code));
  const volumes = (of: (one: Counted) => boolean) => volumesOf(counts.handed.filter(of), counts.decided.filter(of), sentOn);
  const now = counts.decided.filter((one) => one.this);
  const sources = distinct([...counts.handed, ...counts.decided].filter((one) => one.this).map(({ source }) => source));
  const figures = {
    volumes: volumes((one) => one.this),
    before: volumes((one) => !one.this),
    by_source: sources.map((source) => ({ source, ...volumes((one) => one.this && one.source === source) })),
    by_owner: distinct(now.map(({ owner }) => owner)).map((owner) => {
      const { accepted, rejected, acceptance } = volumesOf(
        [],
        now.filter((one) => one.owner === owner),
        sentOn,
      );
      return { owner, accepted, rejected, acceptance };
    }),
    codes: codes.map((code) => codeCount(code, counts.decided, sentOn)).filter(({ given, before }) => given + before > 0),
    clocks: distinct(counts.clocks.filter((one) => one.this).map(({ clock }) => clock)).map((clock) => clockReview(clock, counts)),
  };
  figures.by_source.sort((a, b) => b.handed_off - a.handed_off);
  figures.by_owner.sort((a, b) => b.accepted + b.rejected - (a.accepted + a.rejected));
  figures.codes.sort((a, b) => b.given - a.given);
  return { ...figures, changes: moreThanNoise(pairsOf(figures, volumes, counts)) };
}

function volumesOf(all: readonly HandedCount[], decided: readonly DecidedCount[], sentOn: ReadonlySet<string>): Volumes {
  const handed = all.filter(({ merged }) => !merged);
  const accepted = sum(decided.filter(({ kept }) => kept));
  const rejected = sum(decided.filter((one) => !one.kept && !sentOn.has(one.code ?? '')));
  return {
    handed_off: sum(handed),
    overridden: sum(handed.filter(({ overridden }) => overridden)),
    waiting: sum(handed.filter(({ waits }) => waits)),
    merged: sum(all) - sum(handed),
    accepted,
    rejected,
    rerouted: sum(decided.filter((one) => !one.kept && sentOn.has(one.code ?? ''))),
    acceptance: percentOf({ hits: accepted, of: accepted + rejected }),
  };
}

/** A code that sends a lead on counts also where the next owner took it; another counts where it ended the hand-off. */
function codeCount(
  { code, reason, owner: fixer }: RejectionCode,
  decided: readonly DecidedCount[],
  sentOn: ReadonlySet<string>,
): CodeCount {
  const with_it = decided.filter((one) => one.code === code && (!one.kept || sentOn.has(code)));
  const now = with_it.filter((one) => one.this);
  const by = <K extends 'source' | 'owner'>(key: K) =>
    distinct(now.map((one) => one[key]))
      .map((value) => ({ value, given: sum(now.filter((one) => one[key] === value)) }))
      .sort((a, b) => b.given - a.given);
  return {
    code,
    reason,
    fixer,
    given: sum(now),
    before: sum(with_it.filter((one) => !one.this)),
    sources: by('source').map(({ value: source, given }) => ({ source, given })),
    owners: by('owner').map(({ value: owner, given }) => ({ owner, given })),
  };
}

function clockReview(clock: string, { clocks, times }: Counts): ClockReview {
  const now = clocks.filter((one) => one.this && one.clock === clock);
  const timed = (of: (time: ClockTime) => boolean) => times.find((time) => time.clock === clock && of(time));
  return {
    clock,
    ...clockFigures(
      now,
      timed(({ whole }) => whole),
    ),
    by_source: now
      .map((one) => ({
        source: one.source,
        ...clockFigures(
          [one],
          timed(({ whole, source }) => !whole && source === one.source),
        ),
      }))
      .sort((a, b) => b.breached - a.breached),
  };
}

function clockFigures(counts: readonly ClockCount[], time: ClockTime | undefined): ClockFigures {
  const kept = counts.reduce((total, one) => total + one.kept, 0);
  const all = sum(counts);
  return {
    kept,
    breached: all - kept,
    attainment: percentOf({ hits: kept, of: all }),
    median_minutes: time?.median ?? null,
    p90_minutes: time?.p90 ?? null,
  };
}

/** The shares that are compared with the period before. */
function pairsOf(
  { volumes: after, before, codes }: Pick<ReviewFigures, 'volumes' | 'before' | 'codes'>,
  volumes: (of: (one: Counted) => boolean) => Volumes,
  { handed, decided, clocks }: Counts,
): SharePair[] {
  const acceptance = ({ accepted, rejected }: Volumes) => ({ hits: accepted, of: accepted + rejected });
  const pair = (what: string, share: (of: Volumes) => Share, [b, a] = [before, after]) => ({ what, before: share(b), after: share(a) });
  const settled = (clock: string, now: boolean): Share => {
    const those = clocks.filter((one) => one.clock === clock && one.this === now);
    return { of: sum(those), hits: those.reduce((total, one) => total + one.kept, 0) };
  };
  const ended = (of: Volumes) => of.accepted + of.rejected + of.rerouted;
  return [
    pair('acceptance', acceptance),
    pair('handed off against the rule', ({ overridden, handed_off }) => ({ hits: overridden, of: handed_off })),
    ...distinct([...handed, ...decided].map(({ source }) => source)).map((source) =>
      pair(`acceptance of ${source ?? 'leads without a source'}`, acceptance, [
        volumes((one) => !one.this && one.source === source),
        volumes((one) => one.this && one.source === source),
      ]),
    ),
    ...codes.map(({ code, given, before: had }) => ({
      what: `rejected with ${code}`,
      before: { hits: had, of: Math.max(had, ended(before)) },
      after: { hits: given, of: Math.max(given, ended(after)) },
    })),
    ...distinct(clocks.map(({ clock }) => clock)).map((clock) => ({
      what: `${clock} in time`,
      before: settled(clock, false),
      after: settled(clock, true),
    })),
  ];
}

/** To a tenth of a percent; null of nothing. */
function percentOf({ hits, of }: Share): number | null {
  return of === 0 ? null : Math.round((hits / of) * 1000) / 10;
}

const sum = (counts: readonly { n: number }[]) => counts.reduce((total, { n }) => total + n, 0);
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
