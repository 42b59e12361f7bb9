import { type BlockRule, blockRules } from './block-keys.ts';
import { type Blocks, buildBlocks } from './blocks.ts';
import { type Edges, priorOf, scoreBlocks } from './candidates.ts';
import { clusterEdges } from './cluster.ts';
import type { Comparison } from './comparison.ts';
import { comparisonsOf } from './comparisons.ts';
import { type Fitted, fitModel } from './estimate.ts';
import { type Model, ORGANISATIONS, PEOPLE } from './model.ts';
import { PairScorer } from './score.ts';
import { withoutShared } from './shared-values.ts';
import { subjectOf, type Table } from './table.ts';

/** Records of one person or organisation, at most: more are held for a false giant. */
export const LARGEST_CLUSTER = 100;

export interface Stitched {
  readonly model: Model;
  readonly table: Table;
  readonly comparisons: readonly Comparison[];
  readonly rules: readonly BlockRule[];
  readonly blocks: Blocks;
  readonly fitted: Fitted;
  readonly scorer: PairScorer;
  /** Pairs worth a look; their bits are evidence plus prior. */
  readonly edges: Edges;
  /** Pairs compared. */
  readonly pairs: number;
  /** Log-odds, in bits, that two records taken at random belong together. */
  readonly prior: number;
  /** By record, the first record of its cluster. */
  readonly cluster: Int32Array;
}

/** Steps of a run, as they are reported. */
export const STEPS = ['indexing', 'fitting', 'comparing', 'clustering'] as const;

/** Finds which records of a table are of one person or organisation. @param say told before each step, and within the long one */
export function stitchTable(given: Table, say: (step: (typeof STEPS)[number], done: number, total: number) => void = () => {}): Stitched {
  say('indexing', 0, 1);
  const model = subjectOf(given) === 'person' ? PEOPLE : ORGANISATIONS;
  const table = withoutShared(given);
  const comparisons = comparisonsOf(table);
  const rules = blockRules(table);
  const blocks = buildBlocks(rules, table.size);
  say('fitting', 0, 1);
  const fitted = fitModel(table, comparisons, rules, blocks, model);
  const scorer = new PairScorer(comparisons, fitted.weights);
  // a pair this far below what any prior asks for is never shown
  const floor = Math.log2(Math.max(2, table.size)) - 10;
  const { edges, pairs, histogram } = scoreBlocks(blocks, scorer, floor, (done, total) => say('comparing', done, total));
  say('clustering', 0, 1);
  const prior = priorOf(histogram, table.size);
  const cluster = clusterEdges(table.size, edges, (e) => (edges.evidence[e] as number) + prior, {
    largest: LARGEST_CLUSTER,
    acceptBits: model.acceptBits,
    joinBits: model.joinBits,
    score: (a, b) => scorer.evidence(a, b) + prior,
  });
  return { model, table, comparisons, rules, blocks, fitted, scorer, edges, pairs, prior, cluster };
}
