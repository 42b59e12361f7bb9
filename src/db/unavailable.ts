import { SamepageError } from '../kernel/errors.ts';

/** A failure of the database itself, without the driver's text, which may hold values. */
export function databaseUnavailable(cause: unknown): SamepageError {
  return new SamepageError(
    'unavailable',
    'The database does not answer.',
    'Check that it runs and that DATABASE_URL names it, then call again.',
    { cause },
  );
}

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
