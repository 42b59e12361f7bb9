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

  describe.skipIf(inject('postgres') === undefined)('on PostgreSQL, by a process of its own', () => {
    /** A lead is handed off and rejected through a server that knows no secret, so that it can send nothing itself. */
    const told = (run: (env: Record<string, string>, receiver: WebhookReceiver, leave: () => Promise<void>) => Promise<void>) =>
      withReceiver(async (receiver) => {
        const created = await createPostgresDatabase('migrated');
        const env = { ...ENV, DATABASE_URL: created.url };
        await command(['webhooks', 'add', 'loop', receiver.url, '--secret', 'HOOK_SECRET'], env);
        const server = startProcess([], { SAMEPAGE_WEBHOOK_NETWORKS: '127.0.0.1', DATABASE_URL: created.url });
        await tellOfOne(server);
        await run(env, receiver, async () => {
          server.child.stdin.end();
          expect(await server.ended).toBe(0);
        });
        expect(await arrived(receiver, 2)).toEqual(['hand_off.created', 'hand_off.disposed']);
        await created.drop();
      });

    it('`samepage-mcp work`, which ends when it is told to', () =>
      told(async (env, receiver, leave) => {
        const worker = startProcess(['work'], env);
        await arrived(receiver, 2);
        worker.child.kill('SIGTERM');
        expect(await worker.ended).toBe(0);
        expect(worker.lines).toEqual([]);
        await leave();
      }));

    it('`samepage-mcp work --once`, which does what is due and ends', () =>
      told(async (env, receiver, leave) => {
        await leave();
        await command(['work', '--once'], env);
        expect(receiver.arrivals).toHaveLength(2);
      }));
  });
});
