import { describe, expect, it } from 'vitest';
import { plainServeFlags } from '../../src/cli/serve-flags.ts';
import { type Hello, helloOf } from '../../src/db/owner-protocol.ts';
import { versionRefusal } from '../../src/server/owner/version-refusal.ts';
import { lineReader, lineText } from '../../src/server/proxy/lines.ts';
import { Session } from '../../src/server/proxy/session.ts';

const line = (message: object) => JSON.stringify({ jsonrpc: '2.0', ...message });
const answer = (id: string | number) => Buffer.from(`${line({ id, result: {} })}\n`);
const methods = (lines: readonly string[]) => lines.map((text) => JSON.parse(text).method);

/** A session that is open at an owner. */
function openSession(): Session {
  const session = new Session();
  session.fromClient(line({ id: 1, method: 'initialize', params: { clientInfo: { name: 'x' } } }));
  expect(methods(session.opening())).toEqual(['initialize']);
  expect(session.fromOwner(answer(1))).toBe(true);
  session.fromClient(line({ method: 'notifications/initialized' }));
  session.readers = ['get_score'];
  return session;
}

function ask(session: Session, message: object): void {
  session.fromClient(line(message));
  session.sent(line(message));
}

describe('the session that a proxy keeps', () => {
  it('is opened again as it was, and the answers to that are not the client’s', () => {
    const session = openSession();
    ask(session, { id: 2, method: 'logging/setLevel', params: { level: 'debug' } });
    ask(session, { id: 3, method: 'resources/subscribe', params: { uri: 'a' } });
    ask(session, { id: 4, method: 'resources/subscribe', params: { uri: 'b' } });
    ask(session, { id: 5, method: 'resources/unsubscribe', params: { uri: 'a' } });
    for (const id of [2, 3, 4, 5]) session.fromOwner(answer(id));
    expect(session.lost()).toEqual([]);
    const lines = session.opening().map((text) => JSON.parse(text));
    expect(lines.map(({ method, params }) => [method, params])).toEqual([
      ['initialize', { clientInfo: { name: 'x' } }],
      ['notifications/initialized', undefined],
      ['logging/setLevel', { level: 'debug' }],
      ['resources/subscribe', { uri: 'b' }],
    ]);
    for (const { id } of lines) if (id !== undefined) expect(session.fromOwner(answer(id))).toBe(false);
  });

  it('keeps the first initialize until it is answered', () => {
    const session = new Session();
    session.fromClient(line({ id: 1, method: 'initialize' }));
    session.opening();
    expect(session.lost()).toEqual([]);
    expect(session.opening()).toEqual([line({ id: 1, method: 'initialize' })]);
    expect(session.fromOwner(answer(1))).toBe(true);
  });

  it('asks again what reads, once, and answers for what may have written', () => {
    const session = openSession();
    const calls = [
      { id: 2, method: 'tools/call', params: { name: 'get_score' } },
      { id: 'three', method: 'tools/call', params: { name: 'record_engagement' } },
      { id: 4, method: 'resources/read', params: { uri: 'x' } },
    ];
    for (const call of calls) ask(session, call);
    const [answer, ...more] = session.lost().map((text) => JSON.parse(text));
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ id: 'three', result: { isError: true, _meta: { 'samepage/error': { code: 'outcome_unknown' } } } });
    expect(answer.result.content[0].text).toContain('Call record_engagement again with the same input');
    expect(session.opening().slice(2)).toEqual([calls[0], calls[2]].map((call) => line(call ?? {})));
    expect(session.lost()).toHaveLength(2);
    expect(session.waiting).toBe(0);
  });

  it('sends what came between two owners to the next, writes too', () => {
    const session = openSession();
    session.lost();
    const write = { id: 2, method: 'tools/call', params: { name: 'record_engagement' } };
    session.fromClient(line(write));
    expect(session.lost()).toEqual([]);
    expect(session.opening().at(-1)).toBe(line(write));
  });

  it('does not answer what the client has cancelled', () => {
    const session = openSession();
    ask(session, { id: 2, method: 'tools/call', params: { name: 'record_engagement' } });
    session.fromClient(line({ method: 'notifications/cancelled', params: { requestId: 2 } }));
    expect(session.lost()).toEqual([]);
    expect(session.waiting).toBe(0);
  });

  it.each([7, 'seven', 'a "quoted\\" one', `,"jsonrpc":"2.0","id":8}`, 'é'.repeat(400)])(
    'reads the id %j off the end of a long answer',
    (id) => {
      const session = openSession();
      ask(session, { id, method: 'resources/read' });
      ask(session, { id: 8, method: 'resources/read' });
      const long = ',"jsonrpc":"2.0","id":8}'.repeat(50);
      expect(session.fromOwner(Buffer.from(`${JSON.stringify({ result: { text: long, id: 8 }, jsonrpc: '2.0', id })}\n`))).toBe(true);
      expect(session.waiting).toBe(1);
      // a question of the owner's own, under a number of its own
      const question = { method: 'elicitation/create', params: { message: long }, jsonrpc: '2.0', id: 8 };
      expect(session.fromOwner(Buffer.from(`${JSON.stringify(question)}\n`))).toBe(true);
      expect(session.waiting).toBe(1);
    },
  );

  it('lets pass what is no message', () => {
    const session = openSession();
    for (const text of ['', '[]', 'null', '42', '{', '{"id":7}', '[{"method":"x"}]']) {
      expect(session.fromClient(text)).toBe(false);
      expect(session.fromOwner(Buffer.from(`${text}\n`))).toBe(true);
    }
    expect(session.waiting).toBe(0);
  });
});

describe('lines', () => {
  it('come whole, however they are cut', () => {
    const bytes = Buffer.from('{"a":"é漢😀"}\r\n\n{"b":1}\nrest');
    for (let size = 1; size <= bytes.length; size += 1) {
      const lines: string[] = [];
      const read = lineReader(
        (whole) => lines.push(lineText(whole)),
        100,
        () => {},
      );
      for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
      expect(lines).toEqual(['{"a":"é漢😀"}', '', '{"b":1}']);
    }
  });

  it('have a bound', () => {
    let tooLong = 0;
    const lines: string[] = [];
    const read = lineReader(
      (whole) => lines.push(lineText(whole)),
      10,
      () => {
        tooLong += 1;
      },
    );
    read(Buffer.from('12345\n123456'));
    read(Buffer.from('7890123\n'));
    read(Buffer.from('more\n'));
    expect({ lines, tooLong }).toEqual({ lines: ['12345', '1234567890123', 'more'], tooLong: 0 });
    read(Buffer.from('12345678901'));
    read(Buffer.from('\nmore\n'));
    expect(tooLong).toBe(1);
    expect(lines).toHaveLength(3);
  });
});

describe('an owner of another version', () => {
  const owner = { ...helloOf('who'), version: '1.4.2', migrations: 100, protocol: 3, codec: 15, pid: 77 };
  const cases: readonly (readonly [what: string, client: Partial<Hello>, code: string | undefined])[] = [
    ['the same', {}, undefined],
    ['a newer version', { version: '1.10.0' }, 'owner_outdated'],
    ['a newer migration', { migrations: 101 }, 'owner_outdated'],
    ['a newer protocol', { protocol: 4 }, 'owner_outdated'],
    ['an older version of the same protocol', { version: '1.4.1', migrations: 90 }, undefined],
    ['an older protocol', { version: '1.0.0', protocol: 2 }, 'client_outdated'],
    ['another serialisation, for lines of MCP', { codec: 14 }, undefined],
    ['an older serialisation, for the database', { codec: 14, kind: 'database' }, 'client_outdated'],
    ['a newer serialisation, for the database', { codec: 16, kind: 'database' }, 'owner_outdated'],
  ];
  it.each(cases)('meets a client of %s', (_what, client, code) => {
    const refusal = versionRefusal({ ...owner, kind: 'mcp', pid: 1, ...client }, owner);
    expect(refusal?.code).toBe(code);
    if (refusal !== undefined) expect(refusal.message).toContain('process 77');
  });

  it.each([
    ['a newer version', { version: '1.10.0' }, 'samepage-mcp 1.4.2; this is the newer 1.10.0.'],
    ['a newer build of the same version', { migrations: 101 }, 'an older build of samepage-mcp 1.4.2 than this one.'],
    ['a newer build of an older version', { version: '1.4.1', protocol: 4 }, 'an older build of samepage-mcp 1.4.2 than this one.'],
    ['an older version', { version: '1.0.0', protocol: 2 }, 'samepage-mcp 1.4.2; this is the older 1.0.0.'],
    ['an older build of the same version', { protocol: 2 }, 'a newer build of samepage-mcp 1.4.2 than this one.'],
  ])('says which of the two is newer to %s', (_what, client, says) => {
    const refusal = versionRefusal({ ...owner, kind: 'mcp', pid: 1, ...client }, owner);
    expect(refusal?.message).toBe(`The data folder is held by process 77, which runs ${says}`);
  });
});

describe('the short way to serve', () => {
  it.each([
    [[], {}],
    [['serve'], {}],
    [['--read-only'], { readOnly: true }],
    [['serve', '--toolsets', 'accounts', '--read-only'], { toolsets: 'accounts', readOnly: true }],
    [['--toolsets=accounts'], { toolsets: 'accounts' }],
    [['--readonly'], undefined],
    [['--toolsets'], undefined],
    [['serve', 'x'], undefined],
    [['import'], undefined],
    [['--help'], undefined],
  ])('takes %j only when nothing is to be said about it', (args, flags) => {
    expect(plainServeFlags(args)).toEqual(flags);
  });
});
