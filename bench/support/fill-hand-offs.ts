import type { Tx } from '../../src/kernel/database.ts';

/**
 * Hand-offs of a year, one a person, with their logs: a tenth is open, of which half waits for an answer; a quarter is recycled. When an open
 * one needs somebody next is spread over the weeks about now.
 * @param hashes of the definitions in force
 */
export async function fillHandOffs(tx: Tx, workspaceId: string, n: number, hashes: { sla: string; taxonomy: string }): Promise<void> {
  const part = (percent: number) => `i % 100 < ${percent}`;
  const stage = `case when ${part(5)} then 'mql' when ${part(7)} then 'accepted' when ${part(9)} then 'qualified' when ${part(10)} then 'opportunity'
    when ${part(35)} then 'recycled' when ${part(75)} then 'disqualified' when ${part(85)} then 'won' else 'lost' end`;
  const sources = ['webinar', 'paid_search', 'content', 'event', 'website', 'referral', 'email', 'partner'];
  const codes = ['ENG-01', 'ENG-02', 'QUAL-01', 'FIT-02', 'DATA-03', 'REL-02'];
  const pick = (values: readonly string[], by: string) => `(array['${values.join("','")}'])[1 + (${by}) % ${values.length}]`;
  await tx.query(
    `insert into person (workspace_id, id, name, fields, created_at, changed_at)
     select $1, ${uuid('p', 'i')}, 'Person ' || i, '{}', now(), now() from generate_series(1, $2::int) i`,
    [workspaceId, n],
  );
  await tx.query(
    `insert into hand_off (workspace_id, id, person_id, handed_at, source, tier, holds, facts, sla, taxonomy, ordinal, changed_at, stage, owner, returns_on, code,
       disposed_at, closed_at, next_at)
     select $1, ${uuid('h', 'i')}, ${uuid('p', 'i')}, handed_at, ${pick(sources, 'i / 7')}, ${pick(['A', 'B', 'C'], 'i')}, '[]',
       jsonb_build_object('industry', ${pick(['software', 'fintech', 'retail', 'healthcare'], 'i / 11')}), $3, $4, case when stage = 'mql' then 0 else 1 end,
       handed_at + interval '1 hour', stage, case when stage in ('recycled', 'disqualified') then null else 'owner ' || (i / 13) % 200 end,
       case when stage = 'recycled' then to_char(handed_at + interval '400 days', 'YYYY-MM-DD') end,
       case when stage in ('recycled', 'disqualified') then ${pick(codes, 'i / 3')} end,
       case when stage <> 'mql' then handed_at + interval '1 hour' end,
       case when stage in ('recycled', 'disqualified', 'won', 'lost') then handed_at + interval '1 hour' end,
       case when stage in ('mql', 'accepted') then now() + (i * 7919::bigint) % 1209600 * interval '1 second' - interval '7 days'
         when stage = 'recycled' then date_trunc('day', handed_at + interval '400 days') else timestamptz '9999-12-31T00:00:00Z' end
     from (select i, ${stage} as stage, now() - (i * 104729::bigint) % 31536000 * interval '1 second' as handed_at from generate_series(1, $2::int) i) made`,
    [workspaceId, n, hashes.sla, hashes.taxonomy],
  );
  await tx.query(
    `insert into hand_off_event (workspace_id, hand_off_id, ordinal, at, recorded_at, actor, kind, sla, detail)
     select $1, h.id, e.ordinal, h.handed_at + e.ordinal * interval '1 hour', h.handed_at + e.ordinal * interval '1 hour', 'bench',
       case when e.ordinal = 0 then 'hand_off' when h.code is null then 'accept' else 'reject' end, h.sla,
       case when e.ordinal = 0 then jsonb_build_object('owner', coalesce(h.owner, 'somebody')) when h.code is null then '{}' else jsonb_build_object('code', h.code,
         'sub_reason', null, 'rerouted', false, 'outcome', jsonb_build_object('stage', h.stage, 'waits_for', null, 'returns_on', h.returns_on)) end
     from hand_off h cross join generate_series(0, h.ordinal) e(ordinal) where h.workspace_id = $1`,
    [workspaceId],
  );
  await tx.query(
    `insert into hand_off_count (workspace_id, stage, owner, source, code, total)
     select workspace_id, stage, coalesce(owner, ''), coalesce(source, ''), coalesce(code, ''), count(*) from hand_off where workspace_id = $1 group by 1, 2, 3, 4, 5`,
    [workspaceId],
  );
}

/** An id of the form that the application makes. */
function uuid(prefix: string, i: string): string {
  return `overlay(overlay(md5('${prefix}' || ${i}) placing '8' from 13) placing '8' from 17)::uuid`;
}
