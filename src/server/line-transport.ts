import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { keptBytes } from './kept-answers.ts';

const HEAD = Buffer.from('{"result":');

/** Messages as lines, like the SDK's own. What is kept of an answer goes out as it is. */
export class LineTransport extends StdioServerTransport {
  readonly #out: Writable;

  constructor(input: Readable, out: Writable) {
    super(input, out);
    this.#out = out;
  }

  override send(message: JSONRPCMessage): Promise<void> {
    const result = 'result' in message ? keptBytes(message.result) : undefined;
    if (result === undefined || !('id' in message)) return super.send(message);
    const tail = Buffer.from(`,"jsonrpc":"2.0","id":${JSON.stringify(message.id)}}\n`);
    return new Promise((resolve) => {
      if (this.#out.write(Buffer.concat([HEAD, result, tail]))) resolve();
      else this.#out.once('drain', resolve);
    });
  }
}
