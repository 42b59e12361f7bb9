import { z } from 'zod';
import type { Tx } from '../kernel/database.ts';
import { type ColumnShape, TABLES } from './tables.ts';

export interface SchemaDrift {
  /** Tables and columns that are not there: no row of theirs can be read, so no copy can be made. */
  lost: string[];
  /** Columns of another type, or that may be null and must not, and indexes that are not there. */
  changed: string[];
  /** Indexes that are there and that PostgreSQL does not use: their making, or mending, was broken off. */
  invalid: string[];
}

const columnRows = z.array(
  z.object({ table: z.string(), column: z.string().nullable(), type: z.string().nullable(), required: z.boolean() }),
);
const indexRows = z.array(z.object({ name: z.string(), valid: z.boolean() }));

/** How the tables of a database differ from those of the schema. What it has beyond them is none of it. */
export async function schemaDrift(tx: Tx): Promise<SchemaDrift> {
  const columns = columnRows.parse(
    await tx.query(
      `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type, coalesce(a.attnotnull, false) as required
       from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
    ),
  );
  const indexes = indexRows.parse(
    await tx.query(
      `select c.relname as name, i.indisvalid and i.indisready as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       where c.relnamespace = 'public'::regnamespace`,
    ),
  );
  const drift: SchemaDrift = { lost: [], changed: [], invalid: indexes.filter(({ valid }) => !valid).map(({ name }) => name) };
  for (const table of TABLES) {
    const there = columns.filter((row) => row.table === table.name);
    if (there.length === 0) {
      drift.lost.push(table.name);
      continue;
    }
    for (const column of table.columns) {
      const name = `${table.name}.${column.name}`;
      const found = there.find((row) => row.column === column.name);
      if (found === undefined) drift.lost.push(name);
      else if (found.type !== typeOf(column)) drift.changed.push(`${name} is ${found.type}, not ${typeOf(column)}`);
      else if (column.notNull && !found.required) drift.changed.push(`${name} may be null`);
    }
    for (const index of table.indexes) {
      if (!indexes.some(({ name }) => name === index)) drift.changed.push(`the index ${index} is missing`);
    }
  }
  return drift;
}

function typeOf({ json, type }: ColumnShape): string {
  if (json) return 'jsonb';
  return type === 'timestamptz' ? 'timestamp with time zone' : type;
}
