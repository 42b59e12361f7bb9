import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ERROR_CODES, SamepageError, shown } from '../kernel/errors.ts';
import { pipeAddress, shownNames, withAddress } from './folder-address.ts';
import { folderInUse } from './folder-in-use.ts';
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
 * @throws SamepageError why there is no owner to be had: its own reason where it gave one.
 */
export async function reachOwner(folder: string, hello: Hello): Promise<OwnerConnection> {
  const until = performance.now() + REACH_MS;
  let starts = 0;
  for (;;) {
    const found = await findOwner(folder, hello, until);
    if (typeof found === 'object') return found;
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
    if (typeof found === 'object') found.socket.destroy();
    return found === 'none' ? await startOwner(folder) : undefined;
  } finally {
    await done();
  }
}

type Found = OwnerConnection | 'none' | 'busy' | 'mute';

async function findOwner(folder: string, hello: Hello, until: number): Promise<Found> {
  if (process.platform === 'win32') {
    const address = await pipeAddress(folder).catch(() => undefined);
    return address === undefined ? 'none' : knock(folder, address, hello, until);
  }
  let best: Found = 'none';
  for (const name of await shownNames(folder)) {
    const found = await withAddress(folder, name, (address) => knock(folder, address, hello, until));
    if (typeof found === 'object') return found;
    if (found !== 'none') best = found;
  }
  return best;
}

/** Connects, says the hello and waits for the greeting: an owner that is busy answers late, one that is dead refuses at once. */
async function knock(folder: string, address: string, hello: Hello, until: number): Promise<Found> {
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

function noAnswer(folder: string, found: 'none' | 'busy' | 'mute'): SamepageError {
  const what = found === 'mute' ? 'does not answer' : 'could not be started in time';
  return new SamepageError(
    'unavailable',
    `The process that holds the data folder ${shown(folder)} ${what}.`,
    'Call again in a moment; if it stays so, end the process that `samepage-mcp owner` runs in, whose number its socket in the folder names.',
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
