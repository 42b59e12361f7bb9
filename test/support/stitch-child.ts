import { openDatabase } from '../../src/db/client.ts';
import { stitchRecords } from '../../src/identity/stitch-records.ts';
import { testContext } from './context.ts';

/** A process that stitches a workspace: `stitch-child.ts <folder or PostgreSQL's URL> <workspace>`. Says how far it is, a line each time. */
const [where = '', workspaceId = ''] = process.argv.slice(2);
const db = await openDatabase(where.startsWith('postgres') ? { databaseUrl: where, dataDir: '' } : { dataDir: where });
const progress = { report: (_done: number, _total: number | undefined, message: string) => void process.stdout.write(`${message}\n`) };
await stitchRecords(testContext(db, { workspaceId, progress }), {});
await db.close();
