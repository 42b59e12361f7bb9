import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openDatabase } from '../../src/db/client.ts';
import { recordInWorkspace } from '../../src/db/workspace.ts';
import { deliverDue } from '../../src/handoff/deliver-due.ts';
import { openSender } from '../../src/handoff/webhook-sender.ts';
import { writeOutbox } from '../../src/handoff/write-outbox.ts';
import { testContext } from '../../test/support/context.ts';
import { hook, WEBHOOK_SETTINGS } from '../../test/support/outbox.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';

const RECEIVER = resolve(import.meta.dirname, 'receiver-process.ts');
const EVENTS = 10_000;
const SUBJECTS = 2_500;

/** Signed deliveries a second to a receiver in another process on this machine, from PostgreSQL; undefined where there is none. */
export async function outboxPerSecond(): Promise<number | undefined> {
  const server = await startPostgres({});
  if (server === undefined) return undefined;
  const receiver = fork(RECEIVER, { execArgv: ['--import', 'tsx'] });
  const url = await new Promise<string>((done) => receiver.once('message', (message) => done(String(message))));
  const db = await openDatabase({ databaseUrl: `${server.url}/postgres`, dataDir: '' });
  const sender = openSender(['127.0.0.1']);
  try {
    const ctx = testContext(db, { workspaceId: 'bench', ...WEBHOOK_SETTINGS, now: () => new Date() });
    await recordInWorkspace(ctx, async () => {});
    await hook(ctx, url);
    const events = Array.from({ length: EVENTS }, (_, i) => ({
      type: 'hand_off.disposed' as const,
      subject: `subject-${i % SUBJECTS}`,
      data: {
        hand_off: `subject-${i % SUBJECTS}`,
        disposition: 'rejected',
        code: 'FIT-01',
        fixer: 'marketing',
        facts: { industry: 'software', country: 'us' },
      },
    }));
    for (let i = 0; i < EVENTS; i += 1_000)
      await recordInWorkspace(ctx, (tx, recordedAt) => writeOutbox(tx, ctx, events.slice(i, i + 1_000), recordedAt));
    const from = performance.now();
    const { delivered } = await deliverDue(ctx, sender);
    if (delivered !== EVENTS) throw new Error(`${delivered} of ${EVENTS} events were delivered`);
    return (EVENTS * 1_000) / (performance.now() - from);
  } finally {
    await sender.close();
    receiver.kill();
    await db.close();
    await server.stop();
  }
}
