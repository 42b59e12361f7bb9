import type { Tx } from '../kernel/database.ts';

/**
 * For a transaction that writes thousands of rows a statement. Its statements are kept prepared, so that one is sent without
 * waiting for the answer to the one before it; each is planned for its parameters, as a plan made while a table was empty would
 * be wrong soon; and rows are found by index, which with thousands of keys the planner takes for dearer than it is.
 */
export async function bulk(tx: Tx): Promise<Tx> {
  await tx.query("select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)", [], {
    prepare: true,
  });
  return { ...tx, query: (text, params) => tx.query(text, params, { prepare: true }) };
}

/**
 * For a transaction of which nobody is told before a later one, which waits for the disk for both: its commit does not. The embedded
 * database has no writer of its own that would catch up, so there every commit waits.
 */
export async function commitSoon(tx: Tx): Promise<void> {
  if (tx.dialect === 'postgres') await tx.query("select set_config('synchronous_commit', 'off', true)", [], { prepare: true });
}

/**
 * For a transaction of a few short look-ups by key. Its statements are kept prepared, each with one plan for all its calls, since planning
 * costs more than looking; and rows are found by index, whatever is believed of a table that grew since it was last analysed.
 */
export function lookups(tx: Tx): Tx {
  const settings = tx.query(
    "select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)",
    [],
    {
      prepare: true,
    },
  );
  // it is awaited with the first statement; until then its failure is nobody's
  settings.catch(() => {});
  return {
    ...tx,
    async query(text, params) {
      const [rows] = await Promise.all([tx.query(text, params, { prepare: true }), settings]);
      return rows;
    },
  };
}
