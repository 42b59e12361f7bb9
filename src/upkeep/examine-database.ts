import { z } from 'zod';
import { CATALOG_RULES } from '../db/catalog-rules.ts';
import { appliedMigrations, knownMigrations } from '../db/migrate.ts';
import { schemaDrift } from '../db/schema-drift.ts';
import { TABLES } from '../db/tables.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { type Finding, ok, problem, RESTORE, warning } from './core/finding.ts';

const serverRow = z.tuple([
  z.object({ version: z.string(), encoding: z.string(), role: z.string(), superuser: z.boolean(), bypass: z.boolean() }),
]);
const PINGS = 5;
/** Above this, a call that asks a few questions takes a noticeable time. */
const SLOW_MS = 50;

/** The server behind the connection, and the role that is used. */
export async function examineServer(db: Database): Promise<Finding[]> {
  const [server] = serverRow.parse(
    await db.transaction('read', (tx) =>
      tx.query(
        `select current_setting('server_version') as version, current_setting('server_encoding') as encoding, current_user::text as role,
           rolsuper as superuser, rolbypassrls as bypass from pg_roles where rolname = current_user`,
      ),
    ),
  );
  if (db.dialect === 'pglite') return [ok('database', `embedded, PostgreSQL ${server.version}`)];
  const ms = await latency(db);
  const says = `PostgreSQL ${server.version}, a question takes ${ms.toFixed(1)} ms`;
  const slow = ms > SLOW_MS;
  return [
    slow ? warning('database', `${says}: far away, or busy`, 'Use a database near the clients') : ok('database', says),
    server.encoding === 'UTF8'
      ? ok('encoding', 'UTF8')
      : problem(
          'encoding',
          `the database is ${server.encoding}`,
          `createdb --encoding UTF8 --template template0 NAME, then samepage-mcp move --to it`,
        ),
    role(server),
  ];
}

function role({ role, superuser, bypass }: z.infer<typeof serverRow>[0]): Finding {
  if (!superuser && !bypass) return ok('role', `${role} is bound by row-level security`);
  return warning(
    'role',
    `${role} ${superuser ? 'is a superuser' : 'has BYPASSRLS'}: row-level security does not bind it, so one workspace is not kept from another`,
    'CREATE ROLE samepage LOGIN PASSWORD …; grant it select, insert, update, delete on the tables, and name it in DATABASE_URL',
  );
}

/** The median of a few transactions that ask next to nothing. */
async function latency(db: Database): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < PINGS; i += 1) {
    const started = performance.now();
    await db.transaction('read', (tx) => tx.query('select 1'));
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0;
}

export interface MigrationFindings {
  findings: Finding[];
  /** Whether the tables are those that this program knows. */
  current: boolean;
}

/** Which migrations the database has, of those that this program has. */
export async function examineMigrations(tx: Tx): Promise<MigrationFindings> {
  const applied = await appliedMigrations(tx);
  const known = await knownMigrations();
  const latest = applied.at(-1)?.when ?? 0;
  if (applied.length === 0) {
    return {
      findings: [warning('migrations', 'the database has no tables yet', 'samepage-mcp definitions list (any start makes them)')],
      current: false,
    };
  }
  if (latest > (known.at(-1)?.when ?? 0)) {
    const says = 'the database was migrated by a newer samepage-mcp';
    return { findings: [problem('migrations', says, 'npm install -g samepage-mcp@latest')], current: false };
  }
  const missing = known.filter((one) => one.when > latest);
  if (missing.length > 0) {
    const says = `${applied.length} applied, ${missing.length} pending: ${missing.map((one) => one.tag).join(', ')}`;
    return { findings: [warning('migrations', says, 'samepage-mcp definitions list (any start applies them)')], current: false };
  }
  const strange = known.filter((one) => !applied.some((done) => done.when === one.when && done.hash === one.hash));
  if (strange.length > 0) {
    const says = `applied in another form than this version has: ${strange.map((one) => one.tag).join(', ')}`;
    return {
      findings: [warning('migrations', says, 'samepage-mcp backup, then samepage-mcp restore FILE into a new database')],
      current: true,
    };
  }
  return { findings: [ok('migrations', `${applied.length} applied, the latest ${known.at(-1)?.tag}`)], current: true };
}

const breakRows = z.array(z.object({ breaks: z.string() }));
const SHOWN = 3;
const MAKE_ANEW = 'samepage-mcp backup FILE, then samepage-mcp restore FILE into a new folder or database';

/** The rules of the schema, on the database as it is now. */
export async function examineCatalog(tx: Tx): Promise<Finding[]> {
  const findings: Finding[] = [];
  // a server may be set to write every name in quotes, types too
  await tx.query(`select set_config('quote_all_identifiers', 'off', true)`);
  const { lost, changed, invalid } = await schemaDrift(tx);
  if (lost.length > 0) findings.push(problem('tables', `missing: ${some(lost)}`, `${RESTORE}, into a new folder or database`));
  if (changed.length > 0) findings.push(problem('tables', `not as this version has them: ${some(changed)}`, MAKE_ANEW));
  if (invalid.length > 0) findings.push(problem('indexes', `broken off, and not used: ${some(invalid)}`, `REINDEX INDEX ${invalid[0]}`));
  for (const [rule, query] of CATALOG_RULES) {
    const breaks = breakRows.parse(await tx.query(query)).map((row) => row.breaks);
    const ours = breaks.filter(isOurs);
    if (ours.length > 0) findings.push(problem('catalog', `not so: ${rule} (${some(ours)})`, mendFor(rule, ours)));
    else if (breaks.length > 0)
      findings.push(
        warning('catalog', `the schema public has what is not ours: ${some(breaks)}`, 'Give samepage-mcp a database of its own'),
      );
  }
  if (findings.length === 0) findings.push(ok('catalog', `${CATALOG_RULES.length} rules hold on ${TABLES.length} tables`));
  return findings;
}

/** Names of what belongs to a table of ours begin with the table's. */
function isOurs(name: string): boolean {
  return TABLES.some((table) => name === table.name || ['_', '.', ' '].some((mark) => name.startsWith(`${table.name}${mark}`)));
}

function some(names: readonly string[]): string {
  return `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? `, and ${names.length - SHOWN} more` : ''}`;
}

/** What mends a broken rule, as SQL where it is a statement. */
function mendFor(rule: string, [first = '']: readonly string[]): string {
  const [table = '', name = ''] = first.split('.');
  if (rule.startsWith('row-level security')) return `ALTER TABLE ${first} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`;
  if (rule === 'no triggers') return `DROP TRIGGER ${name} ON ${table}`;
  if (rule === 'no rules') return `DROP RULE ${name} ON ${table}`;
  if (rule.startsWith('no identity columns')) return `ALTER TABLE ${table} ALTER COLUMN ${name} DROP DEFAULT`;
  return MAKE_ANEW;
}
