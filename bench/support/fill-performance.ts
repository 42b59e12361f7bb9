import type { Database } from '../../src/kernel/database.ts';

/**
 * A year of a marketing and a sales team up to `now`: so many people in a third as many accounts, a hand-off of each with its log (a tenth stands still
 * open, three of ten are rejected, a sixth becomes a deal), a deal of every sixteenth account with stages that were observed, ten touches before
 * each, and scores of all accounts and people, last changed within two hundred days, with an earlier one of half of them and one more of accounts with a
 * deal.
 */
export async function fillPerformance(db: Database, workspaceId: string, people: number, now: Date): Promise<void> {
  const statements = [ACCOUNTS, PEOPLE, HAND_OFFS, EVENTS, DEALS, STAGES, TOUCHES, SCORES, EARLIER, EARLIEST];
  for (const text of statements)
    await db.transaction('write', async (tx) => {
      await tx.query("select set_config('app.workspace_id', $1, true)", [workspaceId]);
      // a parameter that nothing reads has no type
      await tx.query(text, text.includes('$3') ? [workspaceId, people, now.toISOString()] : [workspaceId]);
    });
  const tables = ['account', 'person', 'hand_off', 'hand_off_event', 'opportunity', 'observation', 'event', 'score', 'score_history'];
  for (const table of tables) await db.transaction('write', (tx) => tx.query(`analyze ${table}`));
}

/** A number below `m` that hangs on the row alone. */
const draw = (salt: number, m: number, of = 'i') => `(abs(hashint8extended(${of}, ${salt})) % ${m})`;
const pick = (salt: number, values: readonly string[], of = 'i') =>
  `(array['${values.join("','")}'])[1 + ${draw(salt, values.length, of)}]`;
const NOW = '$3::timestamptz';
const ACCOUNT_OF = (i: string) => `md5('a' || ${i} / 3)::uuid`;
const PER_DEAL = 16;
const DEALS_OF_YEAR = `(select i, least(i * ${3 * PER_DEAL}, $2::int) as lead, ${NOW} - ${draw(21, 365 * 24)} * interval '1 hour' as opened, ${draw(22, 100)} as fate from generate_series(1, $2::int / ${3 * PER_DEAL}) i)`;
const OPEN_DAYS = `(20 + ${draw(23, 120)})`;
const date = (at: string) => `to_char((${at}) at time zone 'UTC', 'YYYY-MM-DD')`;

const ACCOUNTS = `insert into account (workspace_id, id, name, fields, created_at, changed_at)
  select $1, md5('a' || i)::uuid, 'Company ' || i, jsonb_build_object('industry', 'software', 'employees', ${draw(1, 5000)}), ${NOW}, ${NOW} from generate_series(0, $2::int / 3) i`;

const PEOPLE = `insert into person (workspace_id, id, email, name, account_id, fields, created_at, changed_at)
  select $1, md5('p' || i)::uuid, 'p' || i || '@company.example', 'Person ' || i, ${ACCOUNT_OF('i')},
    jsonb_build_object('lead_source', ${pick(2, ['webinar', 'event', 'content', 'website', 'referral', 'outbound'])}, 'email', 'p' || i || '@company.example',
      'seniority', ${pick(3, ['c_level', 'vp', 'director', 'manager', 'individual_contributor'])}, 'department', ${pick(4, ['sales', 'marketing', 'it', 'operations', 'finance'])},
      'created_date', ${date(`${NOW} - (i * 365.0 / $2::int + ${draw(5, 60)}) * interval '1 day'`)}), ${NOW}, ${NOW}
  from generate_series(1, $2::int) i`;

/** `fate` below 30: rejected; below 40: open as handed off; from there on accepted, and so on from 60, 75 and 85 on. */
const HAND_OFFS = `
  insert into hand_off (workspace_id, id, person_id, account_id, handed_at, source, tier, holds, facts, sla, taxonomy, ordinal, changed_at, stage, owner, code,
    disposed_at, touched_at, qualified_at, opened_at, closed_at, next_at)
  select $1, md5('h' || i)::uuid, md5('p' || i)::uuid, ${ACCOUNT_OF('i')}, handed, source, tier, '[]', '{}', 'none', 'none', steps, handed + steps * pace,
    (array['mql', case when fate < 30 then 'recycled' else 'accepted' end, 'qualified', 'opportunity', case when fate % 3 = 0 then 'won' else 'lost' end])[greatest(1, steps)],
    case when fate >= 30 then 'owner-' || ${draw(11, 60)} end, case when fate < 30 and steps > 1 then ${pick(12, ['FIT-01', 'ENG-02', 'INT-01', 'QUAL-01'])} end,
    case when steps > 1 then handed + 2 * pace end, case when steps > 0 then handed + pace end,
    case when steps > 2 then handed + 3 * pace end, case when steps > 3 then handed + 4 * pace end, case when steps > 1 and (fate < 30 or steps = 5) then handed + steps * pace end, '9999-12-31'
  from (select *, least(case when fate < 30 then 2 when fate < 40 then 1 when fate < 60 then 2 when fate < 75 then 3 when fate < 85 then 4 else 5 end,
      floor(extract(epoch from ${NOW} - handed) / extract(epoch from pace)))::int as steps
    from (select i, ${NOW} - (i * 365.0 / $2::int) * interval '1 day' as handed, ${draw(6, 100)} as fate, (1 + ${draw(7, 4000)}) * interval '7 minutes' as pace,
        ${pick(8, ['webinar', 'event', 'content', 'website', 'referral', 'outbound'])} as source, ${pick(9, ['A', 'B', 'C'])} as tier
      from generate_series(1, $2::int) i) x) y`;

/** The hand-off, a first attempt, and a move at each further step. */
const EVENTS = `
  insert into hand_off_event (workspace_id, hand_off_id, ordinal, at, recorded_at, actor, kind, sla, detail)
  select $1, h.id, o, h.handed_at + (h.changed_at - h.handed_at) * o / greatest(1, h.ordinal), h.changed_at, 'bench',
    (array['hand_off', 'attempt', case when h.stage = 'recycled' then 'reject' else 'accept' end, 'qualify', 'open_opportunity', case when h.stage = 'won' then 'win' else 'lose' end])[o + 1],
    'none', '{}'
  from hand_off h cross join lateral generate_series(0, h.ordinal) o where h.workspace_id = $1`;

/** A quarter is open, a third of the rest won. */
const DEALS = `insert into opportunity (workspace_id, id, name, account_id, fields, created_at, changed_at)
  select $1, md5('o' || i)::uuid, 'Deal ' || i, ${ACCOUNT_OF('lead')},
    jsonb_build_object('created_date', ${date('opened')}, 'amount', ${draw(24, 20_000_000)} / 100.0, 'currency', ${pick(25, ['usd', 'usd', 'eur'])}, 'stage',
      case when is_open then 'proposal' when fate % 3 = 0 then 'closed_won' else 'closed_lost' end)
      || case when is_open then '{}' else jsonb_build_object('close_date', ${date('closed')}) end, opened, ${NOW}
  from (select *, fate < 25 or closed > ${NOW} as is_open from (select *, opened + ${OPEN_DAYS} * interval '1 day' as closed from ${DEALS_OF_YEAR} x) y) z`;

const STAGES = `insert into observation (workspace_id, entity_id, recorded_at, ordinal, kind, source, values, confidence, observed_at, observed_day, cost_micros)
  select $1, md5('o' || i)::uuid, at, 0, 'opportunity', 'crm', jsonb_build_object('stage', (array['discovery', 'proposal', 'negotiation'])[k + 1]), 10000, at,
    (at at time zone 'UTC')::date - date '1970-01-01', 0
  from (select i, k, opened + k * ${OPEN_DAYS} * interval '8 hours' as at from ${DEALS_OF_YEAR} x, generate_series(0, 2) k) y where at < ${NOW}`;

const TOUCHES = `insert into event (workspace_id, id, recorded_at, source, external_id, type, occurred_at, occurred_day, person_id, account_id)
  select $1, md5('e' || i || ':' || k)::uuid, ${NOW}, 'bench', 'e' || i || ':' || k, ${pick(26, ['ad_click', 'webinar', 'content_download', 'email_click', 'meeting'], 'i * 10 + k')}, at,
    (at at time zone 'UTC')::date - date '1970-01-01', md5('p' || lead)::uuid, ${ACCOUNT_OF('lead')}
  from (select i, k, lead, opened - (${draw(27, 4000, 'i * 10 + k')} * interval '1 hour') as at from ${DEALS_OF_YEAR} x, generate_series(0, 9) k) y`;

const COLUMNS =
  'workspace_id, kind, subject_id, rubric_version, taxonomy_version, as_of_day, known_at, score, tier, heat, points, unknown, disqualified';
const TODAY = `((${NOW} at time zone 'UTC')::date - date '1970-01-01')`;
/** A score that was computed so many days ago. */
const SCORE = (days: string) => `$1, kind, id, 1, 1, ${TODAY} - (${days}), ${NOW} - (${days}) * interval '1 day', 50,
  ${pick(28, ['A', 'B', 'C', 'disqualified'], `hashint8(ascii(id::text) + (${days}))`)}, case when kind = 'account' then 'cold' end, '{5,0,10,0,0,20,0,15,0,0}', 0, 0`;
/** All that is scored, with how many days ago that last changed. */
const SUBJECTS = `(select *, 1 + ${draw(29, 200, 'uuid_hash(id)')}::int as last from (
  select 'account' as kind, id from account where workspace_id = $1 union all select 'lead', id from person where workspace_id = $1) x)`;
const SCORES = `insert into score (${COLUMNS}) select ${SCORE('last')} from ${SUBJECTS} x where $2::int > 0`;
const EARLIER = `insert into score_history (${COLUMNS}, replaced_at)
  select ${SCORE('last + 150')}, ${NOW} - last * interval '1 day' from ${SUBJECTS} x where last % 2 = 0 and $2::int > 0`;
const EARLIEST = `insert into score_history (${COLUMNS}, replaced_at)
  select ${SCORE('last + 400')}, ${NOW} - (last + case when last % 2 = 0 then 150 else 0 end) * interval '1 day'
  from ${SUBJECTS} x where id in (select account_id from opportunity where workspace_id = $1) and $2::int > 0`;
