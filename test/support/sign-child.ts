import { openDatabase } from '../../src/db/client.ts';
import type { Database } from '../../src/kernel/database.ts';
import { testContext } from './context.ts';
import { sign } from './leaders.ts';

/** Signs the rubric for marketing, says so, and is killed in the midst of sales' signature, when a statement with these words was answered. */
const [where = '', workspaceId = '', words = ''] = process.argv.slice(2);
const db = await openDatabase(where.startsWith('postgres://') ? { databaseUrl: where, dataDir: '' } : { dataDir: where });

const killedAfter: Database = {
  ...db,
  transaction: (mode, run, options) =>
    db.transaction(
      mode,
      (tx) =>
        run({
          ...tx,
          async query(text, values, of) {
            const rows = await tx.query(text, values, of);
            if (text.includes(words)) process.kill(process.pid, 'SIGKILL');
            return rows;
          },
        }),
      options,
    ),
};

await sign(testContext(db, { workspaceId }), { kind: 'rubric', team: 'marketing' });
process.stdout.write('marketing has signed\n');
await sign(testContext(killedAfter, { workspaceId }), { kind: 'rubric', team: 'sales' });
