import { SamepageError, shown } from '../kernel/errors.ts';

/** A failure of the database itself, without the driver's text, which may hold values. */
export function databaseUnavailable(cause: unknown): SamepageError {
  return new SamepageError(
    'unavailable',
    'The database does not answer.',
    'Check that it runs and that DATABASE_URL names it, then call again.',
    { cause },
  );
}

/** As whom, and to which database, a connection goes. */
export interface Login {
  user: string;
  database: string;
}

/**
 * Why a PostgreSQL does not serve this login: there is no such database, it does not let the role in, or the role lacks a right.
 * Undefined for any other failure. Names of databases, roles and tables are told, the driver's text is not.
 */
export function loginRefused(error: unknown, { user, database }: Login): SamepageError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const [role, name] = [`"${shown(user)}"`, `"${shown(database)}"`];
  const refused = (message: string, next: string) => new SamepageError('unavailable', message, next, { cause: error });
  if (error.code === '3D000')
    return refused(`PostgreSQL has no database ${name}.`, `Create it, as with createdb, or name another in DATABASE_URL.`);
  if (error.code === '28P01')
    return refused(
      `PostgreSQL refuses the password of the role ${role}, or has no such role.`,
      'Correct the user and the password in DATABASE_URL; special characters are percent-encoded.',
    );
  if (error.code === '28000')
    return refused(
      `PostgreSQL does not let the role ${role} in to the database ${name}.`,
      'Check that the role exists and may log in, and that pg_hba.conf has a line for it; or name another in DATABASE_URL.',
    );
  const right = error.code === '42501' ? LACKING.exec(error.message)?.[0] : undefined;
  if (right === undefined) return undefined;
  return refused(
    `The role ${role} lacks a right in the database ${name}: ${shown(right)}.`,
    'Grant it that right, or start once as the owner of the database, which then sets it up.',
  );
}

/** Why a database that answers cannot keep what it is given: there is no room. Undefined for any other failure. */
export function fullDisk(error: unknown): SamepageError | undefined {
  if (!has(error, /^53100$/)) return undefined;
  return new SamepageError(
    'unavailable',
    'The disk of the database is full: nothing of this was written.',
    'Make room on that disk, then call again with the same input; `samepage-mcp doctor` says how much there is.',
    { cause: error },
  );
}

/** Why a PostgreSQL refuses whatever would write. In a transaction that is to read alone it would be a defect of ours. */
export function onlyReads(error: unknown): SamepageError | undefined {
  if (!has(error, /^25006$/)) return undefined;
  return new SamepageError(
    'unavailable',
    'The database only reads, as a standby of another does: nothing of this was written.',
    'Name the PostgreSQL that takes writes in DATABASE_URL, or have this one take them, then call again.',
    { cause: error },
  );
}

/** The ways in which PostgreSQL names a right that is lacking; a row that row-level security refuses is none of them. */
const LACKING = /^(permission denied (for|to) [^\n]+|must be (owner|member|able) [^\n]+)$/;

/** Codes of a connection that is gone: the socket's, the driver's, and PostgreSQL's 08 and 57P (shut down or starting). */
const LOST = /^(E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_)|ENOTFOUND|CONNECT|08|57P)/;
/** Codes of a database that is there and lets nobody in: 28 (credentials), 3D (no such database), 53 (resources). */
const CLOSED = /^(28|3D|53)/;

const has = (error: unknown, codes: RegExp) => error instanceof Error && 'code' in error && codes.test(String(error.code));

/** True when the error says that the connection is gone. */
export function isLostConnection(error: unknown): boolean {
  return has(error, LOST);
}

/** True when the error says that the database, and not the statement, is the trouble. */
export function isOutage(error: unknown): boolean {
  return has(error, LOST) || has(error, CLOSED);
}
