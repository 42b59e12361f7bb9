import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMCPClient } from '@ai-sdk/mcp';
import { Experimental_StdioMCPTransport as StdioTransport } from '@ai-sdk/mcp/mcp-stdio';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { loadRegistry } from '../../src/server/catalog.ts';
import { createPostgresDatabase } from '../support/databases.ts';
import { makePlace, removePlace } from '../support/places.ts';
import { EXAMPLE_CALLS, type ExampleCall, inputOfCall } from './example-calls.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SERVER = [inject('program')];
const INSPECTOR = join(ROOT, 'node_modules/.bin/mcp-inspector');

const { tools } = await loadRegistry();
const names = tools.map((tool) => tool.name).sort();

/** PostgreSQL where there is one, for it opens faster, and each call of the Inspector starts a server; else a folder. */
let env: Record<string, string>;
let dispose: () => Promise<void>;

beforeAll(async () => {
  if (inject('postgres') !== undefined) {
    const database = await createPostgresDatabase('migrated');
    env = { DATABASE_URL: database.url };
    dispose = database.drop;
    return;
  }
  const folder = await makePlace('clients');
  env = { SAMEPAGE_DATA_DIR: join(folder, 'data') };
  dispose = () => removePlace(folder);
});
afterAll(() => dispose());

const resultSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.literal('text'), text: z.string().min(1) })).min(1),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

function expectAnswer(result: unknown, { tool, isRefused = false }: ExampleCall): unknown {
  const { isError, content, structuredContent } = resultSchema.parse(result);
  expect(isError ?? false, `${tool}: ${content[0]?.text}`).toBe(isRefused);
  if (!isRefused) expect(structuredContent, tool).toBeDefined();
  return structuredContent;
}

it('has a call of every tool', () => {
  expect([...new Set(EXAMPLE_CALLS.map(({ tool }) => tool))].sort()).toEqual(names);
});

/** The Inspector's command line. It exits with 5 when the tool answers with an error. */
function inspect(...args: string[]): Promise<{ code: number; out: unknown; err: string }> {
  const given = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  return new Promise((resolve) => {
    execFile(
      INSPECTOR,
      ['--cli', process.execPath, ...SERVER, ...given, '--cwd', ROOT, '--quiet', ...args],
      { cwd: ROOT },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
        resolve({ code, out: stdout.trim() === '' ? undefined : JSON.parse(stdout), err: stderr });
      },
    );
  });
}

/** One after the other, on one workspace: the later calls ask for what the earlier ones brought in. */
describe('clients that we did not write', () => {
  const answers = new Map<string, unknown>();

  it('@ai-sdk/mcp lists and calls every tool', async () => {
    const transport = new StdioTransport({
      command: process.execPath,
      args: SERVER,
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', ...env },
      stderr: 'ignore',
    });
    const client = await createMCPClient({ transport });
    try {
      const made = await client.tools();
      expect(Object.keys(made).sort()).toEqual(names);
      for (const call of EXAMPLE_CALLS) {
        const result = await made[call.tool]?.execute?.(inputOfCall(call, answers), { toolCallId: call.tool, messages: [] });
        answers.set(call.tool, expectAnswer(result, call));
      }
      expect((await client.listResources()).resources.length).toBeGreaterThan(0);
    } finally {
      await client.close();
    }
  });

  it('the Inspector lists every tool, and finds its schema portable', async () => {
    const { code, out, err } = await inspect('--method', 'tools/list', '--strict');
    expect(code, err).toBe(0);
    expect(
      z
        .object({ tools: z.array(z.looseObject({ name: z.string() })) })
        .parse(out)
        .tools.map((tool) => tool.name)
        .sort(),
    ).toEqual(names);
  });

  it.each(EXAMPLE_CALLS)('the Inspector calls $tool', async (call) => {
    const input = JSON.stringify(inputOfCall(call, answers));
    const { code, out, err } = await inspect('--method', 'tools/call', '--tool-name', call.tool, '--tool-args-json', input);
    expect(code, `${err}${JSON.stringify(out)}`).toBe(call.isRefused === true ? 5 : 0);
    expectAnswer(out, call);
  });
});
