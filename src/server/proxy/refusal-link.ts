import { deserializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Config } from '../../config.ts';
import type { SamepageError } from '../../kernel/errors.ts';
import { packageVersion } from '../../kernel/version.ts';
import { createLog } from '../../log.ts';
import { loadRegistry } from '../catalog.ts';
import { createServer } from '../create-server.ts';
import { parseToolsets } from '../toolsets.ts';
import type { Link, LinkEvents } from './link.ts';

export interface Refused {
  config: Config;
  toolsets: string | undefined;
  readOnly: boolean;
  /** Why there is no owner. */
  reason: SamepageError;
}

/** The whole server in this process, without a workspace: it opens, lists, and says in each call why it cannot do more. */
export async function refusalLink({ config, toolsets, readOnly, reason }: Refused, events: LinkEvents): Promise<Link> {
  const log = createLog(config.logLevel);
  const samepage = createServer({
    version: packageVersion(),
    log,
    toolsets: parseToolsets(toolsets),
    readOnly,
    registry: loadRegistry,
    workspace: () => Promise.reject(reason),
  });
  const transport: Transport = {
    start: async () => {},
    send: async (message) => events.onLine(Buffer.from(`${JSON.stringify(message)}\n`)),
    close: async () => transport.onclose?.(),
  };
  await samepage.server.connect(transport);
  return {
    send(line) {
      try {
        transport.onmessage?.(deserializeMessage(line));
      } catch (error) {
        log.debug('protocol_error', { type: error instanceof Error ? error.name : 'unknown' });
      }
      return true;
    },
    pause() {},
    resume() {},
    close() {
      samepage.abort();
      void samepage.server.close();
    },
  };
}
