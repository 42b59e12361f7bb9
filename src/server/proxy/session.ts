import { errorText } from '../../kernel/error-text.ts';
import { SamepageError } from '../../kernel/errors.ts';
import { isObject, type JsonObject, jsonObject } from '../../kernel/json.ts';

interface Call {
  id: string | number;
  line: string;
  method: string;
  /** Of `tools/call`. */
  tool: string | undefined;
  /** How often it was sent to an owner. */
  sent: number;
}

/** A call that took its owner down twice is not tried on a third. */
const MAX_SENT = 2;
const OWN_ID = 'samepage-replay-';

/**
 * What a proxy must know of its client's session to go on with it at another owner: how it was opened, what it subscribed
 * to, and what it has asked and not been answered. Reads the lines that pass and changes none.
 */
export class Session {
  #initialize: string | undefined;
  #initialized: string | undefined;
  #level: string | undefined;
  readonly #subscribed = new Map<string, JsonObject>();
  readonly #calls = new Map<string | number, Call>();
  #readers: ReadonlySet<string> = new Set();
  #replays = 0;

  /** Calls that the client waits for. */
  get waiting(): number {
    return this.#calls.size;
  }

  /** The tools that only read: they may be asked again. */
  set readers(names: readonly string[]) {
    this.#readers = new Set(names);
  }

  /** Takes note of a line of the client. @returns whether it is a call that needs the workspace. */
  fromClient(line: string): boolean {
    const message = jsonObject(line);
    if (message === undefined || typeof message.method !== 'string') return false;
    const { id, method } = message;
    const params = isObject(message.params) ? message.params : {};
    if (typeof id !== 'string' && typeof id !== 'number') {
      if (method === 'notifications/initialized') this.#initialized = line;
      // it will not be answered
      if (method === 'notifications/cancelled' && isId(params.requestId)) this.#calls.delete(params.requestId);
      return false;
    }
    if (method === 'initialize') this.#initialize = line;
    if (method === 'logging/setLevel') this.#level = line;
    if (method === 'resources/subscribe' && typeof params.uri === 'string') this.#subscribed.set(params.uri, params);
    if (method === 'resources/unsubscribe' && typeof params.uri === 'string') this.#subscribed.delete(params.uri);
    const tool = method === 'tools/call' && typeof params.name === 'string' ? params.name : undefined;
    this.#calls.set(id, { id, line, method, tool, sent: 0 });
    return method !== 'initialize' && method !== 'ping';
  }

  /** Takes note of a line of an owner. @returns whether it is for the client. */
  fromOwner(line: Buffer): boolean {
    const message = answerOf(line) ?? jsonObject(line.toString('utf8'));
    if (message === undefined || 'method' in message) return true;
    if (typeof message.id === 'string' && message.id.startsWith(OWN_ID)) return false;
    if (isId(message.id)) this.#calls.delete(message.id);
    return true;
  }

  /** The owner has gone: the answers, for the client, to calls of which nobody can say whether they took effect. */
  lost(): string[] {
    const answers: string[] = [];
    for (const call of this.#calls.values()) {
      if (call.sent === 0 || (call.sent < MAX_SENT && this.#mayRepeat(call))) continue;
      this.#calls.delete(call.id);
      answers.push(JSON.stringify(outcomeUnknown(call)));
    }
    return answers;
  }

  /** All that a new owner is told first, in order: the session as it stands, then the calls that wait. */
  opening(): string[] {
    const calls = [...this.#calls.values()];
    const unopened = calls.some(({ method }) => method === 'initialize');
    const lines = [
      ...(this.#initialize === undefined || unopened ? [] : [this.#asOurs(this.#initialize)]),
      ...calls.filter(({ method }) => method === 'initialize').map(({ line }) => line),
      ...(this.#initialized === undefined ? [] : [this.#initialized]),
      ...(this.#level === undefined ? [] : [this.#asOurs(this.#level)]),
      ...[...this.#subscribed.values()].map((params) => this.#ours('resources/subscribe', params)),
      ...calls.filter(({ method }) => method !== 'initialize').map(({ line }) => line),
    ];
    for (const call of calls) call.sent += 1;
    return lines;
  }

  /** The line went to the owner. */
  sent(line: string): void {
    const message = jsonObject(line);
    const call = isId(message?.id) ? this.#calls.get(message.id) : undefined;
    if (call !== undefined) call.sent += 1;
  }

  #mayRepeat({ tool, method }: Call): boolean {
    // whatever is not a tool reads, or sets what is set again anyway
    return method !== 'tools/call' || (tool !== undefined && this.#readers.has(tool));
  }

  #asOurs(line: string): string {
    const message = jsonObject(line);
    return this.#ours(String(message?.method), isObject(message?.params) ? message.params : {});
  }

  #ours(method: string, params: JsonObject): string {
    this.#replays += 1;
    return JSON.stringify({ jsonrpc: '2.0', id: `${OWN_ID}${this.#replays}`, method, params });
  }
}

const isId = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

const RESULT = Buffer.from('{"result":');
/** Its end is that of the whole message: the last member of an object stands right before its brace, and a quote after `,` or `:` is no part of a text. */
const ID_AT_END = /,"jsonrpc":"2\.0","id":(\d+|"(?:[^"\\]|\\.)*")\}\s*$/;
const END_BYTES = 300;

/** The id of an answer as an owner writes it, read off its end: most of a long one is nobody's business here. */
function answerOf(line: Buffer): JsonObject | undefined {
  if (line.length < END_BYTES || !line.subarray(0, RESULT.length).equals(RESULT)) return undefined;
  const id = ID_AT_END.exec(line.toString('utf8', line.length - END_BYTES))?.[1];
  return id === undefined ? undefined : { id: JSON.parse(id) };
}

/** An error result, as every tool gives it; for what is no tool an error of the protocol. */
function outcomeUnknown({ id, tool }: Call): JsonObject {
  const error = new SamepageError(
    'outcome_unknown',
    'The process behind the database ended before it answered, so it is not known whether the call took effect.',
    `Call ${tool ?? 'it'} again with the same input, and the same idempotency_key if it had one: what has taken effect is not done twice.`,
  );
  const { code, message, next } = error;
  const data = { code, message, next, problems: [] };
  if (tool === undefined) return { jsonrpc: '2.0', id, error: { code: -32603, message: `${message} ${next}`, data } };
  const content = [{ type: 'text', text: errorText(error, 1) }];
  return { jsonrpc: '2.0', id, result: { isError: true, content, _meta: { 'samepage/error': data } } };
}
