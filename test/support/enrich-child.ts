import { openDatabase } from '../../src/db/client.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { testContext } from './context.ts';
import { remoteSeller } from './remote-seller.ts';

/** A process that enriches a record: `enrich-child.ts <folder or PostgreSQL's URL> <workspace> <the seller's URL> <domain>`. */
const [where = '', workspaceId = '', url = '', domain = ''] = process.argv.slice(2);
const db = await openDatabase(where.startsWith('postgres') ? { databaseUrl: where, dataDir: '' } : { dataDir: where });
await enrichWith(testContext(db, { workspaceId }), remoteSeller(url), { records: [domain], fields: ['account.industry'] });
await db.close();
