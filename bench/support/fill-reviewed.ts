import type { Database } from '../../src/kernel/database.ts';

/** A year of hand-offs, a share of `n` every hour up to `now`: each with who had it, facts, an outcome, and three clocks. */
export async function fillReviewed(db: Database, workspaceId: string, n: number, now: Date): Promise<void> {
  const statements: [string, (string | number)[]][] = [
    [HAND_OFFS, [workspaceId, n, now.toISOString()]],
    [EVENTS, [workspaceId]],
    [CLOCKS, [workspaceId]],
  ];
  for (const [text, params] of statements)
    await db.transaction('write', async (tx) => {
      await tx.query("select set_config('app.workspace_id', $1, true)", [workspaceId]);
      await tx.query(text, params);
    });
  for (const table of ['hand_off', 'hand_off_event', 'hand_off_clock']) await db.transaction('write', (tx) => tx.query(`analyze ${table}`));
}

/** A number below `m` that hangs on the row alone. */
const draw = (salt: number, m: number) => `(abs(hashint8extended(i, ${salt})) % ${m})`;
const one = (salt: number, values: readonly string[]) => `(array['${values.join("','")}'])[1 + ${draw(salt, values.length)}]`;

const CODES = ['FIT-01', 'FIT-02', 'FIT-03', 'DATA-01', 'ENG-01', 'ENG-02', 'INT-01', 'QUAL-01', 'QUAL-03', 'REL-01', 'OWN-01'];
const INDUSTRIES = [
  'software',
  'internet',
  'banking',
  'retail',
  'media',
  'energy',
  'insurance',
  'healthcare',
  'construction',
  'automotive',
  'utilities',
];
const SOURCES = ['organic_search', 'paid_search', 'webinar', 'event', 'content', 'website', 'referral', 'partner', 'outbound', 'email'];

/** Six of ten are accepted, three rejected, one stands still open if it is young; retail is too small more often. */
const HAND_OFFS = `
  insert into hand_off (workspace_id, id, person_id, account_id, handed_at, source, holds, facts, sla, taxonomy, override, ordinal, changed_at, stage, owner,
    waits_for, code, disposed_at, closed_at, next_at)
  select $1, md5('h' || i)::uuid, md5('p' || i)::uuid, md5('a' || i / 3)::uuid, handed, source, '[]',
    jsonb_build_object('industry', industry, 'size', ${draw(4, 3000)}, 'country', ${one(5, ['us', 'ca', 'gb', 'de', 'fr', 'nl', 'se', 'at', 'ch', 'ie'])},
      'region', null, 'source', source, 'seniority', ${one(6, ['c_level', 'vp', 'director', 'manager', 'individual_contributor'])},
      'department', ${one(7, ['sales', 'marketing', 'it', 'operations', 'finance'])}),
    'none', 'none', case when ${draw(8, 50)} = 0 then 'asked for' end, 1, coalesce(disposed, handed), stage, case when stage in ('recycled', 'disqualified') then null else owner end,
    null, case when stage in ('recycled', 'disqualified') then code end, disposed,
    case when stage in ('recycled', 'disqualified', 'won', 'lost') then disposed end, '9999-12-31'
  from (
    select *, case when fate < 90 or handed < $3::timestamptz - interval '7 days' then handed + fate * interval '37 minutes' end as disposed,
      case when fate >= 90 and handed >= $3::timestamptz - interval '7 days' then 'mql'
        when fate < 40 or (industry = 'retail' and fate < 48) then (array['recycled', 'disqualified'])[1 + fate % 2]
        else (array['accepted', 'qualified', 'opportunity', 'won', 'lost'])[1 + fate % 5] end as stage,
      case when industry = 'retail' and fate < 20 then 'FIT-01' else ${one(9, CODES)} end as code
    from (
      select i, $3::timestamptz - (i * 365.0 / $2::int) * interval '1 day' as handed, ${draw(1, 100)} as fate, ${one(2, INDUSTRIES)} as industry, ${one(3, SOURCES)} as source,
        'owner-' || ${draw(10, 60)} as owner
      from generate_series(1, $2::int) i) x) y`;

const EVENTS = `
  insert into hand_off_event (workspace_id, hand_off_id, ordinal, at, recorded_at, actor, kind, sla, detail)
  select h.workspace_id, h.id, 0, h.handed_at, h.handed_at, 'bench', 'hand_off', 'none', jsonb_build_object('owner', coalesce(h.owner, 'owner-' || (ascii(h.id::text) % 60)))
  from hand_off h where h.workspace_id = $1`;

const CLOCKS = `
  insert into hand_off_clock (workspace_id, hand_off_id, clock, source, started_at, due_at, ended_at, elapsed_ms, settles_at)
  select workspace_id, id, clock, source, handed_at, due, ended, (extract(epoch from ended - handed_at) * 1000)::bigint, least(ended, due)
  from (
    select h.workspace_id, h.id, h.source, h.handed_at, c.clock, h.handed_at + c.hours * interval '1 hour' as due,
      case when h.disposed_at is not null then h.handed_at + (h.disposed_at - h.handed_at) * c.part end as ended
    from hand_off h cross join (values ('first_touch', 4, 0.1), ('disposition', 48, 1), ('follow_up', 120, 1.5)) c(clock, hours, part)
    where h.workspace_id = $1) x`;
