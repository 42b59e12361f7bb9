import { openDatabase } from '../../src/db/client.ts';
import { enrichWith } from '../../src/enrichment/enrich-record.ts';
import { lateWork } from '../../src/enrichment/late-work.ts';
import { testContext } from './context.ts';
import { remoteSeller } from './remote-seller.ts';

/** A process that enriches records: `enrich-child.ts <folder or PostgreSQL's URL> <workspace> <the seller's URL> <domains> [dollars a day]`. */
const [where = '', workspaceId = '', url = '', domains = '', dayUsd] = process.argv.slice(2);
const db = await openDatabase(where.startsWith('postgres') ? { databaseUrl: where, dataDir: '' } : { dataDir: where });
const settings = { folder: undefined, secretsFile: undefined, contact: undefined, workspaceUsd: undefined, variable: () => undefined };
const providers = { ...settings, dayUsd: dayUsd === undefined ? undefined : Number(dayUsd) };
const records = domains.split(',');
await enrichWith(testContext(db, { workspaceId, providers }), remoteSeller(url), { records, fields: ['account.industry'] });
await lateWork(db);
await db.close();
