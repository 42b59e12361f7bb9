/** Of a level and all other rows: wins and losses. */
export interface FourCells {
  won: number;
  lost: number;
  othersWon: number;
  othersLost: number;
}

/** Pearson's chi-square of four cells without a correction, and the least count expected in one of them; null where a side or an outcome is empty. */
export function chiSquare({ won, lost, othersWon, othersLost }: FourCells): { value: number; least: number } | null {
  const [n, others] = [won + lost, othersWon + othersLost];
  const [wins, losses] = [won + othersWon, lost + othersLost];
  if (n === 0 || others === 0 || wins === 0 || losses === 0) return null;
  const all = n + others;
  const apart = won * othersLost - lost * othersWon;
  return { value: (apart / n / others) * (apart / wins / losses) * all, least: (Math.min(n, others) * Math.min(wins, losses)) / all };
}
