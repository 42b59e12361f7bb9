import { sha256 } from '../../kernel/canonical-json.ts';

export const FOLDS = 5;

/** The fold of a row: the first 32 bits of the sha256 of `set:id`, modulo five; the same wherever the row stands and whatever else there is. */
export function foldOf(set: string, id: string): number {
  return Number.parseInt(sha256(`${set}:${id}`).slice(0, 8), 16) % FOLDS;
}
