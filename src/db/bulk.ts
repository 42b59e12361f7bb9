import type { Tx } from '../kernel/database.ts';
import { txWith } from './tx-with.ts';

/** Up to so many rows a statement, planning it costs more than carrying it out. */
const FEW_ROWS = 20;

/**
 * For a transaction that writes thousands of rows a statement. Its statements are kept prepared, so that one is sent without
 * waiting for the answer to the one before it; each is planned for its parameters, as a plan made while a table was empty would
 * be wrong soon; and rows are found by index, which with thousands of keys the planner takes for dearer than it is.
 */
export function bulk(tx: Tx): Tx {
  return planned(tx, 'each');
}

/**
 * For a transaction of a few short look-ups by key. Its statements are kept prepared, each with one plan for all its calls, since planning
 * costs more than looking; and rows are found by index, whatever is believed of a table that grew since it was last analysed.
 */
export function lookups(tx: Tx): Tx {
  return planned(tx, 'once');
}

/** For a transaction that writes so many rows. */
export function forRows(tx: Tx, rows: number): Tx {
  return rows > FEW_ROWS ? bulk(tx) : lookups(tx);
}

const MODES = { each: 'force_custom_plan', once: 'force_generic_plan' } as const;

/** Who opened the transaction knows best: what was said of it before stays. */
function planned(tx: Tx, planning: 'each' | 'once'): Tx {
  if (tx.planning !== undefined) return tx;
  const settings = tx.query(
    "select set_config('plan_cache_mode', $1, true), set_config('enable_seqscan', 'off', true)",
    [MODES[planning]],
    { prepare: true },
  );
  // it is awaited with each statement; until then its failure is nobody's
  settings.catch(() => {});
  return txWith(tx, {
    planning,
    async query(text, params) {
      const [rows] = await Promise.all([tx.query(text, params, { prepare: true }), settings]);
      return rows;
    },
  });
}
