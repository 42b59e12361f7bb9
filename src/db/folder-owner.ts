import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, realpath, rename, rm, symlink, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { sha256 } from '../kernel/canonical-json.ts';

/**
 * Which process owns a folder, answered by the kernel: every process that wants it listens on a socket of its own name in
 * the folder, and only then looks for others. Of two that come at once, the one that looks last sees the other, so two
 * never own it, and a process that was killed refuses connections at once, whatever it left behind. A blocked event loop
 * still accepts. docs/decisions/embedded-folder.md has the argument in full.
 */
const SHOWN = /^owner-(\d+)-[0-9a-f]{8}\.sock$/;
const HIDDEN = /^claim-(\d+)-[0-9a-f]{8}\.sock$/;
/** Bytes that the shortest of the platforms takes in a socket's address (macOS: 104 with the final zero). */
const ADDRESS_BYTES = 103;
const ANSWER_MS = 1_000;
const RETRY_MS = 25;
const ATTEMPTS = 200;
const ROUNDS = 3;

const holderSchema = z.object({
  pid: z.int(),
  command: z.string(),
  startedAt: z.string(),
  /** `claiming` while it looks for others, then `holding`. */
  state: z.enum(['claiming', 'holding']),
});
export type Holder = z.infer<typeof holderSchema>;

export interface Ownership {
  release(): Promise<void>;
}

/** The process as it names itself to others: the program and its subcommand, no paths or other arguments. */
function describeSelf(): Omit<Holder, 'state'> {
  const [, script = 'node', subcommand = ''] = process.argv;
  const program = basename(script).replace(/\.[cm]?[jt]s$/, '');
  const command = `${program === 'main' ? 'samepage-mcp' : program} ${/^[a-z][a-z-]*$/.test(subcommand) ? subcommand : ''}`.trim();
  return { pid: process.pid, command, startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString() };
}

/** Runs with an address for `name` in the folder that fits a socket: a folder of a long path gets a short link to it. */
async function withAddress<T>(folder: string, name: string, run: (address: string) => Promise<T>): Promise<T> {
  const direct = join(folder, name);
  if (Buffer.byteLength(direct) <= ADDRESS_BYTES) return run(direct);
  const short = await mkdtemp(join(tmpdir(), 'sp-'));
  try {
    await symlink(folder, join(short, 'f'));
    return await run(join(short, 'f', name));
  } finally {
    await rm(short, { recursive: true, force: true });
  }
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
function ask(address: string): Promise<Holder | 'dead' | 'mute'> {
  return new Promise((resolve) => {
    let heard = '';
    const answer = (): Holder | 'mute' => {
      try {
        return holderSchema.parse(JSON.parse(heard));
      } catch {
        return 'mute';
      }
    };
    const socket = connect(address);
    const settle = (result: Holder | 'dead' | 'mute') => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => settle(answer()), ANSWER_MS);
    socket.on('data', (data) => {
      heard += String(data);
    });
    socket.on('end', () => settle(answer()));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      // anything but a refusal (a full queue, a reset) is a sign of life
      settle(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? 'dead' : 'mute'),
    );
  });
}

interface Survey {
  dead: string[];
  living: { name: string; holder: Holder | 'mute' }[];
}

async function survey(folder: string, own: string): Promise<Survey> {
  const result: Survey = { dead: [], living: [] };
  for (const name of await readdir(folder)) {
    if (name === own || !SHOWN.test(name)) continue;
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

function answering(state: () => Holder['state']): Server {
  const self = describeSelf();
  const server = createServer((socket) => {
    socket.on('error', () => {}); // the one that asked has gone
    socket.end(JSON.stringify({ ...self, state: state() } satisfies Holder));
    socket.unref();
  });
  // it must never keep the process alive
  return server.unref();
}

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

/** Listens under a hidden name and only then shows itself, so that whoever is seen already answers. */
async function appear(folder: string, state: () => Holder['state']): Promise<{ name: string; disappear(): Promise<void> }> {
  for (let attempt = 1; ; attempt += 1) {
    const server = answering(state);
    const id = `${process.pid}-${randomBytes(4).toString('hex')}.sock`;
    try {
      await withAddress(folder, `claim-${id}`, (address) => listen(server, address));
      await rename(join(folder, `claim-${id}`), join(folder, `owner-${id}`));
    } catch (error) {
      await close(server);
      // an owner that tidied up took it for dead in the instant before it listened
      if (attempt < ROUNDS && error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      throw error;
    }
    return {
      name: `owner-${id}`,
      async disappear() {
        await unlink(join(folder, `owner-${id}`)).catch(() => {});
        await close(server);
      },
    };
  }
}

type Outcome = Ownership | { holder: Holder | { pid: number } };

async function tryToOwn(folder: string): Promise<Outcome> {
  let state: Holder['state'] = 'claiming';
  const me = await appear(folder, () => state);
  try {
    for (let attempt = 0; ; attempt += 1) {
      const { dead, living } = await survey(folder, me.name);
      const first = living.find(({ holder }) => holder === 'mute' || holder.state === 'holding') ?? living[0];
      if (first === undefined) {
        state = 'holding';
        await removeDead(folder, dead);
        return { release: me.disappear };
      }
      // among those still claiming, the lowest name goes on and the others give way to it
      const rivals = first.holder !== 'mute' && first.holder.state === 'claiming';
      if (rivals && attempt < ATTEMPTS && living.every(({ name }) => me.name < name)) {
        await sleep(RETRY_MS);
        continue;
      }
      await me.disappear();
      return { holder: first.holder === 'mute' ? { pid: Number(SHOWN.exec(first.name)?.[1]) } : first.holder };
    }
  } catch (error) {
    await me.disappear();
    throw error;
  }
}

/** A pipe of Windows belongs to one process and goes with it, so its name is the lock. */
async function ownPipe(folder: string): Promise<Outcome> {
  const address = `\\\\.\\pipe\\samepage-${sha256((await realpath(folder)).toLowerCase())}`;
  const server = answering(() => 'holding');
  try {
    await listen(server, address);
    return { release: () => close(server) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const holder = await ask(address);
    return { holder: typeof holder === 'string' ? { pid: 0 } : holder };
  }
}

/**
 * Makes this process the one owner of the folder until `release`, or says which process is. Of an owner that is too busy
 * to answer only the number is known.
 * @throws the system's error when the folder cannot hold a socket.
 */
export async function ownFolder(folder: string): Promise<Outcome> {
  if (process.platform === 'win32') return ownPipe(folder);
  for (let round = 1; ; round += 1) {
    const outcome = await tryToOwn(folder);
    if ('release' in outcome || round === ROUNDS) return outcome;
    if ('state' in outcome.holder && outcome.holder.state === 'holding') return outcome;
    // given way to one that had not won yet: it may have given way too
    await sleep(RETRY_MS * (1 + Math.random() * round));
  }
}

/** Which processes have the folder or want it, and the names that dead ones left. Takes no part itself; nothing is removed. */
export function surveyFolder(folder: string): Promise<Survey> {
  return survey(folder, '');
}
