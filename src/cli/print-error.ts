import { errorText } from '../kernel/error-text.ts';
import { SamepageError } from '../kernel/errors.ts';
import type { Log } from '../log.ts';

const MAX_PROBLEMS = 50;

/** An error as a person at a terminal reads it. One that is not ours goes to the log, and only its reference is shown. */
export function printedError(error: unknown, log: Log): string {
  if (error instanceof SamepageError) return errorText(error, MAX_PROBLEMS);
  const reference = log.failure('command_failed', error);
  return errorText(
    new SamepageError(
      'internal',
      `Something went wrong inside samepage-mcp (${reference}).`,
      `Run it again; if it fails again, report it with ${reference}, which the log line above explains.`,
    ),
    MAX_PROBLEMS,
  );
}
