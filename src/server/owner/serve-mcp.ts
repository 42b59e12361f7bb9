import { LOG_LEVELS, type LogLevel } from '../../config.ts';
import type { Visit } from '../../db/folder-owner.ts';
import { packageVersion } from '../../kernel/version.ts';
import { createLog } from '../../log.ts';
import { asideLine } from '../aside.ts';
import { createServer } from '../create-server.ts';
import { LineTransport } from '../line-transport.ts';
import { parseToolsets } from '../toolsets.ts';
import type { House } from './house.ts';

export interface McpConnection {
  /** Asks what is under way to stop. */
  abort(): void;
}

/** Serves MCP to one client over its proxy's socket, until that closes. */
export async function serveMcp({ socket, hello }: Visit, house: House): Promise<McpConnection> {
  const log = createLog(levelOf(hello.logLevel), (line) => void socket.write(asideLine({ log: line })));
  const samepage = createServer({
    version: packageVersion(),
    log,
    toolsets: parseToolsets(hello.toolsets ?? undefined),
    readOnly: hello.readOnly,
    cwd: hello.cwd,
    changes: house.changes(hello.workspaceId),
    async registry() {
      const registry = await house.registry();
      // what may be asked again when this process ends in the middle of it
      socket.write(asideLine({ readers: registry.tools.filter((tool) => tool.annotations.readOnlyHint).map((tool) => tool.name) }));
      return registry;
    },
    async workspace() {
      const workspace = await house.workspace(hello.workspaceId);
      log.info('workspace_open', { workspace: hello.workspaceId, database: 'embedded', owner: String(process.pid) });
      // a client that may only read has nothing done for it
      if (!hello.readOnly) await house.work(hello.workspaceId);
      // it is everybody's: the house closes it
      return { ...workspace, close: async () => {} };
    },
  });
  socket.on('close', () => {
    samepage.abort();
    void samepage.close();
    void samepage.server.close();
  });
  await samepage.server.connect(new LineTransport(socket, socket));
  samepage.server.onclose = () => void socket.destroy();
  socket.resume();
  return { abort: samepage.abort };
}

function levelOf(name: string): LogLevel {
  return LOG_LEVELS.find((known) => known === name) ?? 'info';
}
