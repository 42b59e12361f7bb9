import type { RuleName } from './block-keys.ts';
import type { RuleBlocks } from './blocks.ts';
import { type Edges, mergeScored, priorOf, withPairs } from './candidates.ts';
import { clusterEdges } from './cluster.ts';
import { IDENTIFIER } from './compare-values.ts';
import type { Comparison } from './comparison.ts';
import { foldCopies } from './copies.ts';
import { type Fitted, fitModel } from './estimate.ts';
import type { Model } from './model.ts';
import type { PairScorer } from './score.ts';
import { withoutShared } from './shared-values.ts';
import { modelOf, type StitchHelper, StitchShare, sharedNumber } from './shares.ts';
import type { Table } from './table.ts';

export interface Stitched {
  readonly model: Model;
  readonly table: Table;
  readonly comparisons: readonly Comparison[];
  readonly rules: readonly RuleName[];
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

/** What is known of the records beside what they say; records are named by their place in the table. */
export interface KnownLinks {
  /** Pairs that are one, whatever they say. */
  readonly together: readonly (readonly [number, number])[];
  /** Pairs of a record and a first one that are one from the start and say the same: the first is compared for both. */
  readonly same?: readonly (readonly [copy: number, first: number])[];
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
  { known, helper }: { known?: KnownLinks; helper?: StitchHelper | undefined } = {},
): Generator<Step, Stitched> {
  yield { step: 'indexing', done: 0, total: 1 };
  const same = known?.same ?? [];
  const folded = foldCopies(withoutShared(given), modelOf(given), {
    isHeld: (record) => (known?.apartFrom(record).length ?? 0) > 0,
    same,
  });
  const share = new StitchShare(folded.table);
  const { table, model } = share;
  const blocks = yield* index(share, helper);
  yield { step: 'fitting', done: 0, total: 1 };
  const { comparisons, rules } = share;
  const counting = { blocks, next: sharedNumber() };
  const countedElsewhere = helper?.ask('count', counting);
  const levels = [share.count(blocks, counting.next), ...(yield* awaited('fitting', countedElsewhere))];
  const fitted = fitModel(comparisons, rules, levels, model);
  // a pair this far below what any prior asks for is never shown
  const job = { blocks, weights: fitted.weights, floor: Math.log2(Math.max(2, table.size)) - 10, next: sharedNumber() };
  const scoredElsewhere = helper?.ask('score', job);
  const scoring = share.score(job);
  while (scoring.advance()) yield { step: 'comparing', done: scoring.done, total: scoring.total };
  const { scorer } = scoring;
  const found = mergeScored([scoring.result(), ...(yield* awaited('comparing', scoredElsewhere))]);
  const { pairs, histogram, ...counted } = withPairs(found, folded.copies.slice(same.length), scorer);
  // that they are one tells nothing of how many others are
  const { edges } = withPairs({ pairs, histogram, ...counted }, same, scorer);
  yield { step: 'clustering', done: 0, total: 1 };
  const prior = priorOf(histogram, table.size - folded.copies.length);
  const isConflict = conflictOf(comparisons, fitted.weights);
  const first = new Map(folded.copies);
  const firstOf = (record: number) => first.get(record) ?? record;
  // a copy goes where the record goes that says the same
  const cluster = clusterEdges(table.size, found.edges, (e) => (edges.evidence[e] as number) + prior, {
    largest: model.largest,
    acceptBits: model.acceptBits,
    joinBits: model.joinBits,
    score: (a, b) => scorer.evidence(a, b) + prior,
    isApart: (a, b) => isConflict(a, b) || known?.isApart?.(a, b) === true,
    ...(known !== undefined && {
      together: known.together.map(([a, b]) => [firstOf(a), firstOf(b)] as const).filter(([a, b]) => a !== b),
      apartFrom: (record: number) => known.apartFrom(record),
    }),
  });
  for (const [copy, of] of folded.copies) cluster[copy] = cluster[of] as number;
  return { model, table, comparisons, rules, fitted, scorer, edges, pairs, prior, cluster };
}

function* index(share: StitchShare, helper: StitchHelper | undefined): Generator<Step, RuleBlocks[]> {
  const next = sharedNumber();
  const elsewhere = helper?.ask('index', { table: share.table, next });
  const found = [share.index(next), ...(yield* awaited('indexing', elsewhere))];
  return share.rules.flatMap((_, r) => found.flatMap((part) => part.get(r) ?? []));
}

/** What another thread found, when there is one. */
function* awaited<F>(step: Step['step'], answer: (() => F | undefined) | undefined): Generator<Step, F[]> {
  if (answer === undefined) return [];
  for (;;) {
    const found = answer();
    if (found !== undefined) return [found];
    yield { step, done: 1, total: 1 };
  }
}

/** The same in one go. */
export function stitchTable(table: Table): Stitched {
  const steps = stitchSteps(table);
  for (let next = steps.next(); ; next = steps.next()) if (next.done === true) return next.value;
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
