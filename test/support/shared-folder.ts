import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { ClientProcess } from './client-process.ts';
import { whenLeft } from './owners.ts';
import { makePlace, placeFolder, removePlace } from './places.ts';

export interface SharedFolder {
  /** The embedded folder of the test that runs. */
  readonly folder: string;
  /** A client of it, which ends with the test. */
  connected(env?: Record<string, string>, args?: readonly string[]): Promise<ClientProcess>;
}

/** Gives each test of a suite an embedded folder with a database. After each no process may be left of those that served it. */
export function useSharedFolder(): SharedFolder {
  let folder = '';
  const clients: ClientProcess[] = [];
  beforeEach(async () => {
    folder = await placeFolder(join(await makePlace('shared'), 'data'));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.kill();
      await client.ended;
    }
    await whenLeft(folder);
    await removePlace(join(folder, '..'));
  });
  return {
    get folder() {
      return folder;
    },
    async connected(env = {}, args = []) {
      const client = new ClientProcess(folder, { env, args });
      clients.push(client);
      return client.initialize();
    },
  };
}

/** As a client should: the same call again when it is told that the outcome is unknown. */
export async function untilKnown(client: ClientProcess, name: string, args: object): ReturnType<ClientProcess['call']> {
  const answer = await client.call(name, args);
  return 'code' in answer && answer.code === 'outcome_unknown' ? untilKnown(client, name, args) : answer;
}

/** The input of a call that records one visit. */
export const visit = (id: string) => ({
  events: [{ event_id: id, type: 'web_visit', occurred_at: '2026-03-02T08:30:00Z', email: 'ada@acme.com', domain: 'acme.com' }],
});
