import { deriveInWorkspace, readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { cancelled } from '../kernel/errors.ts';
import { clusterReviews, type ReviewPair } from './core/cluster-reviews.ts';
import { explainPair } from './core/explain.ts';
import { jointStake, NO_STAKE, reviewValue, type Stake } from './core/review-value.ts';
import type { Stitched } from './core/stitch.ts';
import type { IdentityKind } from './decision.ts';
import type { Stitching } from './load-stitching.ts';
import { endUnfound, noteReviews, stakesOf } from './note-reviews.ts';

/** Reviews of a kind that are kept: more than people will come to, and little beside the records. */
const MOST_REVIEWS = 20_000;
const AT_ONCE = 500;

/**
 * Keeps what a stitching leaves to people, and ends what was found before and is no longer: merged, decided, or moot by new facts.
 * Found again by a run that was cut off.
 * @returns how many were found
 */
export async function keepReviews(ctx: Context, kind: IdentityKind, stitching: Stitching, stitched: Stitched): Promise<number> {
  const { ids, entityOf, links, knownAt } = stitching;
  const idOf = (place: number) => ids[place] ?? '';
  const pairs = clusterReviews(stitched, entityOf, links);
  const kept = pairs.length <= MOST_REVIEWS ? pairs : await mostValuable(ctx, kind, pairs, idOf);
  for (let from = 0; from < kept.length; from += AT_ONCE) {
    if (ctx.signal.aborted) throw cancelled();
    const found = kept.slice(from, from + AT_ONCE).map(({ a, b, reason }) => {
      const explained = explainPair(stitched.scorer, stitched.model, stitched.prior, a, b);
      return { left: idOf(a), right: idOf(b), reason, explained };
    });
    await deriveInWorkspace(ctx, (tx) => noteReviews(tx, ctx, kind, found, knownAt));
  }
  await deriveInWorkspace(ctx, (tx) => endUnfound(tx, ctx, kind, knownAt));
  return pairs.length;
}

async function mostValuable(
  ctx: Context,
  kind: IdentityKind,
  pairs: readonly ReviewPair[],
  idOf: (place: number) => string,
): Promise<ReviewPair[]> {
  const nodes = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const stakes = new Map<string, Stake>();
  for (let from = 0; from < nodes.length; from += MOST_REVIEWS) {
    const part = nodes.slice(from, from + MOST_REVIEWS).map(idOf);
    for (const [id, stake] of await readWorkspace(ctx, (tx) => stakesOf(tx, ctx, kind, part))) stakes.set(id, stake);
  }
  const of = (place: number) => stakes.get(idOf(place)) ?? NO_STAKE;
  return pairs
    .map((pair) => ({ pair, value: reviewValue(jointStake(of(pair.a), of(pair.b)), pair.bits) }))
    .sort((x, y) => y.value - x.value || x.pair.a - y.pair.a || x.pair.b - y.pair.b)
    .slice(0, MOST_REVIEWS)
    .map(({ pair }) => pair);
}
