import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { basename } from 'node:path';
import { serialize } from 'node:v8';
import { isObject, jsonObject } from '../kernel/json.ts';
import { packageVersion } from '../kernel/version.ts';

/**
 * How a client and the owner of a folder greet each other: a line of JSON each. What follows is of the connection's kind.
 * Plain code, no schema: each client's proxy loads it.
 */
const PROTOCOL = 1;
const MAX_LINE = 64 * 1024;

/** `who` asks for the answer alone; `mcp` goes on with lines of MCP; `database` with the frames of `wire/`. */
export type ConnectionKind = 'who' | 'mcp' | 'database';

export interface Hello {
  protocol: number;
  version: string;
  /** Time of the latest migration that the program knows. */
  migrations: number;
  /** Version of the serialisation that Node writes; a process reads those up to its own. */
  codec: number;
  pid: number;
  kind: ConnectionKind;
  workspaceId: string;
  logLevel: string;
  toolsets: string | null;
  readOnly: boolean;
  /** The client's working folder. */
  cwd: string;
}

export interface Greeting {
  protocol: number;
  version: string;
  pid: number;
  command: string;
  startedAt: string;
  /** `claiming` while it looks for others, `holding` from when the folder is its own, `ending` when it lets go. */
  state: 'claiming' | 'holding' | 'ending';
  /** False for a process that has the folder for itself alone. */
  shares: boolean;
  /** Clients and commands that it serves. */
  clients: number;
  /** Why this connection is not served. */
  refused?: { code: string; message: string; next: string };
}

const JOURNAL = new URL('../../drizzle/meta/_journal.json', import.meta.url);

/** Time of the latest migration of this program: a database with a later one is of a newer version. */
function latestMigration(): number {
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(JOURNAL, 'utf8'));
  return journal.entries.at(-1)?.when ?? 0;
}

/** The version byte that stands before every serialised value. */
const codecVersion = (): number => serialize(null)[1] ?? 0;

/** What a program says of itself when it connects. */
export function helloOf(
  kind: ConnectionKind,
  given: Partial<Pick<Hello, 'workspaceId' | 'logLevel' | 'toolsets' | 'readOnly'>> = {},
): Hello {
  return {
    protocol: PROTOCOL,
    version: packageVersion(),
    migrations: latestMigration(),
    codec: codecVersion(),
    pid: process.pid,
    kind,
    workspaceId: 'default',
    logLevel: 'info',
    toolsets: null,
    readOnly: false,
    cwd: process.cwd(),
    ...given,
  };
}

/** The process as it names itself to others: the program and its subcommand, no paths or other arguments. */
export function describeSelf(): Pick<Greeting, 'protocol' | 'version' | 'pid' | 'command' | 'startedAt'> {
  const [, script = 'node', subcommand = ''] = process.argv;
  const program = basename(script).replace(/\.[cm]?[jt]s$/, '');
  const command = `${program === 'main' ? 'samepage-mcp' : program} ${/^[a-z][a-z-]*$/.test(subcommand) ? subcommand : ''}`.trim();
  return {
    protocol: PROTOCOL,
    version: packageVersion(),
    pid: process.pid,
    command,
    startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
  };
}

/** The first line of a connection; undefined when it ends, breaks or grows too long before. The rest stays to be read. */
export function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let heard = Buffer.alloc(0);
    const settle = (line: string | undefined) => {
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd);
      socket.pause();
      resolve(line);
    };
    const onData = (data: Buffer) => {
      heard = Buffer.concat([heard, data]);
      const end = heard.indexOf(0x0a);
      if (end < 0) {
        if (heard.length > MAX_LINE) settle(undefined);
        return;
      }
      settle(heard.toString('utf8', 0, end));
      const rest = heard.subarray(end + 1);
      if (rest.length > 0) socket.unshift(rest);
    };
    const onEnd = () => settle(undefined);
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd);
    socket.resume();
    if (socket.destroyed) onEnd();
  });
}

const KINDS = ['who', 'mcp', 'database'] as const;
const STATES = ['claiming', 'holding', 'ending'] as const;
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const number = (value: unknown) => (typeof value === 'number' ? value : 0);

/** A hello as it came; what another version leaves out is empty. Undefined for what is none. */
export function readHello(line: string): Hello | undefined {
  const value = jsonObject(line);
  const kind = KINDS.find((known) => known === value?.kind);
  if (value === undefined || kind === undefined) return undefined;
  return {
    protocol: number(value.protocol),
    version: text(value.version),
    migrations: number(value.migrations),
    codec: number(value.codec),
    pid: number(value.pid),
    kind,
    workspaceId: text(value.workspaceId),
    logLevel: text(value.logLevel),
    toolsets: typeof value.toolsets === 'string' ? value.toolsets : null,
    readOnly: value.readOnly !== false,
    cwd: text(value.cwd),
  };
}

/** A greeting as it came; undefined for what is none. */
export function readGreeting(line: string): Greeting | undefined {
  const value = jsonObject(line);
  const state = STATES.find((known) => known === value?.state);
  if (value === undefined || state === undefined) return undefined;
  const { refused } = value;
  return {
    protocol: number(value.protocol),
    version: text(value.version),
    pid: number(value.pid),
    command: text(value.command),
    startedAt: text(value.startedAt),
    state,
    shares: value.shares === true,
    clients: number(value.clients),
    ...(isObject(refused) && { refused: { code: text(refused.code), message: text(refused.message), next: text(refused.next) } }),
  };
}
