import { ERROR_CODES, SamepageError } from '../../kernel/errors.ts';
import type { WireError } from './messages.ts';

/** What of a driver's error anybody looks at. */
const FACTS = ['code', 'constraint', 'table', 'column', 'severity', 'routine'] as const;

/** An error as it travels. Its text stays inside: it goes to a log without its values, never to a caller. */
export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), facts: {}, stack: undefined };
  const { name, message, stack } = error;
  if (error instanceof SamepageError) {
    const { code, next, problems } = error;
    return { name, message, stack, facts: {}, ours: { code, next, problems: problems.map((problem) => ({ ...problem })) } };
  }
  const facts: Record<string, string> = {};
  for (const fact of FACTS) {
    const value: unknown = Reflect.get(error, fact);
    if (typeof value === 'string') facts[fact] = value;
  }
  return { name, message, facts, stack };
}

/** The error at the other end. */
export function fromWire({ ours, name, message, facts, stack }: WireError): Error {
  if (ours !== undefined) {
    const code = ERROR_CODES.find((known) => known === ours.code) ?? 'unavailable';
    return new SamepageError(code, message, ours.next, { problems: ours.problems });
  }
  const error = Object.assign(new Error(message), facts, { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
