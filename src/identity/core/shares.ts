import { blockRules, type RuleName } from './block-keys.ts';
import { blocksOfRule, type RuleBlocks } from './blocks.ts';
import { BlockScoring, type ScoredPart } from './candidates.ts';
import type { Comparison } from './comparison.ts';
import { comparisonsOf } from './comparisons.ts';
import { type Counted, countLevels } from './count-levels.ts';
import type { Fitted } from './estimate.ts';
import { type Model, ORGANISATIONS, PEOPLE } from './model.ts';
import { PairScorer } from './score.ts';
import { subjectOf, type Table } from './table.ts';

/**
 * The work on a table that threads share. It is in parts; each thread takes the number of the next one from `next` until there is none
 * left. What they find together does not tell how many there were.
 */
export interface Shares {
  index: { asked: { readonly table: Table; readonly next: Int32Array }; found: ReadonlyMap<number, RuleBlocks> };
  count: { asked: { readonly blocks: readonly RuleBlocks[]; readonly next: Int32Array }; found: Counted };
  score: { asked: ScoringJob; found: ScoredPart };
}

export interface ScoringJob {
  readonly blocks: readonly RuleBlocks[];
  readonly weights: Fitted['weights'];
  /** Evidence under which a pair is only counted. */
  readonly floor: number;
  readonly next: Int32Array;
}

/** Another thread that shares the work. */
export interface StitchHelper {
  /** Begins a share. @returns what it found, undefined until it is through */
  ask<K extends keyof Shares>(share: K, asked: Shares[K]['asked']): () => Shares[K]['found'] | undefined;
}

/** A number that threads count on. */
export function sharedNumber(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** The model that ships for what a table is about. */
export function modelOf(table: Table): Model {
  return subjectOf(table) === 'person' ? PEOPLE : ORGANISATIONS;
}

/** One thread's share of the work. */
export class StitchShare {
  readonly table: Table;
  readonly model: Model;
  #rules: readonly RuleName[] = [];
  #comparisons: readonly Comparison[] | undefined;

  constructor(table: Table) {
    this.table = table;
    this.model = modelOf(table);
  }

  get comparisons(): readonly Comparison[] {
    this.#comparisons ??= comparisonsOf(this.table);
    return this.#comparisons;
  }

  /** Known from the indexing on. */
  get rules(): readonly RuleName[] {
    return this.#rules;
  }

  /** Sorts the records into the blocks of some of the rules. */
  index(next: Int32Array): ReadonlyMap<number, RuleBlocks> {
    const rules = blockRules(this.table);
    // without their keys, which are large
    this.#rules = rules.map(({ id, settles }) => ({ id, settles }));
    const found = new Map<number, RuleBlocks>();
    for (let r = Atomics.add(next, 0, 1); r < rules.length; r = Atomics.add(next, 0, 1)) {
      found.set(r, blocksOfRule(rules[r] as (typeof rules)[number], this.table.size, this.table.isCopy));
    }
    return found;
  }

  count(blocks: readonly RuleBlocks[], next: Int32Array): Counted {
    return countLevels(this, blocks, next);
  }

  score({ blocks, weights, floor, next }: ScoringJob): BlockScoring {
    return new BlockScoring(blocks, this.table.size, new PairScorer(this.comparisons, weights), floor, next);
  }
}
