import type { CalibrationBin } from './analysis.ts';

/**
 * Predicted chances against what happened, in groups of equally many rows. Rows of one prediction are never parted, so nothing hangs on the order of
 * rows.
 * @param predicted chance of each row, 0 to 1. @param won 1 or 0 of each row. @param most groups.
 * @returns the groups, and the expected calibration error: the mean over rows of the distance between predicted and seen in their group; null
 * without a row.
 */
export function calibration(
  predicted: ArrayLike<number>,
  won: ArrayLike<number>,
  most = 10,
): { bins: CalibrationBin[]; error: number } | null {
  const n = predicted.length;
  if (n === 0) return null;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0));
  const bins: CalibrationBin[] = [];
  let [rows, wins, sum, error, end] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (rows === 0) end = ((Math.floor((i * most) / n) + 1) * n) / most;
    const at = order[i] ?? 0;
    rows += 1;
    wins += won[at] ?? 0;
    sum += predicted[at] ?? 0;
    const next = order[i + 1];
    if (next !== undefined && (i + 1 < end || predicted[next] === predicted[at])) continue;
    bins.push({ n: rows, won: wins, predicted: sum / rows, rate: wins / rows });
    error += Math.abs(sum - wins);
    [rows, wins, sum] = [0, 0, 0];
  }
  return { bins, error: error / n };
}
