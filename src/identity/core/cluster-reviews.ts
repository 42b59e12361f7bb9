import type { ReviewReason } from './review-value.ts';
import type { KnownLinks, Stitched } from './stitch.ts';

/** Two records of a table that a person should look at. */
export interface ReviewPair {
  /** Places in the table. */
  a: number;
  b: number;
  bits: number;
  reason: ReviewReason;
}

/**
 * The pairs that a stitching leaves to people: likely enough, and not brought together. Of several pairs between the same two clusters the
 * strongest; none between records of one entity, nor where a person decided. Organisations that would be sure and are not brought
 * together, as those with two domains, are a question where their names speak for it: many have one telephone. In the order of the table.
 * @param entityOf which entity each record counts as today
 */
export function clusterReviews(stitched: Stitched, entityOf: readonly string[], links: KnownLinks): ReviewPair[] {
  const { edges, prior, model, cluster } = stitched;
  const keyOf = (a: number, b: number) => {
    const [x, y] = [cluster[a] as number, cluster[b] as number];
    return Math.min(x, y) * cluster.length + Math.max(x, y);
  };
  const decided = new Set<number>();
  for (let i = 0; i < cluster.length; i += 1) for (const j of links.apartFrom(i)) decided.add(keyOf(i, j));
  const strongest = new Map<number, number>();
  for (let e = 0; e < edges.length; e += 1) {
    const [a, b] = [edges.a[e] as number, edges.b[e] as number];
    if ((edges.evidence[e] as number) + prior < model.reviewBits || cluster[a] === cluster[b] || entityOf[a] === entityOf[b]) continue;
    const isSure = (edges.evidence[e] as number) + prior >= model.acceptBits;
    if (isSure && !isNameFor(stitched, a, b)) continue;
    const key = keyOf(a, b);
    const best = strongest.get(key);
    if (decided.has(key) || (best !== undefined && !isStronger(stitched, e, best))) continue;
    strongest.set(key, e);
  }
  return [...strongest.values()]
    .map((e): ReviewPair => {
      const [a, b] = [edges.a[e] as number, edges.b[e] as number];
      const bits = (edges.evidence[e] as number) + prior;
      const isApart = links.isApart?.(a, b) === true;
      const reason = bits < model.acceptBits ? 'uncertain' : isApart ? 'other_domain' : 'guarded';
      return { a, b, bits, reason };
    })
    .sort((x, y) => x.a - y.a || x.b - y.b);
}

function isNameFor({ scorer }: Stitched, a: number, b: number): boolean {
  const c = scorer.comparisons.findIndex(({ kind }) => kind === 'name');
  return c < 0 || scorer.bitsOf(c, scorer.comparisons[c]?.level(a, b) ?? 0, a, b) > 0;
}

function isStronger({ edges }: Stitched, e: number, than: number): boolean {
  const more = (edges.evidence[e] as number) - (edges.evidence[than] as number);
  return (more || (edges.a[than] as number) - (edges.a[e] as number) || (edges.b[than] as number) - (edges.b[e] as number)) > 0;
}
