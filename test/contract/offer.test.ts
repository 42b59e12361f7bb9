import {
  LoggingMessageNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../src/open-workspace.ts';
import { MAX_SUBSCRIPTIONS } from '../../src/server/subscriptions.ts';
import { type Connected, type ConnectOptions, connect } from './connect.ts';
import { description, emptyWorkspace, fixtures, thing } from './fixtures.ts';

let connected: Connected | undefined;

async function open(options: ConnectOptions = {}): Promise<Connected> {
  connected = await connect({ registry: fixtures, workspace: emptyWorkspace, ...options });
  return connected;
}

afterEach(() => connected?.close());

describe('what is served', () => {
  it('offers only readers when it is read-only, and says why', async () => {
    const { client } = await open({ readOnly: true });
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['count', 'echo', 'fail']);
    await expect(client.callTool({ name: 'change', arguments: { kind: 'a' } })).rejects.toThrow('started with --read-only');
  });

  it('offers only the toolsets named', async () => {
    const { client } = await open({ toolsets: ['definitions', 'accounts'] });
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['echo', 'fail', 'change']);
    await expect(client.callTool({ name: 'count', arguments: { to: 1 } })).rejects.toThrow('its toolset scoring is not among');
  });

  it('gives the scopes to the context', async () => {
    const scopes: string[][] = [];
    const workspace = async (): Promise<Workspace> => {
      const empty = await emptyWorkspace();
      return {
        ...empty,
        context(call) {
          scopes.push([call.actor.id, ...call.actor.scopes]);
          return empty.context(call);
        },
      };
    };
    await (await open({ readOnly: true, workspace })).call('count', { to: 1 });
    await (await open({ workspace })).call('count', { to: 1 });
    expect(scopes).toEqual([
      ['mcp:contract-test', 'read'],
      ['mcp:contract-test', 'read', 'write'],
    ]);
  });
});

describe('resources', () => {
  it('lists page by page', async () => {
    const { client } = await open();
    const uris: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listResources(cursor === undefined ? {} : { cursor });
      uris.push(...page.resources.map((resource) => resource.uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(uris).size).toBe(230);
    await expect(client.listResources({ cursor: 'made-up' })).rejects.toThrow('cursor');
  });

  it('reads one, completes its variable, and refuses others by name', async () => {
    const { client } = await open();
    expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([{ uriTemplate: 'samepage://things/{kind}' }]);
    const read = await client.readResource({ uri: 'samepage://things/a%20b' });
    expect(read.contents).toEqual([{ uri: 'samepage://things/a%20b', mimeType: 'application/json', text: '{"kind":"a b"}' }]);
    await expect(client.readResource({ uri: 'samepage://things/none' })).rejects.toMatchObject({ code: -32002 });
    await expect(client.readResource({ uri: 'file:///etc/passwd' })).rejects.toMatchObject({ code: -32002 });
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: thing.uriTemplate },
      argument: { name: 'kind', value: 'k' },
    });
    expect(completion).toMatchObject({ total: 150, hasMore: true });
    expect(completion.values).toHaveLength(100);
  });

  it('tells subscribers, and only them, what a call changed', async () => {
    const { client, call } = await open();
    const updated: string[] = [];
    let lists = 0;
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
      lists += 1;
    });
    await client.subscribeResource({ uri: 'samepage://things/a' });
    await call('change', { kind: 'a' });
    await call('change', { kind: 'b' });
    await client.unsubscribeResource({ uri: 'samepage://things/a' });
    await call('change', { kind: 'a' });
    await call('change', { kind: 'new' });
    await client.ping();
    expect(updated).toEqual(['samepage://things/a']);
    expect(lists).toBe(1);
    await client.subscribeResource({ uri: 'samepage://things/a' });
    await client.subscribeResource({ uri: 'samepage://things/b' });
    await call('change', { kind: 'a*' });
    await client.ping();
    expect(updated).toEqual(['samepage://things/a', 'samepage://things/a']);
  });

  it('takes no subscription to what is not there, nor one too many', async () => {
    const { client, call } = await open();
    const updated: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
    for (const uri of ['samepage://nope', 'samepage://things/none'])
      await expect(client.subscribeResource({ uri })).rejects.toMatchObject({
        code: -32002,
        message: expect.stringContaining('There is no'),
      });
    await call('change', { kind: 'none' });
    await client.ping();
    expect(updated).toEqual([]);
    for (let i = 0; i < MAX_SUBSCRIPTIONS; i += 1) await client.subscribeResource({ uri: `samepage://things/${i}` });
    await client.subscribeResource({ uri: 'samepage://things/0' });
    const one = { uri: 'samepage://things/more' };
    await expect(client.subscribeResource(one)).rejects.toThrow('has 1,000 subscriptions, the most there can be');
    await client.unsubscribeResource({ uri: 'samepage://things/0' });
    await client.subscribeResource(one);
  });
});

describe('a request that is not as the protocol has it', () => {
  it.each([
    ['tools/list', 'tools'],
    ['prompts/list', 'prompts'],
    ['resources/list', 'resources'],
    ['resources/templates/list', 'resourceTemplates'],
  ])('is not %s without parameters', async (method, member) => {
    const { client } = await open();
    expect(await client.request({ method }, ResultSchema)).toHaveProperty(member);
  });

  it.each<[method: string, params: Record<string, unknown> | undefined, message: RegExp]>([
    ['tools/call', { name: 'count', arguments: 'x' }, /params\.arguments must be an object; found x\. Correct the request/],
    ['tools/call', { name: 5 }, /params\.name must be a string; found 5/],
    ['tools/call', undefined, /params is missing; it must be an object/],
    ['tools/list', { cursor: 'x' }, /cursor: it is not one that this server gave/],
    ['tools/list', { cursor: 5 }, /params\.cursor must be a string; found 5/],
    ['prompts/list', { cursor: 'x' }, /cursor: it is not one that this server gave/],
    ['prompts/get', {}, /params\.name is missing/],
    ['resources/templates/list', { cursor: 'x' }, /cursor: it is not one that this server gave/],
    ['resources/read', { uri: [] }, /params\.uri must be a string/],
    ['resources/subscribe', {}, /params\.uri is missing/],
    ['completion/complete', { ref: { type: 'ref/prompt' } }, /params\./],
    ['logging/setLevel', { level: 'nope' }, /params\.level must be one of debug, .*; found nope/],
  ])('%s %j: is told so in our words', async (method, params, message) => {
    const { client } = await open();
    const asked = client.request({ method, ...(params !== undefined && { params }) }, ResultSchema);
    await expect(asked).rejects.toMatchObject({ code: -32602, message: expect.stringMatching(message) });
    await expect(asked).rejects.not.toMatchObject({ message: expect.stringMatching(/invalid_type|ZodError|\[\s*\{/) });
  });
});

describe('prompts', () => {
  it('are offered where all tools are that they call, and say which is not', async () => {
    const names = async (options: ConnectOptions) => {
      const { client } = await open(options);
      return (await client.listPrompts()).prompts.map(({ name }) => name);
    };
    expect(await names({})).toEqual(['ask']);
    expect(await names({ toolsets: ['accounts'] })).toEqual([]);
    await expect(connected?.client.getPrompt({ name: 'ask', arguments: { account: 'a' } })).rejects.toThrow(
      'Prompt ask is not offered: it calls count, which is not served: its toolset scoring is not among --toolsets accounts.',
    );
  });

  it('lists, completes and gives one', async () => {
    const { client } = await open();
    expect((await client.listPrompts()).prompts).toEqual([
      {
        name: 'ask',
        title: 'Ask',
        description,
        arguments: [
          { name: 'account', description: 'its domain', required: true },
          { name: 'day', required: false },
        ],
      },
    ]);
    const { messages } = await client.getPrompt({ name: 'ask', arguments: { account: 'a.example' } });
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Is a.example hot?' } }]);
    const { completion } = await client.complete({ ref: { type: 'ref/prompt', name: 'ask' }, argument: { name: 'account', value: 'b' } });
    expect(completion.values).toEqual(['b.example']);
    await expect(client.getPrompt({ name: 'ask', arguments: { acount: 'a' } })).rejects.toThrow('did you mean account?');
    await expect(client.getPrompt({ name: 'aks' })).rejects.toThrow('did you mean ask?');
  });
});

describe('logging', () => {
  it('tells the client of a failure inside, from the level it asks for', async () => {
    const { client, call } = await open();
    const heard: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params.level));
    await call('fail', { how: 'driver' });
    await client.setLoggingLevel('critical');
    await call('fail', { how: 'driver' });
    await client.ping();
    expect(heard).toEqual(['error']);
  });
});
