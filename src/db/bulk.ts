import type { Planning, SqlRow, Tx } from '../kernel/database.ts';
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
 * For a transaction of which nobody is told before a later one, which waits for the disk for both: its commit does not. The embedded
 * database has no writer of its own that would catch up, so there every commit waits.
 */
export async function commitSoon(tx: Tx): Promise<void> {
  if (tx.dialect === 'postgres') await tx.query("select set_config('synchronous_commit', 'off', true)", [], { prepare: true });
}

/** For a transaction that writes so many rows: of a few, each statement has one plan for all its calls. */
export function forRows(tx: Tx, rows: number): Tx {
  return planned(tx, rows > FEW_ROWS ? 'each' : 'once');
}

/** Who opened the transaction knows best: what was said of it before stays. */
function planned(tx: Tx, planning: Planning): Tx {
  if (tx.planning !== undefined) return tx;
  return plannedBy(tx, planning, tx.query(`select ${planningSql(planning)}`, [], { prepare: true }));
}

/** What sets how statements are planned until the transaction ends, for the list of a SELECT. */
export function planningSql(planning: Planning): string {
  // planned for its parameters, a workspace that came since statistics were taken counts as empty, and any index that begins with it as the best
  const mode = planning === 'each' ? 'force_custom_plan' : 'force_generic_plan';
  const off = ['enable_seqscan', ...(planning === 'sets' ? ['enable_nestloop'] : [])];
  return [['plan_cache_mode', mode], ...off.map((name) => [name, 'off'])]
    .map(([name, to]) => `set_config('${name}', '${to}', true)`)
    .join(', ');
}

/** The transaction with its statements kept prepared. @param settings the answer to the statement that has `planningSql` */
export function plannedBy(tx: Tx, planning: Planning, settings: Promise<SqlRow[]>): Tx {
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
