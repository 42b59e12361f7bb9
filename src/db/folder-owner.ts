import { randomBytes } from 'node:crypto';
import { chmod, readdir, rename, stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HIDDEN, MARKER, pidInName, pipeAddress, type Role, shownNames, withAddress } from './folder-address.ts';
import { describeSelf, firstLine, type Greeting, type Hello, helloOf, readGreeting, readHello } from './owner-protocol.ts';

/**
 * Which process owns a folder, answered by the kernel: every process that wants it listens on a socket of its own name in
 * the folder, and only then looks for others. Of two that come at once, the one that looks last sees the other, so two
 * never own it, and a process that was killed refuses connections at once, whatever it left behind. A blocked event loop
 * still accepts. docs/decisions/embedded-folder.md has the argument in full.
 */
const ANSWER_MS = 1_000;
const LAST_TURNS = 20;
const RETRY_MS = 25;
const ATTEMPTS = 200;
const ROUNDS = 3;

/** One that connected and said what it wants. */
export interface Visit {
  socket: Socket;
  hello: Hello;
  /** Answers the hello; `refused` ends the connection. */
  greet(refused?: Greeting['refused']): void;
}

export interface Ownership {
  /** Takes the visits: those that waited since the folder was looked for, and those to come. Keeps the process alive. */
  receive(visitor: (visit: Visit) => void): void;
  /** From here on visitors are told to come again. The folder is still this process's. */
  stopReceiving(): void;
  /** False when the name that others look for is gone: the folder was removed, or tampered with. */
  isShown(): Promise<boolean>;
  release(): Promise<void>;
}

/** What a process that wants the folder, or has it, answers at its socket. */
class Door {
  state: Greeting['state'] = 'claiming';
  readonly #shares: boolean;
  readonly #self = describeSelf();
  #visitor: ((visit: Visit) => void) | undefined;
  #waiting: Visit[] = [];
  /** Those that nobody has taken yet. */
  readonly #callers = new Set<Socket>();
  readonly #served = new Set<Socket>();
  /** It must never keep the process alive, unless it receives. */
  readonly server: Server = createServer((socket) => void this.#answer(socket)).unref();

  constructor(shares: boolean) {
    this.#shares = shares;
  }

  receive(visitor: (visit: Visit) => void): void {
    this.#visitor = visitor;
    this.server.ref();
    for (const visit of this.#waiting.splice(0)) this.#pass(visit, visitor);
  }

  close(): Promise<void> {
    for (const socket of this.#callers) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  async #answer(socket: Socket): Promise<void> {
    // one that asked may have gone; without a listener that would end this process
    socket.on('error', () => {});
    socket.unref();
    this.#callers.add(socket);
    socket.on('close', () => this.#callers.delete(socket));
    const line = await firstLine(socket);
    const hello = line === undefined ? undefined : readHello(line);
    if (hello === undefined) return void socket.destroy();
    if (hello.kind === 'who' || !this.#shares || this.state === 'ending') return dismiss(socket, this.#greeting());
    const greet = (refused?: Greeting['refused']) => {
      if (refused === undefined) socket.write(this.#greeting());
      else dismiss(socket, this.#greeting(refused));
    };
    const visit: Visit = { socket, hello, greet };
    if (this.#visitor === undefined) this.#waiting.push(visit);
    else this.#pass(visit, this.#visitor);
  }

  #pass(visit: Visit, visitor: (visit: Visit) => void): void {
    const { socket } = visit;
    this.#callers.delete(socket);
    this.#served.add(socket);
    socket.on('close', () => this.#served.delete(socket));
    visitor(visit);
  }

  #greeting(refused?: Greeting['refused']): string {
    const { state } = this;
    const clients = this.#served.size;
    const greeting: Greeting = { ...this.#self, state, shares: this.#shares, clients, ...(refused !== undefined && { refused }) };
    return `${JSON.stringify(greeting)}\n`;
  }
}

/** Says the last line and closes. Not by `end` alone: nobody reads the other's end here, so that it would stay half open. */
function dismiss(socket: Socket, line: string): void {
  socket.write(line);
  socket.destroySoon();
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Who listens there: `dead` when nobody does, `mute` when somebody does and does not say who in time. */
export async function ask(address: string): Promise<Greeting | 'dead' | 'mute'> {
  const socket = connect(address);
  let code: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  socket.write(`${JSON.stringify(helloOf('who'))}\n`);
  const enough = new AbortController();
  const late = sleep(ANSWER_MS, undefined, { signal: enough.signal })
    .then(async () => {
      // it may have answered while this process stood still
      for (let turn = 0; turn < LAST_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    })
    .catch(() => undefined);
  const line = await Promise.race([firstLine(socket), late]);
  enough.abort();
  socket.destroy();
  // anything but a refusal (a full queue, a reset) is a sign of life
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'dead';
  return (line === undefined ? undefined : readGreeting(line)) ?? 'mute';
}

interface Survey {
  dead: string[];
  living: { name: string; holder: Greeting | 'mute' }[];
}

async function survey(folder: string, role: Role, own: string): Promise<Survey> {
  const result: Survey = { dead: [], living: [] };
  for (const name of await shownNames(folder, role)) {
    if (name === own) continue;
    const holder = await withAddress(folder, name, ask);
    if (holder === 'dead') result.dead.push(name);
    else result.living.push({ name, holder });
  }
  return result;
}

async function removeDead(folder: string, shown: readonly string[]): Promise<void> {
  const dead = [...shown];
  for (const name of await readdir(folder)) if (HIDDEN.test(name) && (await withAddress(folder, name, ask)) === 'dead') dead.push(name);
  for (const name of dead) await unlink(join(folder, name)).catch(() => {});
}

interface Appearance {
  name: string;
  door: Door;
  disappear(): Promise<void>;
}

/** Listens under a hidden name and only then shows itself, so that whoever is seen already answers. */
async function appear(folder: string, role: Role, shares: boolean): Promise<Appearance> {
  for (let attempt = 1; ; attempt += 1) {
    const door = new Door(shares);
    const id = `${process.pid}-${randomBytes(4).toString('hex')}.sock`;
    const hidden = join(folder, `claim-${id}`);
    try {
      await withAddress(folder, `claim-${id}`, (address) => listen(door.server, address));
      await chmod(hidden, 0o600);
      await rename(hidden, join(folder, `${role}-${id}`));
    } catch (error) {
      await door.close();
      // an owner that tidied up took it for dead in the instant before it listened
      if (attempt < ROUNDS && error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      throw error;
    }
    return {
      name: `${role}-${id}`,
      door,
      async disappear() {
        await unlink(join(folder, `${role}-${id}`)).catch(() => {});
        await door.close();
      },
    };
  }
}

export type Outcome = Ownership | { holder: Greeting | { pid: number } };

async function tryToOwn(folder: string, role: Role, shares: boolean): Promise<Outcome> {
  const me = await appear(folder, role, shares);
  try {
    for (let attempt = 0; ; attempt += 1) {
      const { dead, living } = await survey(folder, role, me.name);
      const first = living.find(({ holder }) => holder === 'mute' || holder.state !== 'claiming') ?? living[0];
      if (first === undefined) {
        me.door.state = 'holding';
        await removeDead(folder, dead);
        return ownership(me.door, () => isThere(join(folder, me.name)), me.disappear);
      }
      // among those still claiming, the lowest name goes on and the others give way to it
      const rivals = first.holder !== 'mute' && first.holder.state === 'claiming';
      if (rivals && attempt < ATTEMPTS && living.every(({ name }) => me.name < name)) {
        await sleep(RETRY_MS);
        continue;
      }
      await me.disappear();
      return { holder: first.holder === 'mute' ? { pid: pidInName(first.name) } : first.holder };
    }
  } catch (error) {
    await me.disappear();
    throw error;
  }
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

function ownership(door: Door, isShown: () => Promise<boolean>, release: () => Promise<void>): Ownership {
  return {
    receive: (visitor) => door.receive(visitor),
    stopReceiving() {
      door.state = 'ending';
    },
    isShown,
    release,
  };
}

/** A pipe of Windows belongs to one process and goes with it, so its name is the lock. */
async function ownPipe(folder: string, shares: boolean): Promise<Outcome> {
  const address = await pipeAddress(folder);
  const door = new Door(shares);
  try {
    await listen(door.server, address);
    door.state = 'holding';
    return ownership(
      door,
      () => isThere(folder),
      () => door.close(),
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const holder = await ask(address);
    return { holder: typeof holder === 'string' ? { pid: 0 } : holder };
  }
}

/**
 * Makes this process the one owner of the folder until `release`, or says which process is. Of an owner that is too busy
 * to answer only the number is known.
 * @param shares visitors are kept until `receive` takes them; else they are told that the folder is not shared.
 * @throws the system's error when the folder cannot hold a socket.
 */
export async function ownFolder(folder: string, shares = false): Promise<Outcome> {
  if (process.platform === 'win32') return ownPipe(folder, shares);
  for (let round = 1; ; round += 1) {
    const outcome = await tryToOwn(folder, 'owner', shares);
    if ('release' in outcome || round === ROUNDS) return outcome;
    if ('state' in outcome.holder && outcome.holder.state !== 'claiming') return outcome;
    // given way to one that had not won yet: it may have given way too
    await sleep(RETRY_MS * (1 + Math.random() * round));
  }
}

/**
 * Makes this process the one that starts an owner, until it says that it is done; undefined when another is at it. Of many
 * who find no owner at once only one is to start one: each start takes time from the others.
 */
export async function takeTurn(folder: string): Promise<(() => Promise<void>) | undefined> {
  // nothing is written to a folder that may not be ours
  if (process.platform === 'win32' || !(await isThere(join(folder, MARKER)))) return async () => {};
  try {
    for (const name of await shownNames(folder, 'start')) {
      const starter = await withAddress(folder, name, ask);
      if (starter !== 'dead' && starter !== 'mute' && starter.state === 'holding') return undefined;
    }
    const outcome = await tryToOwn(folder, 'start', false);
    return 'release' in outcome ? outcome.release : undefined;
  } catch {
    // the owner will say what is wrong with the folder
    return async () => {};
  }
}

/** Which processes have the folder or want it, and the names that dead ones left. Takes no part itself; nothing is removed. */
export function surveyFolder(folder: string): Promise<Survey> {
  return survey(folder, 'owner', '');
}
