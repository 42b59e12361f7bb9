import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ClientProcess } from './client-process.ts';
import { onceLeft, ownerOf, ownersOf } from './owners.ts';

export interface FireReport {
  acknowledged: number;
  unknown: number;
  /** Ids that were acknowledged and are not there exactly once. */
  missing: string[];
  /** How often two processes said that they hold the folder. */
  twoOwners: number;
  deadProxies: number;
}

interface Fire {
  clients: number;
  kills: number;
  /** A kill comes so long after an owner has the folder, every other one after it wrote something: at random between these. */
  everyMs: readonly [least: number, most: number];
}

/** Clients that write event after event while the owner is killed at random; then the folder is looked into. */
export async function writeUnderFire(folder: string, { clients: count, kills, everyMs }: Fire): Promise<FireReport> {
  const clients = await Promise.all(Array.from({ length: count }, () => new ClientProcess(folder).initialize()));
  const acknowledged: string[] = [];
  let unknown = 0;
  let over = false;
  const writing = clients.map(async (client, c) => {
    for (let i = 0; !over; i += 1) {
      const id = `${c}-${i}`;
      const events = [{ event_id: id, type: 'web_visit', occurred_at: '2026-03-02T08:30:00Z', email: `p${c}@acme.com` }];
      // as a client should: the same call again until it is known
      for (;;) {
        const answer = await client.call('record_engagement', { events });
        if ('output' in answer) break;
        if (answer.code !== 'outcome_unknown') throw new Error(`${answer.code}: ${answer.message}`);
        unknown += 1;
      }
      acknowledged.push(id);
    }
  });
  let twoOwners = 0;
  const [least, most] = everyMs;
  for (let kill = 0; kill < kills; kill += 1) {
    await ownerOf(folder);
    // half of them hit one that serves, however slow the machine; the others whatever it is doing
    const before = acknowledged.length;
    while (kill % 2 === 1 && acknowledged.length === before) await sleep(5);
    await sleep(least + Math.random() * (most - least));
    const owner = await ownerOf(folder);
    const owners = await ownersOf(folder);
    if (owners.length > 1) twoOwners += 1;
    process.kill(owner, 'SIGKILL');
  }
  await sleep(least);
  over = true;
  await Promise.all(writing);
  const deadProxies = clients.filter((client) => !client.alive).length;
  for (const client of clients) await client.leave();
  const times = await eventTimes(folder);
  return { acknowledged: acknowledged.length, unknown, missing: acknowledged.filter((id) => times.get(id) !== 1), twoOwners, deadProxies };
}

/** How often each event is there. */
async function eventTimes(folder: string): Promise<Map<string, number>> {
  const rows = await onceLeft(folder, (db) =>
    db.transaction('read', (tx) => tx.query('select external_id, count(*) as n from event group by external_id')),
  );
  return new Map(
    z
      .array(z.object({ external_id: z.string(), n: z.number() }))
      .parse(rows)
      .map((row) => [row.external_id, row.n]),
  );
}

export async function eventCount(folder: string): Promise<number> {
  return (await eventTimes(folder)).size;
}
