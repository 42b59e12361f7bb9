import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { errorText } from '../kernel/error-text.ts';
import { cancelled, SamepageError } from '../kernel/errors.ts';
import type { Log } from '../log.ts';
import { neutralText } from './neutralise.ts';

const MAX_PROBLEMS = 20;

/**
 * Any error as one of ours. What is not ours becomes `internal`: the details go to the log, and the caller gets the
 * reference under which they stand there.
 */
export function ownError(error: unknown, log: Log, during: string, signal: AbortSignal): SamepageError {
  if (error instanceof SamepageError) {
    if (error.cause !== undefined) log.failure('call_failed', error, { during, error_code: error.code });
    return error;
  }
  if (signal.aborted) return cancelled();
  const reference = log.failure('internal_error', error, { during });
  return new SamepageError(
    'internal',
    `Something went wrong inside samepage-mcp (${reference}).`,
    `Try once more; if it fails again, report it with ${reference}, which the server's log on stderr explains.`,
  );
}

/** The error for programs. */
export function errorData(error: SamepageError): { code: string; message: string; next: string; problems: object[] } {
  return {
    code: error.code,
    message: neutralText(error.message),
    next: neutralText(error.next),
    problems: error.problems.slice(0, MAX_PROBLEMS).map((problem) => ({ ...problem })),
  };
}

/** Without `structuredContent`: clients check that against the tool's output schema, also for an error. */
export function errorResult(error: SamepageError): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: neutralText(errorText(error, MAX_PROBLEMS)) }],
    _meta: { 'samepage/error': errorData(error) },
  };
}
