import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ClientProcess } from '../support/client-process.ts';
import { ownerOf, ownersOf, whenLeft } from '../support/owners.ts';
import { untilKnown, useSharedFolder, visit } from '../support/shared-folder.ts';
import { eventCount, writeUnderFire } from '../support/under-fire.ts';

const shared = useSharedFolder();

/** Bytes that a client's proxy has written so far, where the system tells. */
async function passedOn({ child }: ClientProcess): Promise<number> {
  const counts = await readFile(`/proc/${child.pid}/io`, 'utf8').catch(() => '');
  return Number(/^wchar: (\d+)$/m.exec(counts)?.[1] ?? Number.MAX_SAFE_INTEGER);
}

describe('the owner is killed', () => {
  it('between calls: the client goes on, at most it is told once that an outcome is unknown', async () => {
    const client = await shared.connected();
    expect(await client.call('record_engagement', visit('one'))).toMatchObject({ output: { created: 1 } });
    for (let round = 0; round < 3; round += 1) {
      process.kill(await ownerOf(shared.folder), 'SIGKILL');
      expect(await untilKnown(client, 'record_engagement', visit('one'))).toMatchObject({ output: { duplicates: 1 } });
    }
    expect(client.alive).toBe(true);
  });

  it('stopped in the middle of calls: what reads is asked again, what writes is answered as unknown', async () => {
    const client = await shared.connected();
    await client.call('search_records', { kind: 'account' });
    const owner = await ownerOf(shared.folder);
    // it still holds the folder, and answers nothing
    process.kill(owner, 'SIGSTOP');
    const before = (await passedOn(client)) - client.bytesSent;
    const read = client.call('search_records', { kind: 'account' });
    const listed = client.request('resources/list');
    const written = client.call('record_engagement', visit('one'));
    // its proxy has passed them on
    while ((await passedOn(client)) - client.bytesSent < before) await sleep(10);
    process.kill(owner, 'SIGKILL');
    expect(await written).toMatchObject({ code: 'outcome_unknown', message: expect.stringContaining('not known') });
    expect(await read).toHaveProperty('output');
    expect((await listed).result).toBeDefined();
    expect(await client.call('record_engagement', visit('one'))).toMatchObject({ output: { created: 1 } });
  });

  it('a client that leaves while the owner is dead leaves nothing behind', async () => {
    const client = await shared.connected();
    await client.request('resources/list');
    process.kill(await ownerOf(shared.folder), 'SIGKILL');
    expect(await client.leave()).toBe(0);
    await whenLeft(shared.folder);
    expect(await ownersOf(shared.folder)).toEqual([]);
  });
});

describe('the owner is killed again and again under clients that write', () => {
  it('every acknowledged write is there, once', async () => {
    const report = await writeUnderFire(shared.folder, { clients: 4, kills: 4, everyMs: [200, 1_500] });
    expect(report).toMatchObject({ missing: [], twoOwners: 0, deadProxies: 0 });
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(await eventCount(shared.folder)).toBeGreaterThanOrEqual(report.acknowledged);
  });
});
