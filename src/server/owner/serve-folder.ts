import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { DatabaseThread } from '../../db/database-thread.ts';
import { type ClaimedFolder, OWNER_LOG } from '../../db/folder.ts';
import type { Visit } from '../../db/folder-owner.ts';
import { helloOf } from '../../db/owner-protocol.ts';
import { socketChannel } from '../../db/wire/channels.ts';
import type { Reply, Request } from '../../db/wire/messages.ts';
import type { RawDatabase } from '../../db/wire/raw-database.ts';
import { serveDatabase } from '../../db/wire/serve-database.ts';
import { SamepageError } from '../../kernel/errors.ts';
import { createLog, type Log } from '../../log.ts';
import { ownError } from '../error-result.ts';
import { parseToolsets } from '../toolsets.ts';
import { within } from '../within.ts';
import { createHouse, type House } from './house.ts';
import { fileLines } from './log-file.ts';
import type { McpConnection } from './serve-mcp.ts';
import { versionRefusal } from './version-refusal.ts';

const WATCH_MS = 1_000;
/** Whoever started this process has yet to connect. */
const FIRST_VISIT_MS = 10_000;
/** Time to roll back what is under way, and to close the database. */
const STOP_MS = 5_000;

/** Serves a folder that this process has claimed to all who connect, and ends the process when nobody does any more. */
export async function serveFolder(folder: ClaimedFolder, dataDir: string, config: Config, early?: DatabaseThread): Promise<void> {
  const log = createLog(config.logLevel, fileLines(join(dataDir, OWNER_LOG)));
  const owner = new FolderOwner(folder, createHouse(folder, dataDir, log, early), config.ownerIdleMs, log);
  owner.start();
}

class FolderOwner {
  readonly #folder: ClaimedFolder;
  readonly #house: House;
  readonly #idleMs: number;
  readonly #log: Log;
  readonly #self = helloOf('who');
  readonly #sockets = new Set<Socket>();
  readonly #mcp = new Set<McpConnection>();
  #idle: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(folder: ClaimedFolder, house: House, idleMs: number, log: Log) {
    this.#folder = folder;
    this.#house = house;
    this.#idleMs = idleMs;
    this.#log = log;
  }

  start(): void {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void this.#end(signal));
    process.on('unhandledRejection', (error) => void this.#log.failure('unhandled_rejection', error));
    process.on('uncaughtException', (error) => {
      this.#log.failure('uncaught_exception', error);
      void this.#end('uncaught_exception');
    });
    this.#log.info('owner_started', { pid: process.pid });
    // whoever started it has not connected yet, and may be gone
    this.#waitForVisits(Math.max(FIRST_VISIT_MS, this.#idleMs));
    this.#watchFolder();
    // first, since it takes longest; what fails is told to each call
    this.#house.database().catch((error: unknown) => ownError(error, this.#log, 'open_database', new AbortController().signal));
    this.#folder.ownership.receive((visit) => void this.#visit(visit));
  }

  async #visit(visit: Visit): Promise<void> {
    const { socket, hello } = visit;
    if (socket.destroyed) return;
    const refusal = versionRefusal(hello, this.#self) ?? unknownToolsets(hello.toolsets);
    if (refusal !== undefined) {
      this.#log.warn('client_refused', { code: refusal.code, version: hello.version });
      // nobody else needs this older process: the newer may have the folder
      if (refusal.code === 'owner_outdated' && this.#sockets.size === 0) this.#folder.ownership.stopReceiving();
      visit.greet(refused(refusal));
      if (refusal.code === 'owner_outdated' && this.#sockets.size === 0) void this.#end('outdated');
      return;
    }
    this.#sockets.add(socket);
    clearTimeout(this.#idle);
    this.#log.debug('client_connected', { kind: hello.kind, client: hello.pid });
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#log.debug('client_left', { kind: hello.kind, client: hello.pid });
      if (this.#sockets.size === 0) this.#waitForVisits(this.#idleMs);
    });
    if (hello.kind === 'database') return this.#serveDatabase(visit);
    try {
      await this.#serveMcp(visit);
    } catch (error) {
      this.#log.failure('client_not_served', error);
      socket.destroy();
    }
  }

  async #serveMcp(visit: Visit): Promise<void> {
    visit.greet();
    // loaded while the database opens in its thread
    const { serveMcp } = await import('./serve-mcp.ts');
    if (visit.socket.destroyed) return;
    const connection = await serveMcp(visit, this.#house);
    this.#mcp.add(connection);
    visit.socket.on('close', () => this.#mcp.delete(connection));
  }

  async #serveDatabase(visit: Visit): Promise<void> {
    try {
      const database = await this.#house.database();
      visit.greet();
      // it is everybody's: a command that is done with it closes its connection alone
      const shared: RawDatabase = {
        transaction: (mode, run, options) => database.transaction(mode, run, options),
        maintain: (tables) => database.maintain(tables),
        close: async () => {},
      };
      serveDatabase(socketChannel<Request, Reply>(visit.socket), shared, (wrote) => {
        // what a command changed is not known here
        if (wrote) void this.#house.changes(visit.hello.workspaceId).publish({ uris: ['samepage://*'], list: true });
      });
    } catch (error) {
      visit.greet(refused(ownError(error, this.#log, 'open_database', new AbortController().signal)));
    }
  }

  #waitForVisits(ms: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#end('idle'), ms);
  }

  /** Without its name in the folder nobody finds this process, and another would take the folder beside it. */
  #watchFolder(): void {
    const watch = setInterval(async () => {
      if (this.#ending || (await this.#folder.ownership.isShown())) return;
      clearInterval(watch);
      this.#log.warn('folder_gone');
      this.#ending = true;
      await this.#house.abandon();
      process.exit(1);
    }, WATCH_MS);
  }

  /** The folder is let go last: until its database is closed, nobody else may open it. */
  async #end(reason: string): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#log.info('owner_stopping', { reason });
    this.#folder.ownership.stopReceiving();
    for (const connection of this.#mcp) connection.abort();
    for (const socket of this.#sockets) socket.destroySoon();
    try {
      let closed = false;
      const closing = this.#house.close().then(() => {
        closed = true;
      });
      await within(STOP_MS, closing);
      if (!closed) await this.#house.abandon();
      await within(STOP_MS, this.#folder.release());
    } catch (error) {
      this.#log.failure('stop_failed', error);
    }
    process.exit(0);
  }
}

/** Those of another version, which its own command line has taken. */
function unknownToolsets(names: string | null): SamepageError | undefined {
  try {
    parseToolsets(names ?? undefined);
    return undefined;
  } catch (error) {
    if (error instanceof SamepageError) return error;
    throw error;
  }
}

const refused = ({ code, message, next }: SamepageError) => ({ code, message, next });
