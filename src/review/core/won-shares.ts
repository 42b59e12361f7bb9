import { SCORED_TIERS, type ScoredTier } from '../../definitions/core/common.ts';
import { wilson } from '../../playbook/core/rate-difference.ts';
import type { DealTiers, WonShare } from './refresh.ts';

/** A share with Wilson's 95 % interval; null without a deal. */
function wonShare(n: number, won: number): WonShare {
  if (n === 0) return { n, won, rate: null, low: null, high: null };
  return { n, won, ...wilson({ of: n, hits: won }) };
}

/** Deals by the level of a column, in the order given; levels without a deal are left out. */
export function wonByLevel<Level extends string>(
  levels: readonly Level[],
  levelOf: (row: number) => string | undefined,
  won: Uint8Array,
): (WonShare & { level: Level })[] {
  const found = new Map<string | undefined, { level: Level; n: number; won: number }>(
    levels.map((level) => [level, { level, n: 0, won: 0 }]),
  );
  for (const [row, isWon] of won.entries()) {
    const group = found.get(levelOf(row));
    if (group === undefined) continue;
    group.n += 1;
    group.won += isWon;
  }
  return [...found.values()].flatMap(({ level, ...group }) => (group.n === 0 ? [] : [{ level, ...wonShare(group.n, group.won) }]));
}

/** Closed deals by tier under both rubrics, and those that move, in the order of tiers. */
export function dealTiers(current: readonly ScoredTier[], draft: readonly ScoredTier[], won: Uint8Array): DealTiers {
  const of = (tiers: readonly ScoredTier[], tier: ScoredTier) => {
    const rows = tiers.flatMap((one, row) => (one === tier ? [row] : []));
    return wonShare(rows.length, rows.filter((row) => won[row] === 1).length);
  };
  const moved = SCORED_TIERS.flatMap((from) =>
    SCORED_TIERS.flatMap((to) => {
      const rows = current.flatMap((one, row) => (from !== to && one === from && draft[row] === to ? [row] : []));
      return rows.length === 0 ? [] : [{ from, to, n: rows.length, won: rows.filter((row) => won[row] === 1).length }];
    }),
  );
  return { tiers: SCORED_TIERS.map((tier) => ({ tier, current: of(current, tier), draft: of(draft, tier) })), moved };
}
