import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERROR_CODES, SamepageError, shown } from '../kernel/errors.ts';
import { pidInName, pipeAddress, shownNames, withAddress } from './folder-address.ts';
import { endOf, folderInUse } from './folder-in-use.ts';
import { takeTurn } from './folder-owner.ts';
import { firstLine, type Greeting, type Hello, readGreeting } from './owner-protocol.ts';
import { type StartReport, startOwner } from './start-owner.ts';

/** A connection to the owner, greeted. It is paused: what the owner said since waits to be read. */
export interface OwnerConnection {
  socket: Socket;
  greeting: Greeting;
}

const RETRY_MS = 20;
/** While another process starts one. */
const WAIT_MS = 40;
const MAX_STARTS = 5;
/** Time for a first start on a slow machine, and for an owner that is still rolling back what a client left. */
const REACH_MS = 30_000;

/**
 * Connects to the process that owns the folder. If there is none, starts one. The kernel says whether there is: a connection
 * that is refused means that its process is gone.
 * @param reachMs how long it is tried
 * @throws SamepageError why there is no owner to be had: its own reason where it gave one.
 */
export async function reachOwner(folder: string, hello: Hello, reachMs = REACH_MS): Promise<OwnerConnection> {
  const until = performance.now() + reachMs;
  let starts = 0;
  for (;;) {
    const found = await findOwner(folder, hello, until);
    if (isConnection(found)) return found;
    if (performance.now() > until) throw noAnswer(folder, found);
    if (found !== 'none') {
      await sleep(RETRY_MS);
      continue;
    }
    const report = await startInTurn(folder, hello, until);
    if (report === undefined) {
      await sleep(WAIT_MS * (1 + Math.random()));
      continue;
    }
    if (report.outcome === 'refused') throw ownRefusal(report);
    if (report.outcome === 'failed') {
      starts += 1;
      if (starts >= MAX_STARTS) throw cannotStart(folder, report.said);
    }
    if (report.outcome !== 'ready') await sleep(RETRY_MS * (1 + Math.random()));
  }
}

/** Starts an owner, unless another process is at it or has just done so. */
async function startInTurn(folder: string, hello: Hello, until: number): Promise<StartReport | undefined> {
  const done = await takeTurn(folder);
  if (done === undefined) return undefined;
  try {
    const found = await findOwner(folder, { ...hello, kind: 'who' }, until);
    if (isConnection(found)) found.socket.destroy();
    return found === 'none' ? await startOwner(folder) : undefined;
  } finally {
    await done();
  }
}

/** `mute` is the process that took the connection and said nothing. */
type Found = OwnerConnection | 'none' | 'busy' | { mute: number };

const isConnection = (found: Found): found is OwnerConnection => typeof found === 'object' && 'socket' in found;

async function findOwner(folder: string, hello: Hello, until: number): Promise<Found> {
  if (process.platform === 'win32') {
    const address = await pipeAddress(folder).catch(() => undefined);
    return address === undefined ? 'none' : named(await knock(folder, address, hello, until), 0);
  }
  let best: Found = 'none';
  for (const name of await shownNames(folder)) {
    const found = named(await withAddress(folder, name, (address) => knock(folder, address, hello, until)), pidInName(name));
    if (isConnection(found)) return found;
    if (found !== 'none') best = found;
  }
  return best;
}

const named = (found: OwnerConnection | 'none' | 'busy' | 'mute', pid: number): Found => (found === 'mute' ? { mute: pid } : found);

/** Connects, says the hello and waits for the greeting: an owner that is busy answers late, one that is dead refuses at once. */
async function knock(folder: string, address: string, hello: Hello, until: number): Promise<OwnerConnection | 'none' | 'busy' | 'mute'> {
  const socket = connect(address);
  let code: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  socket.write(`${JSON.stringify(hello)}\n`);
  const enough = new AbortController();
  const late = sleep(Math.max(0, until - performance.now()), 'late' as const, { signal: enough.signal }).catch(() => 'late' as const);
  const line = await Promise.race([firstLine(socket), late]);
  enough.abort();
  const greeting = line === undefined || line === 'late' ? undefined : readGreeting(line);
  if (greeting !== undefined) {
    if (greeting.refused === undefined && greeting.state === 'holding' && greeting.shares) return { socket, greeting };
    socket.destroy();
    if (greeting.refused !== undefined) throw ownRefusal(greeting.refused);
    if (greeting.state === 'holding') throw folderInUse(folder, greeting);
    return 'busy';
  }
  socket.destroy();
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'none';
  return line === 'late' ? 'mute' : 'busy';
}

function ownRefusal({ code, message, next }: { code: string; message: string; next: string }): SamepageError {
  return new SamepageError(ERROR_CODES.find((known) => known === code) ?? 'unavailable', message, next);
}

function noAnswer(folder: string, found: 'none' | 'busy' | { mute: number }): SamepageError {
  if (typeof found === 'string') {
    return new SamepageError(
      'unavailable',
      `The process that holds the data folder ${shown(folder)} could not be started in time.`,
      'Call again in a moment; if it stays so, see what `samepage-mcp doctor` says of the folder.',
    );
  }
  const { mute } = found;
  return new SamepageError(
    'unavailable',
    `The process that holds the data folder ${shown(folder)}${mute === 0 ? '' : `, ${mute},`} does not answer: it is stopped, or very busy.`,
    `Call again in a moment. ${mute === 0 ? 'If it stays so, end `samepage-mcp owner`' : endOf(mute)}: what was acknowledged is kept, and the next call starts another.`,
  );
}

function cannotStart(folder: string, said: string): SamepageError {
  return new SamepageError(
    'unavailable',
    `The process that holds the data folder ${shown(folder)} ends as soon as it is started.`,
    'Run `samepage-mcp owner` with that folder in a terminal to see what it says.',
    { cause: new Error(said) },
  );
}
