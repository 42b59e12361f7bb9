import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { LoggingLevel, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Context } from '../kernel/context.ts';
import type { Log } from '../log.ts';
import type { Catalog } from './catalog.ts';
import type { Change } from './changes.ts';

/** What the protocol tells of one request. */
export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Registers the answer to one kind of request; the server waits for those under way before it ends. */
export type Handle = Server['setRequestHandler'];

/** What the handlers of one connection share. */
export interface Session {
  server: Server;
  log: Log;
  catalog(): Promise<Catalog>;
  /** Aborted by the caller, by the deadline of a call, or when the server stops. */
  signalFor(extra: Extra | undefined): AbortSignal;
  /** The context of one request, or of none. Opens the workspace if it is not open. @throws SamepageError why it does not open. */
  contextFor(extra: Extra | undefined, signal: AbortSignal): Promise<Context>;
  /** A log message for the client. */
  tell(level: LoggingLevel, message: string): void;
  /** Tells this client, and the others of the workspace, what has changed. */
  publish(change: Change): Promise<void>;
  /** The URIs that this client subscribed to. */
  subscriptions: Set<string>;
}
