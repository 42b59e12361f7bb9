import { recordInWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import type { Database, Tx } from '../../src/kernel/database.ts';
import { dayOf } from '../../src/kernel/dates.ts';

export interface Size {
  accounts: number;
  events: number;
}

// biome-ignore format: a line a type would hide the mix
const EVENT_TYPES = [
  'web_visit', 'web_visit', 'web_visit', 'email_open', 'email_open', 'pricing_page', 'content_download', 'webinar', 'ad_click', 'ad_click',
  'email_click', 'form_fill', 'demo_request', 'chat', 'product_use', 'funding_round', 'hiring', 'hiring', 'call', 'meeting',
];
const CHUNK = 100_000;

/** A number from 0 up to 1 that hangs on the row's number alone, the same on every database. */
const chance = (salt: string, of: string) => `(('x' || substr(md5('${salt}' || ${of}), 1, 8))::bit(32)::bigint / 4294967296.0)`;
const pick = (values: readonly string[], salt: string, of: string) =>
  `(array[${values.map((v) => `'${v}'`).join(',')}])[1 + floor(${values.length} * ${chance(salt, of)})::int]`;

/**
 * Makes accounts and a year of events up to the day before `now`, inside the database, the same for the same size. A
 * unit of chance is a hash of the row's number, so both databases get the same rows. About four events in five name one
 * of five people of the account.
 */
export async function generate(
  db: Database,
  workspaceId: string,
  size: Size,
  now: Date,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const learned = now.toISOString();
  const total = size.accounts + size.events;
  const indexes = await dropIndexes(db);
  for (let from = 0; from < size.accounts; from += CHUNK) {
    await db.transaction('write', async (tx) => {
      await nameWorkspace(tx, workspaceId);
      await tx.query(
        `insert into account (workspace_id, id, domain, name, name_key, fields, created_at, changed_at)
         select $1, md5('a' || i)::uuid, 'company-' || i || '.example', 'Company ' || i, 'company ' || i,
           jsonb_strip_nulls(jsonb_build_object(
             'name', 'Company ' || i, 'domain', 'company-' || i || '.example',
             'industry', case when ${chance('b', 'i')} < .9 then ${pick(['software', 'fintech', 'banking', 'retail', 'energy', 'healthcare', 'manufacturing', 'media'], 'c', 'i')} end,
             'employees', case when ${chance('d', 'i')} < .85 then floor(exp(11 * ${chance('e', 'i')}))::int end,
             'country', ${pick(['us', 'de', 'fr', 'gb', 'in', 'br'], 'f', 'i')},
             'annual_revenue', case when ${chance('g', 'i')} < .6 then floor(exp(20 * ${chance('h', 'i')}))::bigint end,
             'technologies', to_jsonb(array[${pick(['aws', 'gcp', 'azure', 'salesforce'], 'j', 'i')}, ${pick(['react', 'java', 'python'], 'k', 'i')}]),
             'founded_year', 1950 + floor(70 * ${chance('l', 'i')})::int,
             'ownership', ${pick(['public', 'private'], 'm', 'i')},
             'target_account', ${chance('n', 'i')} < .05,
             'type', case when ${chance('o', 'i')} < .02 then 'customer' else 'prospect' end)),
           $2::timestamptz, $2::timestamptz
         from generate_series(${from + 1}, ${Math.min(size.accounts, from + CHUNK)}) i`,
        [workspaceId, learned],
      );
    });
    progress(Math.min(size.accounts, from + CHUNK), total);
  }
  for (let from = 0; from < size.events; from += CHUNK) {
    await db.transaction('write', async (tx) => {
      await nameWorkspace(tx, workspaceId);
      await insertEvents(tx, workspaceId, size, {
        first: from + 1,
        last: Math.min(size.events, from + CHUNK),
        oldest: dayOf(now) - 365,
        days: 365,
        recordedAt: learned,
      });
    });
    progress(size.accounts + Math.min(size.events, from + CHUNK), total);
  }
  for (const index of indexes) await db.transaction('write', (tx) => tx.query(index));
}

async function insertEvents(
  tx: Tx,
  workspace: string,
  { accounts }: Size,
  span: { first: number; last: number; oldest: number; days: number; recordedAt: string },
): Promise<void> {
  await tx.query(
    `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, named_account_id, account_id)
     select $1, md5('e' || i)::uuid, $2::timestamptz, 'bench', 'e' || i, ${pick(EVENT_TYPES, 't', 'i')},
       to_timestamp(day * 86400.0), day,
       case when ${chance('p', 'i')} < .8 then md5('p' || a || ':' || floor(5 * ${chance('q', 'i')})::int)::uuid end, md5('a' || a)::uuid, md5('a' || a)::uuid
     from (select i, 1 + floor(${accounts} * ${chance('r', 'i')})::int as a, ${span.oldest} + floor(${span.days} * ${chance('s', 'i')})::int as day
           from generate_series(${span.first}, ${span.last}) i) g`,
    [workspace, span.recordedAt],
  );
}

/** Making a year's data is not what is measured, and without the secondary indexes it takes a third of the time. */
async function dropIndexes(db: Database): Promise<string[]> {
  return db.transaction('write', async (tx) => {
    const rows = await tx.query(
      `select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename in ('account', 'event') and indexname not like '%_pk'`,
    );
    for (const row of rows) await tx.query(`drop index "${row.indexname}"`);
    return rows.map((row) => String(row.indexdef));
  });
}

async function nameWorkspace(tx: Tx, workspaceId: string): Promise<void> {
  await tx.query("select set_config('app.workspace_id', $1, true)", [workspaceId]);
}

/** A day passes: its share of new events, and one account in a hundred with another head count. */
export async function passDay(ctx: Context, size: Size): Promise<void> {
  await recordInWorkspace(ctx, async (tx, recordedAt) => {
    const day = dayOf(ctx.now());
    const first = size.events + day * size.events;
    await insertEvents(tx, ctx.workspaceId, size, {
      first,
      last: first + Math.floor(size.events / 365),
      oldest: day,
      days: 1,
      recordedAt: recordedAt.toISOString(),
    });
    await tx.query(
      `update account set fields = jsonb_set(fields, '{employees}', to_jsonb(10 + ($2::int + length(name)) % 900)), changed_at = $3::timestamptz
       where workspace_id = $1 and substr(id::text, 1, 2) in ('7f', '80') and hashtext(id::text) % 100 < 80`,
      [ctx.workspaceId, day, recordedAt.toISOString()],
    );
  });
}
