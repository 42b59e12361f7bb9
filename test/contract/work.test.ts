import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { createPostgresDatabase } from '../support/databases.ts';
import { placeFolder, usePlace } from '../support/places.ts';
import { SECRET, startReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { type ServerProcess, startProcess } from './process.ts';

const place = usePlace('work');
const ENV = { HOOK_SECRET: SECRET, SAMEPAGE_WEBHOOK_NETWORKS: '127.0.0.1' };

function command(args: readonly string[], env: Record<string, string>): Promise<string> {
  return new Promise((done, fail) => {
    execFile(process.execPath, [inject('program'), ...args], { env: { PATH: process.env.PATH ?? '', ...env } }, (error, out, err) =>
      error === null ? done(out) : fail(new Error(`${err}${out}`, { cause: error })),
    );
  });
}

async function call(server: ServerProcess, name: string, input: Record<string, unknown>): Promise<void> {
  const { result } = await server.request('tools/call', { name, arguments: input });
  if (result === undefined || result.isError === true) throw new Error(`${name}: ${JSON.stringify(result)}`);
}

/** A lead that is handed off and rejected by a client. */
async function tellOfOne(server: ServerProcess): Promise<void> {
  await server.initialize();
  await call(server, 'import_records', { kind: 'people', source: 'crm', content: 'id,name,email\n1,Bob Bolt,bob@bolt.example\n' });
  await call(server, 'hand_off_lead', { person: 'bob@bolt.example', reason: 'met at the fair' });
  await call(server, 'dispose_mql', { handoff: 'bob@bolt.example', decision: 'reject', code: 'FIT-02' });
}

async function arrived(receiver: WebhookReceiver, events: number): Promise<string[]> {
  while (receiver.arrivals.filter(({ taken }) => taken).length < events) await sleep(20);
  expect(receiver.arrivals.every(({ signed }) => signed)).toBe(true);
  return receiver.arrivals.flatMap(({ taken, body }) => (taken ? [body.type] : []));
}

async function withReceiver(run: (receiver: WebhookReceiver) => Promise<void>): Promise<void> {
  const receiver = await startReceiver(() => 200);
  try {
    await run(receiver);
  } finally {
    await receiver.close();
  }
}

describe('what a client did is told to marketing', () => {
  it('by the server beside its clients', () =>
    withReceiver(async (receiver) => {
      const env = { ...ENV, SAMEPAGE_DATA_DIR: await placeFolder(join(place(), 'served')) };
      await command(['webhooks', 'add', 'loop', receiver.url, '--secret', 'HOOK_SECRET'], env);
      const server = startProcess([], env);
      await tellOfOne(server);
      expect(await arrived(receiver, 2)).toEqual(['hand_off.created', 'hand_off.disposed']);
      server.child.stdin.end();
      expect(await server.ended).toBe(0);
    }));

  it.skipIf(inject('postgres') === undefined)('by `samepage-mcp work`, which ends when it is told to', () =>
    withReceiver(async (receiver) => {
      const created = await createPostgresDatabase('migrated');
      const env = { ...ENV, DATABASE_URL: created.url };
      await command(['webhooks', 'add', 'loop', receiver.url, '--secret', 'HOOK_SECRET'], env);
      // the server knows no secret, so it can send nothing itself
      const server = startProcess([], { SAMEPAGE_WEBHOOK_NETWORKS: '127.0.0.1', DATABASE_URL: created.url });
      await tellOfOne(server);
      const worker = startProcess(['work'], env);
      expect(await arrived(receiver, 2)).toEqual(['hand_off.created', 'hand_off.disposed']);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toBe(0);
      expect(worker.lines).toEqual([]);
      server.child.stdin.end();
      expect(await server.ended).toBe(0);
      await created.drop();
    }),
  );

  it.skipIf(inject('postgres') === undefined)('by `samepage-mcp work --once`, which does what is due and ends', () =>
    withReceiver(async (receiver) => {
      const created = await createPostgresDatabase('migrated');
      const env = { ...ENV, DATABASE_URL: created.url };
      await command(['webhooks', 'add', 'loop', receiver.url, '--secret', 'HOOK_SECRET'], env);
      const server = startProcess([], { SAMEPAGE_WEBHOOK_NETWORKS: '127.0.0.1', DATABASE_URL: created.url });
      await tellOfOne(server);
      server.child.stdin.end();
      await server.ended;
      await command(['work', '--once'], env);
      expect(receiver.arrivals).toHaveLength(2);
      expect(await arrived(receiver, 2)).toEqual(['hand_off.created', 'hand_off.disposed']);
      await created.drop();
    }),
  );
});
