/**
 * A SELECT of the rows that many keys name, each found by its index. `column = any(keys)` would leave the planner the choice to read
 * all rows of the workspace and keep the named ones, which it takes for cheap in a table that grew since it was last analysed:
 * an import would cost the square of its rows.
 * @param lookup what to select of a table (`t`) under which conditions, the column that holds the key, and SQL of the array of keys,
 * each of them once
 */
export function lookedUpSql(lookup: { select: string; table: string; where: string; column: string; keys: string }): string {
  const { select, table, where, column, keys } = lookup;
  // the offset keeps the planner from making a join of it
  return `select found.* from unnest(${keys}) k(key) cross join lateral (
    select ${select} from ${table} t where ${where} and t.${column} = k.key offset 0) found`;
}
