import { PassThrough } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Result } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { keptBytes, sameAnswer } from '../../src/server/kept-answers.ts';
import { LineTransport } from '../../src/server/line-transport.ts';

const LONG = `"quotes", «é», 😀 and \u2028 `.repeat(400);

/** Asks, and says whether the answer was made anew. */
function ask(question: string, found: string): { result: Result; made: boolean } {
  let made = false;
  const result = sameAnswer<Result>(question, found, () => {
    made = true;
    return { content: [{ type: 'text', text: found }], structuredContent: { found } };
  });
  expect(result).toEqual({ content: [{ type: 'text', text: found }], structuredContent: { found } });
  return { result, made };
}

describe('an answer that is kept', () => {
  it('is given again as long as the same is found, and to no other question', () => {
    expect(ask('a', LONG).made).toBe(true);
    expect(ask('a', LONG).made).toBe(false);
    expect(ask('b', LONG).made).toBe(true);
    expect(ask('a', `${LONG}.`).made).toBe(true);
    expect(ask('a', LONG).made).toBe(true);
    expect(ask('a', LONG).result).toBe(ask('a', LONG).result);
  });

  it('is a long one, and one of a few: the one that was asked for longest ago goes', () => {
    expect(ask('short', 'x').made).toBe(true);
    expect(ask('short', 'x').made).toBe(true);
    ask('first', LONG);
    ask('second', LONG);
    for (let i = 0; i < 46; i += 1) ask(`another ${i}`, LONG);
    expect(ask('first', LONG).made).toBe(false);
    ask('one more', LONG);
    expect(ask('second', LONG).made).toBe(true);
    expect(ask('first', LONG).made).toBe(false);
  });

  it.each([1, 'one', 'a "quoted" one'])('goes out under the id %j in the bytes of any other', async (id) => {
    const { result } = ask('bytes', LONG);
    const message = { result, jsonrpc: '2.0' as const, id };
    const room = { highWaterMark: 1_000_000 };
    const [ours, plain, short] = [new PassThrough(room), new PassThrough(room), new PassThrough(room)];
    await new LineTransport(new PassThrough(), ours).send(message);
    await new StdioServerTransport(new PassThrough(), plain).send(message);
    await new LineTransport(new PassThrough(), short).send({ ...message, result: { ...result } });
    const wanted = String(plain.read());
    expect(wanted).toContain(JSON.stringify(LONG));
    expect(String(ours.read())).toBe(wanted);
    expect(String(short.read())).toBe(wanted);
    expect(keptBytes(result)).toBe(keptBytes(result));
  });

  it('waits for a reader that is slow', async () => {
    const out = new PassThrough({ highWaterMark: 10 });
    let sent = false;
    const sending = new LineTransport(new PassThrough(), out).send({ result: ask('slow', LONG).result, jsonrpc: '2.0', id: 1 }).then(() => {
      sent = true;
    });
    await new Promise((turn) => setImmediate(turn));
    expect(sent).toBe(false);
    out.resume();
    await sending;
    expect(sent).toBe(true);
  });
});
