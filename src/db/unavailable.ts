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
