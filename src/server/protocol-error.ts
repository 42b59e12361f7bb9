import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import type { SamepageError } from '../kernel/errors.ts';
import { badCursor } from '../kernel/pagination.ts';
import { errorData } from './error-result.ts';
import { neutralText } from './neutralise.ts';

/** The protocol's code for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32002;

/** An error of the protocol itself. The SDK's McpError would write its code into the message as well. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(neutralText(message));
    this.code = code;
    this.data = data;
  }
}

/** Resources and prompts have no error result of their own, so the same facts go into the protocol's error. */
export function protocolError(error: SamepageError, uri?: string): ProtocolError {
  const { message, ...data } = errorData(error);
  const text = `${message} ${data.next}`;
  if (error.code === 'internal' || error.code === 'unavailable') return new ProtocolError(ErrorCode.InternalError, text, data);
  if (error.code === 'not_found' && uri !== undefined)
    return new ProtocolError(RESOURCE_NOT_FOUND, text, { ...data, uri: neutralText(uri) });
  return new ProtocolError(ErrorCode.InvalidParams, text, data);
}

/** Of a list that is given whole, no cursor was ever given. @throws ProtocolError */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined) throw protocolError(badCursor());
}
