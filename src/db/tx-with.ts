import type { Tx } from '../kernel/database.ts';

/** The same transaction with something else about it. Not a copy, which would ask for the query builder and so have it made. */
export function txWith(tx: Tx, other: Partial<Tx>): Tx {
  return Object.assign(Object.create(tx) as Tx, other);
}
