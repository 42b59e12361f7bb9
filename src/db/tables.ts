import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import * as schema from './schema/index.ts';

/** A column as it travels between databases. */
export interface ColumnShape {
  name: string;
  /** Its type in `json_to_recordset`; a jsonb travels as text, for JSON's null is not SQL's. */
  type: string;
  json: boolean;
  notNull: boolean;
}

export interface TableShape {
  name: string;
  columns: readonly ColumnShape[];
  /** Columns of the primary key, in its order. */
  key: readonly string[];
  /** Names of the indexes, the key's own left out. */
  indexes: readonly string[];
}

/** The types whose JSON form gives back the same value on every database. Another needs a thought here first. */
const TYPES: Readonly<Record<string, string>> = {
  'text collate "C"': 'text',
  uuid: 'uuid',
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  jsonb: 'text',
  'timestamp (3) with time zone': 'timestamptz',
  'smallint[]': 'smallint[]',
};

function shapeOf(table: PgTable): TableShape {
  const { name, primaryKeys, indexes, uniqueConstraints } = getTableConfig(table);
  const columns = Object.values(getTableColumns(table)).map((column): ColumnShape => {
    const given = column.getSQLType();
    const type = TYPES[given];
    if (type === undefined) throw new Error(`${name}.${column.name}: no way to carry ${given} between databases`);
    return { name: column.name, type, json: given === 'jsonb', notNull: column.notNull };
  });
  const key = primaryKeys[0]?.columns.map((column) => column.name) ?? [];
  if (key[0] !== 'workspace_id') throw new Error(`${name} has no primary key that workspace_id leads`);
  const named = [...indexes.map(({ config }) => config.name), ...uniqueConstraints.map((unique) => unique.name)];
  return { name, columns, key, indexes: named.filter((index) => index !== undefined) };
}

function namesOfParents(table: PgTable): string[] {
  return getTableConfig(table).foreignKeys.map((key) => getTableConfig(key.reference().foreignTable).name);
}

/** The schema's tables: `workspace` first, whose row holds back other writers, then each after those it refers to, by name. */
function ordered(): TableShape[] {
  const tables = Object.values<unknown>(schema).filter((value): value is PgTable => is(value, PgTable));
  const waiting = new Map(tables.map((table) => [getTableConfig(table).name, table]));
  const result: TableShape[] = [];
  const rank = (name: string) => (name === 'workspace' ? '' : name);
  for (const name of [...waiting.keys()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) visit(name);
  return result;

  function visit(name: string): void {
    const table = waiting.get(name);
    if (table === undefined) return;
    waiting.delete(name);
    for (const parent of namesOfParents(table)) visit(parent);
    result.push(shapeOf(table));
  }
}

/** Every table of the schema, in an order in which rows can be written. What is added to the schema is in it by itself. */
export const TABLES: readonly TableShape[] = ordered();

/** What can be made again from the others: a copy leaves it out, and it is made again where it is missing. */
const REMADE: ReadonlySet<string> = new Set(['block_key', 'identity_index']);
export const REMADE_TABLES: readonly TableShape[] = TABLES.filter(({ name }) => REMADE.has(name));
/** The tables that a copy of a workspace consists of, in the order of `TABLES`. */
export const COPIED_TABLES: readonly TableShape[] = TABLES.filter(({ name }) => !REMADE.has(name));

export function tableNamed(name: string): TableShape | undefined {
  return TABLES.find((table) => table.name === name);
}
