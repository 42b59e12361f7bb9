import type { Clustered, LinkedPair } from './cluster-merges.ts';
import { explainPair, sentenceOf } from './explain.ts';

/** Nodes among which the strongest pair is looked for. */
const MOST_NODES = 60;

/**
 * Why a merge is not found any more: the strongest pair between the clusters in which its nodes are now.
 * @param ids of the nodes, by their place in the table
 * @param places of those that were one by it
 */
export function whyNotOne(
  stitched: Clustered,
  ids: readonly string[],
  places: readonly number[],
): { sentence: string; pairs: LinkedPair[] } {
  const { scorer, model, prior, cluster } = stitched;
  const looked = places.slice(0, MOST_NODES);
  let [first, second, most] = [-1, -1, Number.NEGATIVE_INFINITY];
  for (const [n, a] of looked.entries()) {
    for (const b of looked.slice(n + 1)) {
      const bits = cluster[a] === cluster[b] ? Number.NEGATIVE_INFINITY : scorer.evidence(a, b);
      if (bits > most) [first, second, most] = [a, b, bits];
    }
  }
  const intro = 'By all the records that are there now they are not one.';
  if (first < 0) return { sentence: intro, pairs: [] };
  const explained = explainPair(scorer, model, prior, first, second);
  const pair = { left: ids[first] ?? '', right: ids[second] ?? '', ...explained };
  return { sentence: `${intro} The strongest pair between them: ${sentenceOf(explained)}`, pairs: [pair] };
}
