import { openPglite } from '../../src/db/pglite.ts';
import { audit, recordInWorkspace } from '../../src/db/workspace.ts';
import { testContext } from './context.ts';

/**
 * A process on an embedded folder: `folder-child.ts <open|write|busy> <folder>`. Says `open`, then what it does, a line
 * each; or `refused` and the error as JSON.
 */
const [task, folder] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const db = await openPglite(folder ?? '');
  say('open');
  if (task === 'busy') {
    // the event loop stands still, as in a long query
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  }
  const ctx = testContext(db);
  for (let i = 0; task === 'write'; i += 1) {
    const id = `${process.pid}-${i}`;
    await recordInWorkspace(ctx, async (tx, recordedAt) => {
      await tx.query(
        `insert into definition_head (workspace_id, kind, recorded_at, hash, recorded_by) values ($1, $2, $3::timestamptz, $4, '')`,
        [ctx.workspaceId, id, recordedAt.toISOString(), 'x'.repeat(3_000)],
      );
      await audit(tx, ctx, 'write', id);
    });
    // acknowledged: from here on it must be there
    say(id);
  }
  setInterval(() => {}, 60_000);
} catch (error) {
  const { code, message, next } = error as { code?: string; message?: string; next?: string };
  say(`refused ${JSON.stringify({ code, message, next })}`);
}
