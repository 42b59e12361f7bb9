import { z } from 'zod';
import { SCORED_TIERS, type ScoredTier } from '../../definitions/core/common.ts';
import { driftOf } from './drift.ts';
import type { ScoredKind, ScoredMoves } from './performance.ts';
import { pairOf } from './performance-leads.ts';
import { pairedDifference, rateOf } from './performance-statistics.ts';

const tier = z.enum(SCORED_TIERS).nullable();

/** How many went from one tier to another; `other`: by a score of another version of the rubric. */
const scoredRow = z.object({ kind: z.enum(['account', 'lead']), from: tier, to: tier, other: z.boolean().nullable(), n: z.number() });
export const scoredRows = z.array(z.object({ row: scoredRow })).transform((rows) => rows.map(({ row }) => row));
export type ScoredRow = z.output<typeof scoredRow>;

/** All scored records at the ends of two months, by kind: those of which there is any. */
export function scoredKinds(rows: readonly ScoredRow[]): ScoredKind[] {
  return (['account', 'lead'] as const).flatMap((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    return own.length === 0 ? [] : [kindOf(kind, own)];
  });
}

function kindOf(kind: ScoredKind['kind'], rows: readonly ScoredRow[]): ScoredKind {
  const count = (of: (row: ScoredRow) => boolean) => rows.reduce((sum, row) => (of(row) ? sum + row.n : sum), 0);
  const [end, start] = [({ to }: ScoredRow) => to, ({ from }: ScoredRow) => from];
  const tierThen = (span: 'this' | 'before') => (span === 'this' ? end : start);
  const all = pairOf((span) => count((row) => tierThen(span)(row) !== null));
  const shares = SCORED_TIERS.map((one) => ({
    tier: one,
    ...pairOf((span) => rateOf({ hits: count((row) => tierThen(span)(row) === one), of: all[span] })),
  }));
  const drift = driftOf(
    { name: 'tier', label: 'Tier' },
    shares.map(({ before }) => before.hits),
    shares.map(({ this: now }) => now.hits),
  );
  const isMove = ({ from, to }: ScoredRow) => from !== null && to !== null && from !== to;
  const cell = (from: ScoredTier | null, to: ScoredTier | null) => count((row) => row.from === from && row.to === to);
  return {
    kind,
    shares,
    index: drift === null ? null : Math.round(drift.psi * 1000) / 1000,
    verdict: drift?.verdict ?? null,
    matrix: [...SCORED_TIERS, null].map((from) => ({
      from,
      A: cell(from, 'A'),
      B: cell(from, 'B'),
      C: cell(from, 'C'),
      disqualified: cell(from, 'disqualified'),
      gone: from === null ? 0 : cell(from, null),
    })),
    moved: count(isMove),
    moved_by_rubric: count((row) => isMove(row) && row.other === true),
    tier_a: movesOf(count),
  };
}

/** Into tier A and out of it, of the records that were scored at both ends. */
function movesOf(count: (of: (row: ScoredRow) => boolean) => number): ScoredMoves {
  const both = count(({ from, to }) => from === 'A' && to === 'A');
  const joined = count(({ from, to }) => from !== null && from !== 'A' && to === 'A');
  const left = count(({ from, to }) => from === 'A' && to !== null && to !== 'A');
  const n = count(({ from, to }) => from !== null && to !== null);
  return {
    n,
    joined,
    left,
    before: share(both + left, n),
    this: share(both + joined, n),
    difference: pairedDifference({ n, both, joined, left }),
  };
}

/** Percent, to a hundredth: of many records little is more than noise. */
const share = (hits: number, of: number) => (of === 0 ? null : Math.round((hits / of) * 10_000) / 100);
