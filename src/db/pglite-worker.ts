import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { DURABLE_START, DurableNodeFs } from './durable-fs.ts';
import { rawPglite } from './raw-pglite.ts';
import { WalSync } from './wal-sync.ts';
import { threadChannel } from './wire/channels.ts';
import type { Reply, Request } from './wire/messages.ts';
import { serveDatabase } from './wire/serve-database.ts';

/**
 * The thread in which the embedded database runs, so that a long query holds up nobody but those who wait for the database.
 * What fails to open ends the thread with its error.
 */
if (parentPort === null) throw new Error('pglite-worker.ts is a thread');
const { databaseDir, mayOpen }: { databaseDir: string; mayOpen: MessagePort } = workerData;
const wal = new WalSync();
const client = await PGlite.create({ fs: new DurableNodeFs(databaseDir, wal, once(mayOpen, 'message')), startParams: [...DURABLE_START] });
// rows are waited for together; that a transaction is over, or has failed, is told at once
serveDatabase(
  threadChannel<Request, Reply>(parentPort, (reply) => !('rows' in reply)),
  rawPglite(client, wal),
);
