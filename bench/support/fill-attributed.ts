import type { Database } from '../../src/kernel/database.ts';

const TYPES = [
  'ad_click',
  'content_download',
  'webinar',
  'event',
  'email_click',
  'form_fill',
  'pricing_page',
  'demo_request',
  'call',
  'meeting',
];
const SOURCES = ['organic_search', 'paid_search', 'webinar', 'event', 'content', 'website', 'referral', 'outbound', 'email'];

/**
 * Accounts with three people, an opportunity created in the 90 days before `lastDay` (from 1970-01-01), and `touches` events in the 170 days before it, in the
 * order of time and so scattered over the table.
 */
export async function fillAttributed(
  db: Database,
  workspaceId: string,
  { opportunities, touches, lastDay }: { opportunities: number; touches: number; lastDay: number },
): Promise<void> {
  const statements = [ACCOUNTS, PEOPLE, OPPORTUNITIES];
  const each = async (text: string, params: (string | number)[]) =>
    db.transaction('write', async (tx) => {
      await tx.query("select set_config('app.workspace_id', $1, true)", [workspaceId]);
      await tx.query(text, params);
    });
  for (const text of statements) await each(text, [workspaceId, opportunities, lastDay]);
  for (let round = 0; round < touches; round += 1) await each(EVENTS, [workspaceId, opportunities, lastDay, round, touches]);
  for (const table of ['account', 'person', 'opportunity', 'event']) await db.transaction('write', (tx) => tx.query(`analyze ${table}`));
}

/** A number below `m` that hangs on the row alone. */
const draw = (salt: number, m: number, of = 'i') => `(abs(hashint8extended(${of}, ${salt})) % ${m})`;
const pick = (salt: number, values: readonly string[], of = 'i') =>
  `(array['${values.join("','")}'])[1 + ${draw(salt, values.length, of)}]`;
const CREATED = `($3::int - 1 - ${draw(1, 90)}::int)`;
const date = (day: string) => `to_char(date '1970-01-01' + (${day}), 'YYYY-MM-DD')`;
const learned = `to_timestamp($3::int * 86400.0)`;

const ACCOUNTS = `insert into account (workspace_id, id, domain, name, name_key, fields, created_at, changed_at)
  select $1, md5('a' || i)::uuid, 'company-' || i || '.example', 'Company ' || i, 'company ' || i, '{}', ${learned}, ${learned} from generate_series(1, $2::int) i`;

const PEOPLE = `insert into person (workspace_id, id, email, name, account_id, fields, created_at, changed_at)
  select $1, md5('p' || i || ':' || k)::uuid, 'p' || k || '@company-' || i || '.example', 'Person', md5('a' || i)::uuid,
    jsonb_build_object('lead_source', ${pick(2, SOURCES, 'i * 3 + k')}, 'created_date', ${date(`${CREATED} - ${draw(3, 200, 'i * 3 + k')}::int`)}), ${learned}, ${learned}
  from generate_series(1, $2::int) i, generate_series(0, 2) k`;

const OPPORTUNITIES = `insert into opportunity (workspace_id, id, name, name_key, account_id, fields, created_at, changed_at)
  select $1, md5('o' || i)::uuid, 'Deal ' || i, 'deal ' || i, md5('a' || i)::uuid,
    jsonb_build_object('created_date', ${date(CREATED)}, 'amount', (${draw(4, 20_000_000)} / 100.0), 'currency', ${pick(5, ['usd', 'usd', 'eur'])}, 'stage', 'proposal'),
    ${learned}, ${learned}
  from generate_series(1, $2::int) i`;

/** The first touches of all, then the second ones. */
const EVENTS = `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, account_id)
  select $1, md5('e' || n)::uuid, ${learned}, 'bench', 'e' || n, ${pick(6, TYPES, 'n')}, to_timestamp(day * 86400.0 + ${draw(7, 86_400, 'n')}), day,
    md5('p' || i || ':' || ${draw(8, 3, 'n')})::uuid, md5('a' || i)::uuid
  from (select i, i + $4::int * $2::bigint as n, ${CREATED} - 170 + ($4::int * 170 / $5::int) + ${draw(9, 8)}::int as day
    from generate_series(1, $2::int) i) x`;
