import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { Protocol } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Scope } from '../kernel/context.ts';
import type { Log } from '../log.ts';
import type { Workspace } from '../open-workspace.ts';
import { actorId } from './actor.ts';
import { type Catalog, type Registry, type Selection, selectCatalog } from './catalog.ts';
import { type Changes, createChanges, type Listener } from './changes.ts';
import { handleLogging } from './client-log.ts';
import { handleCompletion } from './completion-handler.ts';
import { ownError } from './error-result.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { inOwnWords } from './own-words.ts';
import { personOf } from './person.ts';
import { progressOf } from './progress.ts';
import { handlePrompts } from './prompt-handlers.ts';
import { handleResources } from './resource-handlers.ts';
import type { Handle, Session } from './session.ts';
import { sharedPromise } from './shared-promise.ts';
import { handleSubscriptions, passOn } from './subscriptions.ts';
import { handleTools } from './tool-handlers.ts';
import { watchOthers } from './watch-others.ts';

/** No call takes longer: the verb is asked to stop and the caller is told. */
const CALL_DEADLINE_MS = 15 * 60_000;

export interface ServerOptions extends Selection {
  version: string;
  log: Log;
  /** Called after the client is initialised, or by the first request that needs it. */
  registry(): Promise<Registry>;
  /** Likewise; tried again by the next call when it fails. */
  workspace(): Promise<Workspace>;
  /** The client's working folder, where this process has another. */
  cwd?: string;
  /** Shared with the other servers of the workspace, where there are others. */
  changes?: Changes;
  /** How often to look for what another process did; left out where it is told of here. */
  watchMs?: number;
}

export interface SamepageServer {
  server: Server;
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
  /** Asks what is under way to stop. */
  abort(): void;
  /** Closes the workspace, if it was opened, and hears of no more changes. */
  close(): Promise<void>;
}

/** The MCP server over no transport yet: `server.connect(transport)`. */
export function createServer(options: ServerOptions): SamepageServer {
  const { log, readOnly } = options;
  // the SDK marks its plain Server for advanced use, which this is: our own schemas, messages, lists and completions
  const server = new Server(
    { name: 'samepage-mcp', title: 'Samepage', version: options.version },
    {
      instructions: INSTRUCTIONS,
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        completions: {},
        logging: {},
      },
      debouncedNotificationMethods: ['notifications/resources/list_changed'],
    },
  );
  const stop = new AbortController();
  const catalog = sharedPromise(async (): Promise<Catalog> => selectCatalog(await options.registry(), options));
  const workspace = sharedPromise(options.workspace);
  const scopes: ReadonlySet<Scope> = new Set(readOnly ? (['read'] as const) : (['read', 'write'] as const));

  const changes = options.changes ?? createChanges();
  const heard: Listener = (change) => passOn(session, change);
  const forget = changes.listen(heard);

  const underWay = new Set<Promise<unknown>>();
  // a server's own would look through each result again, and give a copy of it
  const register: Handle = Protocol.prototype.setRequestHandler.bind(server);
  const handle: Handle = (schema, handler) =>
    register(inOwnWords(schema), (request, extra) => {
      const answer = Promise.resolve(handler(request, extra));
      const settled: Promise<void> = answer.then(
        () => {},
        () => {},
      );
      underWay.add(settled);
      void settled.then(() => underWay.delete(settled));
      return answer;
    });

  const session: Session = {
    server,
    log,
    catalog: catalog.get,
    subscriptions: new Set(),
    publish: (change) => changes.publish(change, heard),
    signalFor: (extra) =>
      AbortSignal.any([...(extra === undefined ? [] : [extra.signal]), stop.signal, AbortSignal.timeout(CALL_DEADLINE_MS)]),
    async contextFor(extra, signal) {
      const actor = { id: actorId(server.getClientVersion()?.name), scopes };
      const { cwd } = options;
      const person = personOf(server, extra, signal);
      const progress = progressOf(extra);
      return (await workspace.get()).context({
        actor,
        signal,
        progress,
        ...(cwd !== undefined && { cwd }),
        ...(person !== undefined && { person }),
      });
    },
    tell: handleLogging(handle, server),
  };

  handleTools(handle, session);
  handleResources(handle, session);
  handleSubscriptions(handle, session);
  handlePrompts(handle, session);
  handleCompletion(handle, session);
  const unwatch = options.watchMs === undefined ? undefined : watchOthers(session, options.watchMs);

  server.oninitialized = () => {
    log.info('client_connected', { actor: actorId(server.getClientVersion()?.name) });
    // the answer to initialize has gone out: what takes time begins now
    setImmediate(async () => {
      try {
        await catalog.get();
        await workspace.get();
      } catch (error) {
        const own = ownError(error, log, 'open_workspace', stop.signal);
        log.warn('workspace_not_open', { code: own.code });
        session.tell('error', `${own.message} ${own.next}`);
      }
    });
  };
  server.onerror = (error) => log.debug('protocol_error', { type: error.name });

  return {
    server,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    abort: () => stop.abort(),
    async close() {
      forget();
      unwatch?.();
      const opened = await workspace.current();
      await opened?.close();
    },
  };
}
