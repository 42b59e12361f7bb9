/**
 * The rules that keep the schema the same on every database and open to distribution, each with a query of what breaks it.
 * The tests hold them on a new database, `samepage-mcp doctor` on a living one.
 */
export const CATALOG_RULES: readonly (readonly [rule: string, query: string])[] = [
  [
    'every table has a workspace_id, and it is not null',
    `select c.relname as breaks from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not exists
       (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and a.attnotnull)`,
  ],
  [
    'every table has a primary key',
    `select c.relname as breaks from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not exists
       (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary)`,
  ],
  [
    'workspace_id leads every primary key, unique key and index',
    `select i.indexrelid::regclass::text as breaks from pg_index i join pg_class c on c.oid = i.indrelid
     left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     where c.relnamespace = 'public'::regnamespace and a.attname is distinct from 'workspace_id'`,
  ],
  [
    'workspace_id leads every foreign key, on both sides',
    `select k.conname as breaks from pg_constraint k
     join pg_attribute own on own.attrelid = k.conrelid and own.attnum = k.conkey[1]
     join pg_attribute far on far.attrelid = k.confrelid and far.attnum = k.confkey[1]
     where k.contype = 'f' and k.connamespace = 'public'::regnamespace and (own.attname <> 'workspace_id' or far.attname <> 'workspace_id')`,
  ],
  [
    'no triggers',
    `select c.relname || '.' || t.tgname as breaks from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`,
  ],
  ['no functions', `select p.proname as breaks from pg_proc p where p.pronamespace = 'public'::regnamespace`],
  ['no rules', `select r.tablename || '.' || r.rulename as breaks from pg_rules r where r.schemaname = 'public'`],
  ['no sequences', `select c.relname as breaks from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'S'`],
  [
    'no identity columns and no defaults: the application says every value',
    `select c.relname || '.' || a.attname as breaks from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and (a.attidentity <> '' or a.atthasdef)`,
  ],
  [
    'row-level security is enabled and forced',
    `select c.relname as breaks from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
     and not (c.relrowsecurity and c.relforcerowsecurity)`,
  ],
  [
    'one policy a table: for all commands, for everyone, own rows alone, both ways',
    `select c.relname as breaks from pg_class c left join pg_policies p on p.schemaname = 'public' and p.tablename = c.relname
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and
       (p.policyname, p.permissive, p.cmd, p.roles::text, p.qual, p.with_check) is distinct from
       ('own_rows', 'PERMISSIVE', 'ALL', '{public}', '(workspace_id = NULLIF(current_setting(''app.workspace_id''::text, true), ''''::text))',
        '(workspace_id = NULLIF(current_setting(''app.workspace_id''::text, true), ''''::text))')`,
  ],
  [
    'instants have a time zone and milliseconds',
    `select table_name || '.' || column_name as breaks from information_schema.columns where table_schema = 'public' and
       (data_type in ('timestamp without time zone', 'time without time zone') or (data_type like 'timestamp%' and datetime_precision <> 3))`,
  ],
  [
    'text is compared by its bytes',
    `select c.relname || '.' || a.attname as breaks from pg_attribute a join pg_class c on c.oid = a.attrelid
     join pg_collation l on l.oid = a.attcollation
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and l.collname <> 'C'`,
  ],
  [
    'no floating point, no money, no varchar: integers, text, jsonb',
    `select table_name || '.' || column_name || ' ' || udt_name as breaks from information_schema.columns where table_schema = 'public'
     and udt_name not in ('text', 'uuid', 'int2', 'int4', 'int8', 'bool', 'jsonb', 'timestamptz', '_int2')`,
  ],
];
