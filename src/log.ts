import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { destination, pino } from 'pino';
import type { LogLevel } from './config.ts';

/** Plain facts of an event: names, counts, codes and times. Never a value from a record, and never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** Logs what happened inside, and returns the reference under which it can be found. */
  failure(event: string, error: unknown, fields?: LogFields): string;
}

export const NO_LOG: Log = { debug() {}, info() {}, warn() {}, failure: () => reference() };

function reference(): string {
  return `ref-${randomUUID().slice(0, 8)}`;
}

/** Structured logs on stderr, one JSON object a line. */
export function createLog(level: LogLevel, write: (line: string) => void = toStderr()): Log {
  const log = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return {
    debug: (event, fields = {}) => log.debug(fields, event),
    info: (event, fields = {}) => log.info(fields, event),
    warn: (event, fields = {}) => log.warn(fields, event),
    failure(event, error, fields = {}) {
      const id = reference();
      log.error({ ...fields, reference: id, error: errorForLog(error) }, event);
      return id;
    },
  };
}

function toStderr(): (line: string) => void {
  // synchronous: nothing is lost when the process ends
  const stream = destination({ dest: 2, sync: true });
  // the reader of stderr may leave before us
  stream.on('error', () => {});
  return (line) => {
    stream.write(line);
  };
}

interface LoggedError {
  type: string;
  code?: string;
  message: string;
  at: string[];
  cause?: LoggedError;
}

const MAX_CAUSES = 4;

/** What of an error may be kept: its class, code and place; its message without anything quoted, for drivers quote values. */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '(not an Error)', at: [] };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: withoutValues(error.message),
    at: frames(error.stack ?? ''),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorForLog(error.cause, depth + 1) }),
  };
}

function withoutValues(message: string): string {
  return message
    .replace(/\S+:\/\/\S+/g, '<url>')
    .replace(/(?:[A-Za-z]:)?(?:[\\/][\w.@~+-]+){2,}/g, '<path>')
    .replace(/\S+@\S+/g, '<address>')
    .replace(/(["'`«“])(?:(?!\1)[^»”])*["'`»”]/gs, '<value>')
    .replace(/\([^()]*\)=\([^()]*\)/g, '<value>')
    .replace(/\d{5,}/g, '<number>')
    .slice(0, 300);
}

/** `verb (import.ts:12:5)`: where, without the folders of this machine. */
function frames(stack: string): string[] {
  const found: string[] = [];
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:(?<name>.+) \()?(?<file>[^()]+):(?<line>\d+):(?<column>\d+)\)?$/.exec(line);
    if (match?.groups === undefined) continue;
    const { name, file = '', line: row, column } = match.groups;
    found.push(`${name === undefined ? '' : `${name} `}(${basename(file)}:${row}:${column})`);
    if (found.length === 8) break;
  }
  return found;
}
