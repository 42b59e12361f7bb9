import { execFile } from 'node:child_process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ElicitRequestSchema,
  type ElicitResult,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { NO_PROGRESS } from '../../src/kernel/context.ts';
import { NO_LOG } from '../../src/log.ts';
import type { Workspace } from '../../src/open-workspace.ts';
import { loadRegistry } from '../../src/server/catalog.ts';
import { createServer } from '../../src/server/create-server.ts';
import { describeDatabases } from '../support/databases.ts';
import { makeLeaders } from '../support/leaders.ts';
import { errorOf, NOW, testWorkspace, textOf } from './connect.ts';

type Answer = (asked: { message: string; names: string[] }) => ElicitResult;

const yes: Answer = ({ names }) => ({ action: 'accept', content: { name: names[0] ?? '', yes: true } });

describeDatabases('signing over the protocol', (openDatabase) => {
  let workspace: Workspace;
  let close = async () => {};
  let day: string;
  const heard: string[] = [];

  beforeEach(async () => {
    const made = await testWorkspace(await openDatabase());
    day = NOW.slice(0, 10);
    workspace = { ...made, context: (call) => ({ ...made.context(call), now: () => new Date(`${day}T09:00:00Z`) }) };
    heard.length = 0;
    const ctx = workspace.context({
      actor: { id: 'cli', scopes: new Set(['read', 'write'] as const) },
      progress: NO_PROGRESS,
      signal: new AbortController().signal,
    });
    await makeLeaders(ctx);
  });
  afterEach(() => close());

  /** A client whose user answers forms so; without an answer it shows none. */
  async function connected(
    answer?: Answer,
    subscribed: readonly string[] = [],
  ): Promise<(name: string, input: Record<string, unknown>) => Promise<CallToolResult>> {
    const samepage = createServer({
      version: '0.0.0-test',
      log: NO_LOG,
      toolsets: undefined,
      readOnly: false,
      registry: loadRegistry,
      workspace: async () => workspace,
    });
    const client = new Client({ name: 'Forms', version: '1' }, { capabilities: answer === undefined ? {} : { elicitation: {} } });
    if (answer !== undefined)
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        const fields = 'requestedSchema' in params ? params.requestedSchema.properties : {};
        const { name } = fields as { name?: { enum?: string[] } };
        return answer({ message: params.message, names: name?.enum ?? [] });
      });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await samepage.server.connect(far);
    await client.connect(near);
    close = async () => {
      await client.close();
      await samepage.idle();
    };
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    for (const uri of subscribed) await client.subscribeResource({ uri });
    return async (name, input) => CallToolResultSchema.parse(await client.callTool({ name, arguments: input }));
  }

  it('who subscribed to a section of the playbook hears of its signatures, and when a version comes into use', async () => {
    const call = await connected(yes, ['samepage://playbook/plays', 'samepage://definitions/icp']);
    for (const team of ['sales', 'marketing']) await call('sign_definition', { kind: 'playbook', team });
    expect(heard).toEqual(['samepage://playbook/plays', 'samepage://playbook/plays']);
    await call('propose_definition', {
      kind: 'playbook',
      changes: [{ path: 'plays.quiet_target.measure', value: 'x' }],
      active_from: '2026-03-04',
    });
    for (const team of ['sales', 'marketing']) await call('sign_definition', { kind: 'playbook', team });
    heard.length = 0;
    await call('rescore_records', {});
    expect(heard).toEqual([]);
    day = '2026-03-04';
    expect((await call('rescore_records', {})).structuredContent).toMatchObject({ in_use_now: ['playbook'] });
    expect(heard).toEqual(['samepage://playbook/plays']);
  });

  it('a leader signs in a form, which shows what is signed and who asks', async () => {
    const messages: string[] = [];
    const call = await connected((asked) => {
      messages.push(asked.message);
      return yes(asked);
    });
    await call('propose_definition', { kind: 'rubric', changes: [{ path: 'tiers.A', value: 72 }] });
    const first = await call('sign_definition', { kind: 'rubric', team: 'sales' });
    expect(first.structuredContent).toMatchObject({ state: 'proposed', signed: ['sales'], missing: ['marketing'], in_use_now: [] });
    const last = await call('sign_definition', { kind: 'rubric', team: 'marketing' });
    expect(last.structuredContent).toMatchObject({ state: 'active', missing: [], in_use_now: [{ kind: 'rubric', version: 2 }] });
    expect(messages[1]).toMatch(/^Sign rubric v2 for marketing\?\n\nrubric v2, sha256 [0-9a-f]{64}\nSigned so far: Sam Ode for sales\./);
    expect(messages[1]).toContain('Asked to sign: marketing, through mcp:forms.');
    expect(messages[1]).toContain('tiers.A: 70 → 72');
    const shown = await call('get_definition', { kind: 'rubric', response_format: 'detailed' });
    expect(shown.structuredContent).toMatchObject({
      status: 'signed',
      signed_by: [
        { team: 'sales', name: 'Sam Ode', way: 'elicitation' },
        { team: 'marketing', name: 'Mara Lind', way: 'elicitation' },
      ],
    });
  });

  describe('an agent alone never completes a signature', () => {
    const refusals: [string, Answer | undefined][] = [
      ['a client that shows no forms', undefined],
      ['a person who declines', () => ({ action: 'decline' })],
      ['a person who closes the form', () => ({ action: 'cancel' })],
      ['a form sent off without a yes', ({ names }) => ({ action: 'accept', content: { name: names[0] ?? '', yes: false } })],
      ['a yes in the name of who leads nothing', () => ({ action: 'accept', content: { name: 'An Agent', yes: true } })],
    ];
    it.each(refusals)('%s', async (_, answer) => {
      const call = await connected(answer);
      for (const team of ['sales', 'marketing']) {
        const refused = await call('sign_definition', { kind: 'rubric', team });
        expect(refused.isError, textOf(refused)).toBe(true);
        expect(errorOf(refused).code).toBe('permission_denied');
      }
      // not by any argument of the tool, nor by any other tool
      for (const argument of [{ name: 'Sam Ode' }, { yes: true }, { person: { way: 'terminal' } }, { signed: true }])
        expect(errorOf(await call('sign_definition', { kind: 'rubric', team: 'sales', ...argument })).code).toBe('invalid_input');
      await call('propose_definition', { kind: 'rubric', changes: [{ path: 'tiers.A', value: 72 }] });
      const definition = await call('get_definition', { kind: 'rubric' });
      expect(definition.structuredContent).toMatchObject({
        status: 'draft',
        version: 1,
        signed_by: [],
        open: { missing: ['marketing', 'sales'] },
      });
    });
  });
});

it('a pipe is no person: the command line refuses, and opens nothing', async () => {
  const { code, err } = await new Promise<{ code: unknown; err: string }>((resolve) => {
    const env = { ...process.env, SAMEPAGE_DATA_DIR: 'memory' };
    const child = execFile(process.execPath, [inject('program'), 'sign', 'rubric', '--team', 'sales'], { env }, (error, _, stderr) =>
      resolve({ code: error?.code, err: stderr }),
    );
    child.stdin?.end('1\nsign\n');
  });
  expect(err).toContain('Only a person at a terminal signs, and this is a pipe or a program.');
  expect(code).toBe(1);
});
