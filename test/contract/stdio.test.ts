import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claimFolder } from '../../src/db/folder.ts';
import { whenLeft } from '../support/owners.ts';
import { makePlace, placeFolder, removePlace } from '../support/places.ts';
import { type ServerProcess, startProcess } from './process.ts';

let folder: string;
let running: ServerProcess[] = [];

beforeAll(async () => {
  folder = await makePlace('stdio');
});
afterAll(() => removePlace(folder));
afterEach(async () => {
  for (const server of running) {
    server.child.kill('SIGKILL');
    await server.ended;
  }
  running = [];
  for (const name of await readdir(folder, { withFileTypes: true })) if (name.isDirectory()) await whenLeft(join(folder, name.name));
});

function start(args: readonly string[] = [], env: Record<string, string> = {}, nodeArgs: readonly string[] = []): ServerProcess {
  const server = startProcess(args, { SAMEPAGE_DATA_DIR: 'memory', SAMEPAGE_IDLE_SECONDS: '0', ...env }, nodeArgs);
  running.push(server);
  return server;
}

describe('the command', () => {
  it.each([
    [['--read_only'], /unknown option '--read_only'/],
    [['--read-only-true'], /unknown option/],
    [['sevre'], /unknown command 'sevre'; there are serve/],
    [['serve', '--toolsets', 'acounts'], /no toolset "acounts"[\s\S]*did you mean accounts\?/],
    [['serve', '--toolsets', ''], /no toolset ""/],
  ])('refuses %j', async (args, said) => {
    const server = start(args);
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toMatch(said);
    expect(server.lines).toEqual([]);
  });

  it('refuses a variable it does not know, and shows no secret', async () => {
    const server = start([], { SAMEPAGE_READONLY: '1', DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect(await server.ended).toBe(1);
    expect(server.stderr()).toContain('- SAMEPAGE_READONLY: is not a variable of samepage-mcp');
    expect(server.stderr()).toContain('- DATABASE_URL: is not a URL of the form');
    expect(server.stderr()).not.toContain('hunter2');
  });
});

describe('serving on stdin and stdout', () => {
  it('answers initialize although the database cannot be opened, and says why in each call', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, 'not a folder');
    const server = start([], { SAMEPAGE_DATA_DIR: file });
    const { result } = await server.initialize();
    expect(result).toMatchObject({ serverInfo: { name: 'samepage-mcp' }, capabilities: { resources: { subscribe: true } } });
    const { error } = await server.request('resources/list');
    expect(error?.message).toBeTruthy();
    expect(await server.request('ping')).toMatchObject({ result: {} });
  });

  it('makes a folder, and shares it with another client of it', async () => {
    const env = { SAMEPAGE_DATA_DIR: join(folder, 'shared') };
    const [first, second] = [start([], env), start([], env)];
    for (const server of [first, second]) {
      await server.initialize();
      expect((await server.request('resources/list')).error).toBeUndefined();
    }
  });

  it('names the process that has the folder for itself alone', async () => {
    const dataDir = await placeFolder(join(folder, 'alone'));
    const claimed = await claimFolder(dataDir);
    const server = start([], { SAMEPAGE_DATA_DIR: dataDir });
    await server.initialize();
    const { error } = await server.request('resources/list');
    expect(error).toMatchObject({ data: { code: 'folder_in_use' } });
    expect(error?.message).toContain(String(process.pid));
    await claimed.release();
    // a call soon finds that it is free
    for (let answer = await server.request('resources/list'); answer.error !== undefined; answer = await server.request('resources/list')) {
      expect(answer.error).toMatchObject({ data: { code: 'folder_in_use' } });
      await sleep(50);
    }
  });

  it('lives through lines that are not messages', async () => {
    const server = start();
    await server.initialize();
    server.write('{"jsonrpc":"2.0","id":\n');
    server.write('\u0000\uFFFD garbage\n\n[]\nnull\n42\n{"jsonrpc":"1.0","id":7,"method":"ping"}\n');
    server.write(`${'['.repeat(20_000)}${']'.repeat(20_000)}\n`);
    expect(await server.request('ping')).toMatchObject({ result: {} });
    expect(await server.request('no/such/method')).toMatchObject({ error: { code: -32601 } });
  });

  it('writes nothing but protocol to stdout', async () => {
    const stray =
      'process.on("SIGUSR2", () => { console.log("stray"); console.info("stray"); process.stdout.write("stray\\n"); console.error("said"); })';
    const server = start([], {}, ['--import', `data:text/javascript,${encodeURIComponent(stray)}`]);
    await server.initialize();
    server.child.kill('SIGUSR2');
    await server.said('said');
    await server.request('resources/list');
    server.child.stdin.end();
    expect(await server.ended).toBe(0);
    expect(server.stderr()).toContain('stray');
    for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('answers what was asked before its input ended, then ends', async () => {
    const dataDir = await placeFolder(join(folder, 'ended'));
    const server = start([], { SAMEPAGE_DATA_DIR: dataDir });
    await server.initialize();
    const answer = server.request('resources/list');
    server.child.stdin.end();
    expect((await answer).result).toBeDefined();
    expect(await server.ended).toBe(0);
    // and the folder is free again
    const next = start([], { SAMEPAGE_DATA_DIR: dataDir });
    await next.initialize();
    expect((await next.request('resources/list')).error).toBeUndefined();
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends on %s', async (signal) => {
    const server = start();
    await server.initialize();
    server.child.kill(signal);
    expect(await server.ended).toBe(0);
  });

  it('ends when nobody reads its output', async () => {
    const server = start();
    await server.initialize();
    server.child.stdout.destroy();
    void server.request('ping').catch(() => {});
    void server.request('ping').catch(() => {});
    expect(await server.ended).toBe(0);
  });

  it('keeps secrets out of its log', async () => {
    const server = start([], { DATABASE_URL: 'postgres://canary-user:canary-word@127.0.0.1:1/canary-name' });
    await server.initialize();
    const { error } = await server.request('resources/list');
    expect(error).toMatchObject({ data: { code: 'unavailable' } });
    server.child.stdin.end();
    await server.ended;
    expect(`${server.stderr()}${server.lines.join()}`).not.toContain('canary');
  });
});
