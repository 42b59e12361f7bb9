import type { Config } from '../config.ts';
import { packageVersion } from '../kernel/version.ts';
import { createLog } from '../log.ts';
import type { Toolset } from '../tools/define-tool.ts';
import { loadRegistry } from './catalog.ts';
import { createChanges } from './changes.ts';
import { createServer } from './create-server.ts';
import { LineTransport } from './line-transport.ts';
import { claimStdout } from './stdio.ts';
import { within } from './within.ts';
import { workHere } from './work-here.ts';

export interface ServeOptions {
  config: Config;
  toolsets: readonly Toolset[] | undefined;
  readOnly: boolean;
}

/** A client that closes our input may still read the answers to what it asked. */
const FINISH_MS = 60_000;
/** How soon a client hears of what was signed in another process. */
const WATCH_MS = 2_000;
/** After the abort: time to roll back, and to close the database. */
const STOP_MS = 3_000;

/** Serves one client on stdin and stdout until it leaves or a signal comes. Only protocol messages reach stdout. */
export async function serveStdio({ config, toolsets, readOnly }: ServeOptions): Promise<void> {
  const log = createLog(config.logLevel);
  const stdout = claimStdout(() => void stop('reader_gone', 0));
  const changes = createChanges();
  let endWork = async () => {};
  const samepage = createServer({
    changes,
    version: packageVersion(),
    log,
    toolsets,
    readOnly,
    registry: loadRegistry,
    ...(config.databaseUrl !== undefined && { watchMs: WATCH_MS }),
    async workspace() {
      const { openWorkspace } = await import('../open-workspace.ts');
      const workspace = await openWorkspace(config);
      log.info('workspace_open', { workspace: config.workspaceId, database: config.databaseUrl === undefined ? 'embedded' : 'postgres' });
      if (!readOnly) endWork = workHere(workspace, log, changes, config.databaseUrl !== undefined);
      return workspace;
    },
  });

  let stopping = false;
  async function stop(reason: string, finishMs: number, exitCode = 0): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info('stopping', { reason });
    try {
      await within(finishMs, samepage.idle());
      samepage.abort();
      await within(STOP_MS, samepage.idle());
      // the last answer is handed to the transport one turn after its request is done
      await new Promise((turn) => setImmediate(turn));
      await within(STOP_MS, new Promise((written) => stdout.write('', written)));
      await endWork();
      await within(STOP_MS, samepage.close());
    } catch (error) {
      log.failure('stop_failed', error);
    }
    process.exit(exitCode);
  }

  process.stdin.on('end', () => void stop('input_closed', FINISH_MS));
  process.stdin.on('close', () => void stop('input_closed', FINISH_MS));
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal, 0));
  process.on('unhandledRejection', (error) => void log.failure('unhandled_rejection', error));
  process.on('uncaughtException', (error) => {
    log.failure('uncaught_exception', error);
    void stop('uncaught_exception', 0, 1);
  });

  const transport = new LineTransport(process.stdin, stdout);
  await samepage.server.connect(transport);
  // the transport closes itself when a message is larger than it takes
  samepage.server.onclose = () => void stop('transport_closed', 0, 1);
}
