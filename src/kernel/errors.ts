/**
 * Errors are part of the interface. A `SamepageError` is written by us, carries a stable code, and is the only kind of
 * error whose text may reach a model or a person. Everything else is mapped to `internal` by the adapter.
 */
export const ERROR_CODES = [
  'invalid_input', // a field of the input is wrong; the message names it, the value and the next step
  'not_found', // the record, definition or receipt named does not exist in this workspace
  'ambiguous', // several records answer to the name given; the message lists them
  'conflict', // the request contradicts what is stored (a definition in use, a run already going)
  'permission_denied', // the actor lacks the scope
  'file_rejected', // a file cannot be read as what it claims to be
  'folder_in_use', // another process holds the embedded folder and does not share it
  'owner_outdated', // the process that holds the embedded folder is of an older version than the caller
  'client_outdated', // the process that holds the embedded folder is of a newer version, which this one cannot talk to
  'folder_rejected', // an older, newer or foreign embedded folder
  'unavailable', // the database cannot be reached now
  'outcome_unknown', // the process behind a call ended before it answered: the call may have taken effect, or not
  'timed_out', // a statement or a transaction took too long and was ended
  'cancelled', // the caller cancelled
  'internal', // ours to mend; the details are in the log under the reference given
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface Problem {
  /** Where in the input: `mapping.Company`, `events[3].occurred_at`, or `line 12, column 4`. */
  path: string;
  /** The value found, shortened; left out when it may be a secret. */
  value?: string;
  /** What is wrong with it. */
  reason: string;
}

export class SamepageError extends Error {
  override readonly name = 'SamepageError';
  readonly code: ErrorCode;
  /** What to do next, one sentence in the imperative. */
  readonly next: string;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, next: string, options: { problems?: readonly Problem[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = next;
    this.problems = options.problems ?? [];
  }
}

/** A value as it may be shown in a message: one line, at most 80 characters, no control or invisible characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·').replace(/\p{Surrogate}/gu, '·');
  return clean.length > 80 ? `${clean.slice(0, 77)}…` : clean;
}

export function cancelled(): SamepageError {
  return new SamepageError('cancelled', 'The call was cancelled.', 'Call again; work already acknowledged is kept.');
}
