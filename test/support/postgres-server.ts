import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface LocalPostgres {
  /** Superuser, any database: `${url}/postgres`. */
  url: string;
  version: string;
  stop(): Promise<void>;
}

/** The folder that holds `initdb` and `postgres`: from PATH, else the newest of Debian's. */
function findBinaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.find((folder) => folder !== '' && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** The server refuses to run as root; then it runs as `postgres` or `nobody`. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (user === undefined) throw new Error('the tests run as root and there is no user postgres or nobody to run the server');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Resolves when the server says that it is ready; rejects with what it said when it ends first. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (data) => {
      said = (said + String(data)).slice(-4_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
  });
}

/** A test's server may forget everything at a power cut. */
const FORGETFUL = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };

/**
 * A throw-away server on a free port of 127.0.0.1, or undefined when no binaries are installed. Its locale and time zone
 * are deliberately not the ones that the code wants, so that whatever relies on the server's defaults shows.
 */
export async function startPostgres(settings: Readonly<Record<string, string | number>> = FORGETFUL): Promise<LocalPostgres | undefined> {
  const binaries = findBinaries();
  if (binaries === undefined) return undefined;
  const user = unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'samepage-postgres-'));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const as = { ...user, cwd: folder, env: { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C' } };
  const data = join(folder, 'data');

  const basics = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions', '--locale=C'];
  const initdb = join(binaries, 'initdb');
  await run(initdb, [...basics, '--locale-provider=icu', '--icu-locale=en-US'], as).catch(async () => {
    await rm(data, { recursive: true, force: true });
    await run(initdb, basics, as); // before 15, or built without ICU
  });

  const given = { max_connections: 200, timezone: 'America/New_York', datestyle: 'SQL, DMY', ...settings };
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const options = Object.entries({ listen_addresses: '127.0.0.1', port, unix_socket_directories: '', ...given });
    const server = spawn(join(binaries, 'postgres'), ['-D', data, ...options.flatMap(([key, value]) => ['-c', `${key}=${value}`])], {
      ...as,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await ready(server);
    } catch (error) {
      if (attempt < 3) continue; // another process took the port in between
      throw error;
    }
    const quit = () => server.kill('SIGQUIT');
    process.once('exit', quit);
    const { stdout } = await run(join(binaries, 'postgres'), ['--version'], as);
    return {
      url: `postgres://postgres@127.0.0.1:${port}`,
      version: /(\d+(\.\d+)+)/.exec(stdout)?.[1] ?? 'of unknown version',
      async stop() {
        process.removeListener('exit', quit);
        const ended = new Promise((resolve) => server.once('exit', resolve));
        if (server.exitCode === null && server.signalCode === null) {
          quit();
          await ended;
        }
        await rm(folder, { recursive: true, force: true });
      },
    };
  }
}
