import { parseConfig } from '../config.ts';
import { parseToolsets } from './toolsets.ts';

export interface ServeFlags {
  /** Comma-separated; all when left out. */
  toolsets?: string;
  readOnly?: boolean;
}

/**
 * Serves MCP on stdin and stdout: with an embedded folder as a thin proxy to the process that owns it, else in this process.
 * @throws SamepageError for what is wrong in the environment or with the toolsets.
 */
export async function serve({ toolsets, readOnly = false }: ServeFlags): Promise<void> {
  const config = parseConfig();
  const chosen = parseToolsets(toolsets);
  if (config.databaseUrl !== undefined || config.dataDir === 'memory') {
    const { serveStdio } = await import('./serve-stdio.ts');
    return serveStdio({ config, toolsets: chosen, readOnly });
  }
  const { serveProxy } = await import('./proxy/serve-proxy.ts');
  return serveProxy({ config, toolsets, readOnly });
}
