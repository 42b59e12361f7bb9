import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/client.ts';
import { recordInWorkspace } from '../../src/db/workspace.ts';
import { JOBS } from '../../src/handoff/jobs.ts';
import { keepWorking } from '../../src/handoff/keep-working.ts';
import { openSender } from '../../src/handoff/webhook-sender.ts';
import { testContext } from './context.ts';
import { deliverAll, hook, outboxOf, tell, WEBHOOK_SETTINGS } from './outbox.ts';

/**
 * A process that writes events and delivers them until it is killed, or delivers all there is: `deliver-child.ts <folder or PostgreSQL's URL>
 * <the receiver's URL> <work | drain> <minutes that its clock is ahead>`. It says on stdout which events were committed.
 */
const [where = '', url = '', mode = '', ahead = '0'] = process.argv.slice(2);
const db = await openDatabase(where.startsWith('postgres') ? { databaseUrl: where, dataDir: '' } : { dataDir: where });
const aheadMs = Number(ahead) * 60_000;
const now = () => new Date(Date.now() + aheadMs);

if (mode === 'drain') {
  const ctx = testContext(db, { workspaceId: 'killed', ...WEBHOOK_SETTINGS });
  ctx.setNow(now().toISOString());
  const sender = openSender(['127.0.0.1'], 2_000);
  await deliverAll(ctx, sender);
  for (const { id } of await outboxOf(ctx)) process.stdout.write(`outbox ${id}\n`);
  await sender.close();
  await db.close();
} else {
  const ctx = testContext(db, { workspaceId: 'killed', ...WEBHOOK_SETTINGS, now });
  // the workspace is there
  await recordInWorkspace(ctx, async () => {});
  await hook(ctx, url);
  const hooks = {
    done() {},
    changed() {},
    wants() {},
    failed: (_: string, error: unknown) => void process.stderr.write(`${String(error)}\n`),
  };
  void keepWorking(
    ctx,
    hooks,
    JOBS.filter(({ name }) => name === 'deliver'),
  );
  for (let n = 0; ; n += 1) {
    await tell(ctx, [`s${n % 5}`, `t${ahead}-${n}`], { n, ahead });
    process.stdout.write(`committed ${ahead}-${n}\n`);
    await sleep(2);
  }
}
