/** The name among `known` that was most likely meant; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name.slice(0, 80));
  let best: string | undefined;
  // of one letter, any other is one change away
  let bestDistance = (wanted.length < 2 ? 0 : Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of known) {
    const other = plain(candidate);
    // `employee` for `employees`, `name` for `display_name`
    const within = wanted.length > 2 && (other.includes(wanted) || wanted.includes(other)) ? 1 : Number.POSITIVE_INFINITY;
    const far = Math.min(within, editDistance(wanted, other));
    if (far < bestDistance) [best, bestDistance] = [candidate, far];
  }
  return best;
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Letters to add, drop, replace, or swap with their neighbour. */
export function editDistance(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
