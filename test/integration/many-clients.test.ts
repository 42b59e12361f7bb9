import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { helloOf } from '../../src/db/owner-protocol.ts';
import { reachOwner } from '../../src/db/reach-owner.ts';
import { isRunning, ownerOf, ownersOf, whenLeft } from '../support/owners.ts';
import { placeFolder } from '../support/places.ts';
import { untilKnown, useSharedFolder, visit } from '../support/shared-folder.ts';

const shared = useSharedFolder();
/** A machine under load may take its time. */
const PATIENT = { timeout: 60_000 };

describe('many clients', () => {
  it('that start at once on a folder have one owner, and the folder and its socket are their user’s alone', async () => {
    const { folder } = shared;
    const started = await Promise.all(Array.from({ length: 6 }, () => shared.connected()));
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
    await expect.poll(() => isRunning(owners[0] ?? 0), PATIENT).toBe(false);
    expect((await readdir(folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  it('hear of what another changed, after a takeover as well, and see what it wrote', async () => {
    const [reader, writer] = await Promise.all([shared.connected({}, ['--read-only']), shared.connected()]);
    await writer.call('import_records', { content: 'id,name,domain\nA1,Acme,acme.com\n', kind: 'accounts', source: 'crm' });
    const recorded = await writer.call('record_engagement', visit('one'));
    const { output } = z.object({ output: z.object({ events: z.tuple([z.object({ account_id: z.string() })]) }) }).parse(recorded);
    const uri = `samepage://accounts/${output.events[0].account_id}`;
    await reader.request('resources/subscribe', { uri });
    const told = () => reader.notifications.filter(({ method }) => method === 'notifications/resources/updated').length;
    await writer.call('record_engagement', visit('two'));
    await expect.poll(told, PATIENT).toBe(1);
    process.kill(await ownerOf(shared.folder), 'SIGKILL');
    await writer.call('search_records', { kind: 'account' });
    await reader.request('ping');
    expect(await untilKnown(writer, 'record_engagement', visit('three'))).toHaveProperty('output');
    await expect.poll(told, PATIENT).toBeGreaterThan(1);
    // and each has its own rights
    expect(await reader.request('tools/call', { name: 'record_engagement', arguments: visit('four') })).toMatchObject({
      error: { message: expect.stringContaining('--read-only') },
    });
  });
});

describe('another version of the program', () => {
  it('that is newer is told which process to end; one of an older protocol to update', async () => {
    const { folder } = shared;
    const client = await shared.connected();
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

describe('no process stays that is not needed', () => {
  it('an owner whose folder has gone ends', async () => {
    const { folder } = shared;
    const client = await shared.connected();
    await client.request('resources/list');
    const owner = await ownerOf(folder);
    client.kill();
    await client.ended;
    // in one step: the owner goes on writing its log while a removal walks the folder
    await rename(folder, `${folder}-gone`);
    await expect.poll(() => isRunning(owner), PATIENT).toBe(false);
    await placeFolder(folder);
  });
});
