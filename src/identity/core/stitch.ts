import { blockRules, type RuleName } from './block-keys.ts';
import { type Blocks, buildBlocks } from './blocks.ts';
import { BlockScoring, type Edges, mergeScored, priorOf, type ScoredPart } from './candidates.ts';
import { clusterEdges } from './cluster.ts';
import { IDENTIFIER } from './compare-values.ts';
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
  readonly rules: readonly RuleName[];
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

export interface Step {
  readonly step: (typeof STEPS)[number];
  readonly done: number;
  readonly total: number;
}

/** Another thread that scores pairs of the same table. */
export interface ScoringHelper {
  /** The table, as soon as it is known. */
  prepare(table: Table): void;
  begin(job: ScoringJob): void;
  /** What it found; undefined until it is through. */
  result(): ScoredPart | undefined;
}

export interface ScoringJob {
  readonly blocks: Blocks;
  readonly weights: Fitted['weights'];
  readonly floor: number;
  /** The number of the next chunk of blocks, which all threads count on. */
  readonly next: Int32Array;
}

/** What is known of the records beside what they say; records are named by their place in the table. */
export interface KnownLinks {
  /** Pairs that are one, whatever they say. */
  readonly together: readonly (readonly [number, number])[];
  /** Records that are not one with this one, whatever they say. */
  apartFrom(record: number): readonly number[];
  /** True for two whose own values forbid that they are one. */
  isApart?(a: number, b: number): boolean;
}

/**
 * Finds which records of a table are of one person or organisation, step by step, so that whoever waits can look up or stop.
 * What is known beforehand holds; records that it joins count as one cluster from the start.
 */
export function* stitchSteps(
  given: Table,
  { known, helper }: { known?: KnownLinks; helper?: ScoringHelper | undefined } = {},
): Generator<Step, Stitched> {
  yield { step: 'indexing', done: 0, total: 1 };
  const model = subjectOf(given) === 'person' ? PEOPLE : ORGANISATIONS;
  const table = withoutShared(given);
  helper?.prepare(table);
  const comparisons = comparisonsOf(table);
  const { rules, blocks } = indexed(table);
  yield { step: 'fitting', done: 0, total: 1 };
  const fitted = fitModel(table, comparisons, rules, blocks, model);
  const scorer = new PairScorer(comparisons, fitted.weights);
  // a pair this far below what any prior asks for is never shown
  const floor = Math.log2(Math.max(2, table.size)) - 10;
  const next = new Int32Array(new SharedArrayBuffer(4));
  helper?.begin({ blocks, weights: fitted.weights, floor, next });
  const scoring = new BlockScoring(blocks, scorer, floor, next);
  while (scoring.advance()) yield { step: 'comparing', done: scoring.done, total: scoring.total };
  const parts = [scoring.result()];
  if (helper !== undefined) {
    let part = helper.result();
    for (; part === undefined; part = helper.result()) yield { step: 'comparing', done: scoring.total, total: scoring.total };
    parts.push(part);
  }
  const { edges, pairs, histogram } = mergeScored(parts);
  yield { step: 'clustering', done: 0, total: 1 };
  const prior = priorOf(histogram, table.size);
  const isConflict = conflictOf(comparisons, fitted.weights);
  const cluster = clusterEdges(table.size, edges, (e) => (edges.evidence[e] as number) + prior, {
    largest: LARGEST_CLUSTER,
    acceptBits: model.acceptBits,
    joinBits: model.joinBits,
    score: (a, b) => scorer.evidence(a, b) + prior,
    isApart: (a, b) => isConflict(a, b) || known?.isApart?.(a, b) === true,
    ...(known !== undefined && { together: known.together, apartFrom: (record: number) => known.apartFrom(record) }),
  });
  return { model, table, comparisons, rules, blocks, fitted, scorer, edges, pairs, prior, cluster };
}

/** The same in one go. */
export function stitchTable(table: Table): Stitched {
  const steps = stitchSteps(table);
  for (let next = steps.next(); ; next = steps.next()) if (next.done === true) return next.value;
}

/** The rules without their keys, which are large, and the blocks. */
function indexed(table: Table): { rules: RuleName[]; blocks: Blocks } {
  const rules = blockRules(table);
  const blocks = buildBlocks(rules, table.size);
  return { rules: rules.map(({ id, settles }) => ({ id, settles })), blocks };
}

/** An identifier of which fewer matches conflict can be relied on. */
const RELIABLE = 0.004;

/**
 * Two records whose unique identifiers have nothing in common are not one, unless another identifier says so. An identifier that is
 * often wrong in the data at hand forbids nothing: it is weighed like the rest.
 */
export function conflictOf(comparisons: readonly Comparison[], weights: Fitted['weights']): (a: number, b: number) => boolean {
  const identifiers = comparisons.filter(
    ({ kind }, c) => kind === 'identifier' && (weights[c]?.[IDENTIFIER.conflict - 1]?.m ?? 1) < RELIABLE,
  );
  return (a, b) => {
    let isConflict = false;
    for (const identifier of identifiers) {
      const level = identifier.level(a, b);
      if (level === IDENTIFIER.same) return false;
      if (level === IDENTIFIER.conflict) isConflict = true;
    }
    return isConflict;
  };
}
