import { COUNTED } from '../../handoff/core/segment-sql.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';
import { daySql, type Followed, LEAD_STAGES, type LeadStage, type Span, spanSql, type Windows } from './performance-windows.ts';

export interface PerformanceScope {
  params: SqlParams;
  workspaceId: string;
  windows: Windows;
  steps: readonly Followed[];
}

/** Minutes up to the first touch, by the clock on the wall: a band is below each, the last from there on. */
const TOUCH_STEPS = [5, 60, 240, 1440, 4320] as const;

/** The columns of `h` with when a hand-off came to each stage. */
const ENTERED: Readonly<Record<LeadStage, string>> = {
  mql: 'handed_at',
  accepted: 'to_accepted',
  qualified: 'to_qualified',
  opportunity: 'to_opportunity',
  won: 'won',
};

/** Sales took it on, as the weekly review counts it. */
const KEPT = "(h.stage in ('accepted', 'qualified', 'opportunity', 'won', 'lost'))";

/**
 * When sales took it on: the first disposition that stands, if it is no rejection. A rejection that stands ends a hand-off at its own instant, unless it only
 * sent the lead on, which is no disposition.
 */
const ACCEPTED = `(case when ${KEPT} or h.closed_at is distinct from h.disposed_at then h.disposed_at end)`;

/**
 * One statement of rows of JSON about hand-offs, each with its `part`: `handed`, `decided`, `entries`, `cohort`, `duration`, `speed`. A lead that
 * passes over a stage has entered it when it came to a later one. A disposition that was taken back never was; one that gave way to another hand-off of
 * the same person is counted with that one.
 */
export function leadSql(scope: PerformanceScope): string {
  const { params, workspaceId, windows, steps } = scope;
  const ws = params.add(workspaceId);
  const instant = (day: number) => `${params.add(new Date(day * 86_400_000).toISOString())}::timestamptz`;
  const own = steps.filter(({ counted }) => counted === 'hand_offs');
  const since = Math.min(windows.before.from, ...own.flatMap(({ mature }) => mature?.from ?? []));
  const [start, middle, end] = [instant(windows.before.from), instant(windows.this.from), instant(windows.this.to)];
  /** Of one of the two months; told by instants, a day is worked out where it is counted in. */
  const inMonths = (at: string) => `${at} >= ${start} and ${at} < ${end}`;
  /** Which of them, of an instant that is of one. */
  const monthOf = (at: string) => `(case when ${at} >= ${middle} then 'this' else 'before' end)`;
  const entries = LEAD_STAGES.flatMap((stage) =>
    (['this', 'before'] as const).map((span) => {
      const [from, to] = span === 'this' ? [middle, end] : [start, middle];
      return { span, stage, count: `count(*) filter (where ${ENTERED[stage]} >= ${from} and ${ENTERED[stage]} < ${to})` };
    }),
  );
  /** A stage with when a hand-off came to it and went from it. */
  const stays = [
    ['mql', 'h.handed_at', 'h.disposed_at'],
    ['accepted', 'h.accepted', 'least(h.qualified, h.opened, h.closed_at)'],
    ['qualified', 'h.qualified', 'least(h.opened, h.closed_at)'],
    ['opportunity', 'h.opened', 'h.closed_at'],
  ] as const;
  const parts = [
    `select jsonb_build_object('part', 'handed', 'span', span, 'source', source, 'tier', tier, 'n', n) as row from (
      select ${monthOf('h.handed_at')} as span, h.source, h.tier, count(*) as n from h where ${inMonths('h.handed_at')} group by 1, 2, 3) x`,
    `select jsonb_build_object('part', 'decided', 'span', span, 'source', source, 'tier', tier, 'code', code, 'kept', kept, 'n', n) from (
      select ${monthOf('h.disposed_at')} as span, h.source, h.tier, case when not ${KEPT} then h.code end as code, ${KEPT} as kept, count(*) as n
      from h where ${inMonths('h.disposed_at')} group by 1, 2, 3, 4, 5) x`,
    `select jsonb_build_object('part', 'entries', 'span', e.span, 'stage', e.stage, 'n', e.n) from (select ${entries.map(({ count }) => count).join(', ')} from h) x(${entries.map((_, i) => `n${i}`).join(', ')})
      cross join lateral (values ${entries.map(({ span, stage }, i) => `('${span}', '${stage}', n${i})`).join(', ')}) e(span, stage, n)`,
    ...own.map((step) => cohortSql(step, steps.indexOf(step), windows, instant)),
    // grouped by numbers, which sort faster than words
    `select jsonb_build_object('part', 'duration', 'span', case place % 2 when 0 then 'this' else 'before' end, 'stage', (array['${stays.map(([stage]) => stage).join("', '")}'])[place / 2 + 1],
        'hours', hours, 'n', n) from (
      select s.place, s.hours, count(*) as n from (${stays
        .map(
          ([, came, went], i) =>
            `select case when ${went} >= ${middle} then ${2 * i} else ${2 * i + 1} end as place, floor(date_part('epoch', ${went} - ${came}) / 3600)::int as hours
              from h where ${inMonths(went)} and ${went} >= ${came}`,
        )
        .join(' union all ')}) s
      group by 1, 2) x`,
    `select jsonb_build_object('part', 'speed', 'span', span, 'band', band, 'n', count(*), 'kept', count(*) filter (where kept),
        'code', code, 'opportunity', count(*) filter (where to_opportunity is not null), 'won', count(*) filter (where won is not null)) from (
      select ${monthOf('h.handed_at')} as span, width_bucket(date_part('epoch', h.touched - h.handed_at) / 60, ${params.numbers(TOUCH_STEPS)}) as band,
        ${KEPT} as kept, case when not ${KEPT} and h.disposed_at is not null then coalesce(h.code, '') end as code, h.to_opportunity, h.won
      from h where ${inMonths('h.handed_at')}) x
      group by span, band, code`,
  ];
  return `with h as materialized (
      select l.*, least(accepted, qualified, opened, won) as to_accepted, least(qualified, opened, won) as to_qualified, least(opened, won) as to_opportunity
      from (
        select h.source, h.tier, h.stage, h.code, h.handed_at, h.disposed_at, h.closed_at, ${ACCEPTED} as accepted,
          case when h.stage = 'won' then h.closed_at end as won, h.touched_at as touched, h.qualified_at as qualified, h.opened_at as opened
        from hand_off h
        where h.workspace_id = ${ws} and h.changed_at >= ${instant(since)} and h.handed_at < ${end} and ${COUNTED} offset 0) l)
    ${parts.join('\n union all ')}`;
}

function cohortSql(
  { start, end, within, early, mature }: Followed,
  at: number,
  windows: Windows,
  instant: (day: number) => string,
): string {
  const from = `h.${ENTERED[start as LeadStage]}`;
  const took = `${daySql(`h.${ENTERED[end as LeadStage]}`)} - ${daySql(from)}`;
  return cohortRow(at, spanSql(from, windows, mature, instant), 'h', { took, within, early });
}

/** The row of a step's cohorts: how many entered, how many came to the next stage in time, and so within what the youngest has had. */
export function cohortRow(
  at: number,
  span: string,
  rows: string,
  { took, within, early }: { took: string; within: number; early: number | null },
): string {
  return `select jsonb_build_object('part', 'cohort', 'step', ${at}, 'span', span, 'n', n, 'reached', reached, 'early', early) as row from (
    select ${span} as span, count(*) as n, count(*) filter (where ${took} <= ${within}) as reached,
      count(*) filter (where ${took} <= ${early ?? -1}) as early from ${rows} group by 1) x where span is not null`;
}

/** People by the day on which they came in, with the days up to their first hand-off, as cohort rows. Who had one before is left out. */
export function peopleSql({ params, workspaceId, windows, steps }: PerformanceScope): string | null {
  const own = steps.filter(({ counted }) => counted === 'people');
  if (own.length === 0) return null;
  const ws = params.add(workspaceId);
  const spans: Span[] = [
    windows.before,
    windows.this,
    ...own.flatMap(({ mature }) => (mature === null || mature.from === windows.before.from ? [] : [mature])),
  ];
  const iso = (day: number) => `${params.add(new Date(day * 86_400_000).toISOString().slice(0, 10))}::text`;
  const day = `(coalesce(p.fields ->> 'created_date', to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD')) collate "C")`;
  const came = spans.map(({ from, to }) => `(${day} >= ${iso(from)} and ${day} < ${iso(to)})`).join(' or ');
  const [earliest, latest] = [iso(Math.min(...spans.map(({ from }) => from))), iso(windows.this.to)];
  const rows = own.map((step) =>
    cohortRow(steps.indexOf(step), spanSql('p.entered', windows, step.mature), 'p where p.took is null or p.took >= 0', {
      took: 'p.took',
      ...step,
    }),
  );
  const first = (whose: string) =>
    `select min(h.handed_at) as handed_at from hand_off h where h.workspace_id = ${ws} and h.person_id = ${whose} offset 0`;
  // the bounds of all spans come first: they leave out most people for a look
  return `with came as materialized (
      select p.id, ${day} as day from person p
      where p.workspace_id = ${ws} and p.merged_into is null and ${day} >= ${earliest} and ${day} < ${latest} and (${came}) and ${day} ~ '^\\d{4}-\\d{2}-\\d{2}$'),
    p as materialized (
      select c.entered, ${daySql('least(own.handed_at, alias.handed_at)')} - c.entered as took
      from (select id, day::date - date '1970-01-01' as entered from came) c
      left join lateral (${first('c.id')}) own on true
      left join lateral (select min(h.handed_at) as handed_at from person m cross join lateral (${first('m.id')}) h
        where m.workspace_id = ${ws} and m.merged_into = c.id offset 0) alias on true)
    ${rows.join('\n union all ')}`;
}
