import type { Writable } from 'node:stream';
import type { Config } from '../../config.ts';
import { helloOf } from '../../db/owner-protocol.ts';
import { reachOwner } from '../../db/reach-owner.ts';
import { SamepageError } from '../../kernel/errors.ts';
import { ASIDE, readAside } from '../aside.ts';
import { claimStdout } from '../stdio.ts';
import { lineReader, lineText } from './lines.ts';
import { type Link, type LinkEvents, socketLink } from './link.ts';
import { proxyLog } from './proxy-log.ts';
import { Session } from './session.ts';

export interface ProxyOptions {
  config: Config;
  toolsets: string | undefined;
  readOnly: boolean;
}

/** As the server itself takes. */
const MAX_LINE = 10 * 1024 * 1024;
/** A client that closes our input may still read the answers to what it asked. */
const FINISH_MS = 60_000;
/** Where there is no owner to be had, a call tries again, but not every one. */
const TRY_AGAIN_MS = 250;
const MAX_PAUSE_MS = 1_000;

/**
 * Serves one client by passing its lines to the process that owns the embedded folder, and that process's to the client. It
 * outlives the owner: it finds or starts the next one and goes on with the session there. It ends when its client leaves.
 */
export async function serveProxy(options: ProxyOptions): Promise<void> {
  const proxy = new ClientProxy(options);
  await proxy.start();
}

class ClientProxy {
  readonly #options: ProxyOptions;
  readonly #session = new Session();
  readonly #log: ReturnType<typeof proxyLog>;
  #out: Writable | undefined;
  #link: Link | undefined;
  /** Lines of the client that came while there was no owner, less the calls, which the session keeps. */
  #queue: string[] = [];
  #refusedAt: number | undefined;
  #losses = 0;
  #leaving = false;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#log = proxyLog(options.config.logLevel);
  }

  async start(): Promise<void> {
    // whoever read it has gone
    process.stderr.on('error', () => {});
    this.#out = claimStdout(() => process.exit(0));
    this.#out.on('drain', () => this.#link?.resume());
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => this.#exit(signal));
    process.on('uncaughtException', (error) => {
      this.#log('error', 'uncaught_exception', { type: error.name });
      this.#exit('uncaught_exception', 1);
    });
    const read = lineReader(
      (line) => this.#fromClient(lineText(line)),
      MAX_LINE,
      () => {
        this.#log('error', 'message_too_large', { bytes: MAX_LINE });
        this.#exit('message_too_large', 1);
      },
    );
    process.stdin.on('data', read);
    process.stdin.on('error', () => this.#leave());
    process.stdin.on('end', () => this.#leave());
    process.stdin.on('close', () => this.#leave());
    await this.#connect();
  }

  #fromClient(line: string): void {
    const needsWorkspace = this.#session.fromClient(line);
    const refused = this.#refusedAt;
    if (needsWorkspace && refused !== undefined && this.#session.waiting === 1 && performance.now() - refused > TRY_AGAIN_MS) {
      this.#refusedAt = undefined;
      this.#link?.close();
      this.#link = undefined;
      void this.#connect();
      return;
    }
    if (this.#link === undefined) return void this.#keep(line);
    this.#session.sent(line);
    if (!this.#link.send(line)) process.stdin.pause();
  }

  /** Calls, and how the session was opened, are in the session already. */
  #keep(line: string): void {
    if (line.includes('"notifications/cancelled"')) this.#queue.push(line);
  }

  #fromOwner(line: Buffer): void {
    if (line[0] === ASIDE.charCodeAt(0)) {
      const aside = readAside(lineText(line));
      if (aside !== undefined && 'log' in aside) process.stderr.write(aside.log);
      else if (aside !== undefined) this.#session.readers = aside.readers;
      return;
    }
    if (!this.#session.fromOwner(line)) return;
    this.#losses = 0;
    this.#toClient(line);
    this.#leaveWhenDone();
  }

  #toClient(line: Buffer | string): void {
    if (this.#out?.write(line) === false) this.#link?.pause();
  }

  async #connect(): Promise<void> {
    const { config, toolsets = null, readOnly } = this.#options;
    const { workspaceId, logLevel } = config;
    let link: Link;
    // what comes from a link that was left is nobody's
    const events: LinkEvents = {
      onLine: (line) => this.#fromOwner(line),
      onDrain: () => void process.stdin.resume(),
      onLost: () => this.#lost(),
    };
    try {
      const { socket } = await reachOwner(config.dataDir, helloOf('mcp', { workspaceId, logLevel, toolsets, readOnly }));
      link = socketLink(socket, events);
      this.#refusedAt = undefined;
    } catch (error) {
      link = await this.#refusal(error, events);
      this.#refusedAt = performance.now();
    }
    this.#link = link;
    for (const line of [...this.#session.opening(), ...this.#queue.splice(0)]) link.send(line);
    process.stdin.resume();
  }

  async #refusal(error: unknown, events: LinkEvents): Promise<Link> {
    const unexpected = new SamepageError('unavailable', 'The embedded database could not be reached.', 'Call again in a moment.', {
      cause: error,
    });
    const reason = error instanceof SamepageError ? error : unexpected;
    this.#log('warn', 'no_owner', { code: reason.code });
    const { refusalLink } = await import('./refusal-link.ts');
    return refusalLink({ ...this.#options, reason }, events);
  }

  #lost(): void {
    this.#link = undefined;
    this.#losses += 1;
    this.#log('warn', 'owner_lost', { waiting: this.#session.waiting });
    for (const answer of this.#session.lost()) this.#toClient(`${answer}\n`);
    this.#leaveWhenDone();
    // one that dies each time it is spoken to is not to be started without end
    const pause = this.#losses < 3 ? 0 : Math.min(MAX_PAUSE_MS, 25 * 2 ** this.#losses);
    setTimeout(() => void this.#connect(), pause);
  }

  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    setTimeout(() => this.#exit('input_closed'), FINISH_MS).unref();
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    if (this.#leaving && this.#session.waiting === 0) this.#exit('input_closed');
  }

  #exit(reason: string, code = 0): void {
    this.#log('info', 'stopping', { reason });
    this.#link?.close();
    // the last answer may still be on its way
    const exit = () => process.exit(code);
    if (this.#out === undefined) exit();
    else this.#out.write('', exit);
    setTimeout(exit, 3_000).unref();
  }
}
