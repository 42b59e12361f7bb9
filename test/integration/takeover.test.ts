import { cp, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { helloOf } from '../../src/db/owner-protocol.ts';
import { openPglite } from '../../src/db/pglite.ts';
import { reachOwner } from '../../src/db/reach-owner.ts';
import { ClientProcess } from '../support/client-process.ts';
import { killedImports, killedRescores } from '../support/killed-jobs.ts';
import { isRunning, ownerOf, ownersOf, whenLeft } from '../support/owners.ts';
import { eventCount, writeUnderFire } from '../support/under-fire.ts';

let template: string;
let folder: string;
const clients: ClientProcess[] = [];

beforeAll(async () => {
  template = join(await mkdtemp(join(tmpdir(), 'samepage-takeover-')), 'data');
  await (await openPglite(template)).close();
});
afterAll(() => rm(join(template, '..'), { recursive: true, force: true }));

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'samepage-takeover-')), 'data');
  await cp(template, folder, { recursive: true });
});
afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.kill();
    await client.ended;
  }
  await whenLeft(folder);
  await rm(join(folder, '..'), { recursive: true, force: true });
});

async function connected(env: Record<string, string> = {}, args: readonly string[] = []): Promise<ClientProcess> {
  const client = new ClientProcess(folder, { env, args });
  clients.push(client);
  return client.initialize();
}

/** As a client should: the same call again when it is told that the outcome is unknown. */
async function untilKnown(client: ClientProcess, name: string, args: object) {
  const answer = await client.call(name, args);
  return 'code' in answer && answer.code === 'outcome_unknown' ? client.call(name, args) : answer;
}

const event = (id: string) => ({
  events: [{ event_id: id, type: 'web_visit', occurred_at: '2026-03-02T08:30:00Z', email: 'ada@acme.com', domain: 'acme.com' }],
});

describe('many clients', () => {
  it('that start at once on a folder have one owner, and the folder and its socket are their user’s alone', async () => {
    const started = await Promise.all(Array.from({ length: 6 }, () => connected()));
    await Promise.all(started.map((client) => client.request('resources/list')));
    const owners = await ownersOf(folder);
    expect(owners).toHaveLength(1);
    const sockets = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
    expect(sockets).toHaveLength(1);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, sockets[0] ?? ''))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'owner.log'))).mode & 0o777).toBe(0o600);
    for (const client of started) expect(await client.leave()).toBe(0);
    await whenLeft(folder);
    await expect.poll(() => isRunning(owners[0] ?? 0)).toBe(false);
    expect((await readdir(folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  it('hear of what another changed, after a takeover as well, and see what it wrote', async () => {
    const [reader, writer] = await Promise.all([connected({}, ['--read-only']), connected()]);
    await writer.call('import_records', { content: 'id,name,domain\nA1,Acme,acme.com\n', kind: 'accounts', source: 'crm' });
    const recorded = await writer.call('record_engagement', event('one'));
    const { output } = z.object({ output: z.object({ events: z.tuple([z.object({ account_id: z.string() })]) }) }).parse(recorded);
    const uri = `samepage://accounts/${output.events[0].account_id}`;
    await reader.request('resources/subscribe', { uri });
    const told = () => reader.notifications.filter(({ method }) => method === 'notifications/resources/updated').length;
    await writer.call('record_engagement', event('two'));
    await expect.poll(told).toBe(1);
    process.kill(await ownerOf(folder), 'SIGKILL');
    await writer.call('search_records', { kind: 'account' });
    await reader.request('ping');
    expect(await untilKnown(writer, 'record_engagement', event('three'))).toHaveProperty('output');
    await expect.poll(told).toBeGreaterThan(1);
    // and each has its own rights
    expect(await reader.request('tools/call', { name: 'record_engagement', arguments: event('four') })).toMatchObject({
      error: { message: expect.stringContaining('--read-only') },
    });
  });
});

describe('the owner is killed', () => {
  it('between calls: the client goes on, at most it is told once that an outcome is unknown', async () => {
    const client = await connected();
    expect(await client.call('record_engagement', event('one'))).toMatchObject({ output: { created: 1 } });
    for (let round = 0; round < 3; round += 1) {
      process.kill(await ownerOf(folder), 'SIGKILL');
      expect(await untilKnown(client, 'record_engagement', event('one'))).toMatchObject({ output: { duplicates: 1 } });
    }
    expect(client.alive).toBe(true);
  });

  it('stopped in the middle of calls: what reads is asked again, what writes is answered as unknown', async () => {
    const client = await connected();
    await client.call('search_records', { kind: 'account' });
    const owner = await ownerOf(folder);
    // it still holds the folder, and answers nothing
    process.kill(owner, 'SIGSTOP');
    const read = client.call('search_records', { kind: 'account' });
    const listed = client.request('resources/list');
    const written = client.call('record_engagement', event('one'));
    await sleep(100);
    process.kill(owner, 'SIGKILL');
    expect(await written).toMatchObject({ code: 'outcome_unknown', message: expect.stringContaining('not known') });
    expect(await read).toHaveProperty('output');
    expect((await listed).result).toBeDefined();
    expect(await client.call('record_engagement', event('one'))).toMatchObject({ output: { created: 1 } });
  });

  it('a client that leaves while the owner is dead leaves nothing behind', async () => {
    const client = await connected();
    await client.request('resources/list');
    process.kill(await ownerOf(folder), 'SIGKILL');
    expect(await client.leave()).toBe(0);
    await whenLeft(folder);
    expect(await ownersOf(folder)).toEqual([]);
  });

  it('again and again under clients that write: every acknowledged write is there, once', async () => {
    const report = await writeUnderFire(folder, { clients: 4, kills: 4, everyMs: [200, 1_500] });
    expect(report).toMatchObject({ missing: [], twoOwners: 0, deadProxies: 0 });
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(await eventCount(folder)).toBeGreaterThanOrEqual(report.acknowledged);
  });
});

describe('another version of the program', () => {
  it('that is newer is told which process to end; one of an older protocol to update', async () => {
    const client = await connected();
    await client.request('resources/list');
    const owner = await ownerOf(folder);
    await expect(reachOwner(folder, { ...helloOf('database'), version: '99.0.0' })).rejects.toMatchObject({
      code: 'owner_outdated',
      message: expect.stringContaining(`process ${owner}, which runs samepage-mcp 0.`),
      next: expect.stringContaining('Close the other clients'),
    });
    await expect(reachOwner(folder, { ...helloOf('mcp'), protocol: 0 })).rejects.toMatchObject({ code: 'client_outdated' });
    // nobody was disturbed
    expect(await ownerOf(folder)).toBe(owner);
    expect((await client.request('resources/list')).result).toBeDefined();
  });
});

describe('a job under which the owner is killed', () => {
  it('ends, when it is started again, as if nothing had happened: an import, and a rescore', async () => {
    const place = join(folder, '..');
    await killedImports(join(place, 'imports'), { rounds: 2, rows: 2_000 });
    await killedRescores(join(place, 'rescores'), { rounds: 1, rows: 2_000 });
  });
});

describe('no process stays that is not needed', () => {
  it('an owner whose folder has gone ends', async () => {
    const client = await connected();
    await client.request('resources/list');
    const owner = await ownerOf(folder);
    client.kill();
    await client.ended;
    // in one step: the owner goes on writing its log while a removal walks the folder
    await rename(folder, `${folder}-gone`);
    await expect.poll(() => isRunning(owner), { timeout: 20_000 }).toBe(false);
    await cp(template, folder, { recursive: true });
  });
});
