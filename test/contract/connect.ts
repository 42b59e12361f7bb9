import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type CallToolResult, CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { ensureWorkspace } from '../../src/definitions/ensure-workspace.ts';
import type { Database } from '../../src/kernel/database.ts';
import { type Log, NO_LOG } from '../../src/log.ts';
import { peopleRegrouped, type Workspace } from '../../src/open-workspace.ts';
import { loadRegistry, type Registry, type Selection } from '../../src/server/catalog.ts';
import { createServer, type SamepageServer } from '../../src/server/create-server.ts';
import { testContext } from '../support/context.ts';

/** The day on which the tests of tools happen. */
export const NOW = '2026-03-02T09:00:00.000Z';

export interface Connected {
  client: Client;
  samepage: SamepageServer;
  call(name: string, input?: Record<string, unknown>): Promise<CallToolResult>;
  close(): Promise<void>;
}

export interface ConnectOptions extends Partial<Selection> {
  registry?: Partial<Registry>;
  log?: Log;
  workspace?: () => Promise<Workspace>;
  watchMs?: number;
}

/** A workspace over a test database, with its definitions. The caller closes the database. */
export async function testWorkspace(db: Database): Promise<Workspace> {
  const now = () => new Date(NOW);
  await ensureWorkspace({ ...testContext(db), now });
  return { context: (call) => ({ workspaceId: 'test', db, now, peopleRegrouped, ...call }), async close() {} };
}

/** A real client and the real server, in one process. Without a workspace, calls that need one fail. */
export async function connect(options: ConnectOptions = {}): Promise<Connected> {
  const samepage = createServer({
    version: '0.0.0-test',
    log: options.log ?? NO_LOG,
    toolsets: options.toolsets,
    readOnly: options.readOnly ?? false,
    ...(options.watchMs !== undefined && { watchMs: options.watchMs }),
    registry: async () => ({ ...(await loadRegistry()), ...options.registry }),
    workspace: options.workspace ?? (() => Promise.reject(new Error('this test has no workspace'))),
  });
  const client = new Client({ name: 'Contract Test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await samepage.server.connect(far);
  await client.connect(near);
  // from here on the client checks every structured answer against the schema that was listed
  await client.listTools();
  return {
    client,
    samepage,
    async call(name, input = {}) {
      return CallToolResultSchema.parse(await client.callTool({ name, arguments: input }));
    },
    async close() {
      await client.close();
      await samepage.idle();
      if (options.watchMs !== undefined) await samepage.close();
    },
  };
}

/** The text of a result, as a model reads it. */
export function textOf(result: CallToolResult): string {
  return result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  next: z.string(),
  problems: z.array(z.object({ path: z.string(), value: z.string().optional(), reason: z.string() })),
});

/** What an error result says for programs. */
export function errorOf(result: CallToolResult): z.output<typeof errorSchema> {
  return errorSchema.parse(result._meta?.['samepage/error']);
}
