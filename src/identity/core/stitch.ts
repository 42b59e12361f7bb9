import { blockRules } from './block-keys.ts';
import { buildBlocks } from './blocks.ts';
import { priorOf, scoreBlocks } from './candidates.ts';
import { clusterEdges } from './cluster.ts';
import { comparisonsOf } from './comparisons.ts';
import { fitModel } from './estimate.ts';
import { SHIPPED_MODEL } from './model.ts';
import { PairScorer } from './score.ts';
import { withoutShared } from './shared-values.ts';
import type { Table } from './table.ts';

export const LARGEST_CLUSTER = 100;

export function stitchTable(given: Table, say: (step: string) => void = () => {}) {
  const table = withoutShared(given);
  say('suppress');
  const comparisons = comparisonsOf(table);
  const rules = blockRules(table);
  say('keys');
  const blocks = buildBlocks(rules, table.size);
  say('blocks');
  const fitted = fitModel(table, comparisons, rules, blocks, SHIPPED_MODEL);
  say('fit');
  const scorer = new PairScorer(comparisons, fitted);
  const floor = Math.log2(Math.max(2, table.size)) - 10;
  const scored = scoreBlocks(blocks, 0, blocks.starts.length - 1, scorer, floor);
  say('score');
  const prior = priorOf(scored.histogram, table.size);
  const { edges } = scored;
  const cluster = clusterEdges(table.size, edges, (e) => (edges.evidence[e] as number) + prior, {
    largest: LARGEST_CLUSTER,
    acceptBits: SHIPPED_MODEL.acceptBits,
    score: (a, b) => scorer.evidence(a, b) + prior,
  });
  say('cluster');
  return { table, comparisons, rules, blocks, fitted, scorer, scored, prior, cluster };
}
