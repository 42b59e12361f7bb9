import type { Attribution } from '../../definitions/core/attribution.ts';
import type { ReviewPeriod } from '../../handoff/core/review-period.ts';
import { isoFromDay } from '../../kernel/dates.ts';
import { SqlParams } from '../../kernel/sql-params.ts';
import { EVERY } from './period.ts';

/** Since what tick of the knowledge clock (ISO 8601), and for which period, it is counted what was recorded. */
export interface ReasonScope {
  workspaceId: string;
  since: string;
  period: ReviewPeriod;
  attribution: Pick<Attribution, 'channels' | 'lookback_days'>;
}

export interface Statement {
  text: string;
  params: SqlParams['values'];
}

/** Selects a number `n`. */
type Count = (scope: ReasonScope) => Statement;

const statement = (scope: ReasonScope, write: (at: { ws: string; known: string; params: SqlParams }) => string): Statement => {
  const params = new SqlParams();
  const text = write({ ws: params.add(scope.workspaceId), known: `${params.add(scope.since)}::timestamptz`, params });
  return { text, params: params.values };
};

/** Events that earn credit, of the period or as far before it as credit reaches. */
export const lateTouches: Count = (scope) =>
  statement(scope, ({ ws, known, params }) => {
    const { attribution, period } = scope;
    const types = params.texts(attribution.channels.flatMap((channel) => channel.types));
    return `select count(*) as n from event e where e.workspace_id = ${ws} and e.recorded_at > ${known} and e.superseded_at is null and e.type = any(${types})
      and e.occurred_day >= ${params.add(period.from - attribution.lookback_days)}::int and e.occurred_day < ${params.add(period.to)}::int`;
  });

/** Merges and splits, devices that tell nobody apart, and verdicts on a lead's account. What only binds later merges is noted beside them, and counts for nobody. */
export const stitchedPeople: Count = (scope) =>
  statement(
    scope,
    ({ ws, known }) =>
      `select count(*) as n from identity_decision d where d.workspace_id = ${ws} and d.recorded_at > ${known} and (
         (d.kind in ('account', 'person') and (d.verb in ('merged', 'unmerged') or d.identifier_kind = 'device'))
         or (d.kind = 'lead' and (d.verb <> 'withdrawn' or not exists (select from identity_decision o
           where o.workspace_id = ${ws} and o.kind = 'lead' and o.recorded_at = d.recorded_at and o.verb <> 'withdrawn'))))`,
  );

/** What of a deal its figures are counted of. */
const DEAL = ['stage', 'amount', 'currency', 'created_date', 'close_date', 'is_closed', 'is_won', 'lead_source'];

/** Deals that are new. */
export const newDeals: Count = (scope) => statement(scope, (at) => `${dealsOf(scope, at)} and o.created_at > ${at.known}`);

/** Deals of which a source says otherwise than it said last before; another name or owner of a deal changes no figure. */
export const changedDeals: Count = (scope) =>
  statement(scope, (at) => {
    const { ws, known, params } = at;
    return `${dealsOf(scope, at)} and o.created_at <= ${known} and exists (
      select from observation s where s.workspace_id = ${ws} and s.entity_id = o.id and s.recorded_at > ${known} and exists (
        select from unnest(${params.texts(DEAL)}) k(key) where s."values" ? k.key and s."values" -> k.key is distinct from (
          select b."values" -> k.key from observation b where b.workspace_id = ${ws} and b.entity_id = o.id and b.recorded_at <= ${known}
            and b.source = s.source and b."values" ? k.key order by b.recorded_at desc, b.ordinal desc limit 1)))`;
  });

/** Deals touched since that were opened or closed in the period by what anybody ever said of them; of a quarter, whose window is longer, also earlier ones. */
function dealsOf({ period }: ReasonScope, { ws, known, params }: { ws: string; known: string; params: SqlParams }): string {
  const from = params.add(period.every === EVERY.quarterly ? '0000' : isoFromDay(period.from));
  const to = params.add(isoFromDay(period.to));
  const during = (key: string) => `(s."values" ->> '${key}' collate "C" >= ${from} and s."values" ->> '${key}' collate "C" < ${to})`;
  return `select count(*) as n from opportunity o where o.workspace_id = ${ws} and o.changed_at > ${known}
    and exists (select from observation s where s.workspace_id = ${ws} and s.entity_id = o.id and (${during('created_date')} or ${during('close_date')}))`;
}

/** Hand-offs that were open in the period, or handed off in it, and had an event since. */
export const lateDispositions: Count = (scope) =>
  statement(scope, ({ ws, known, params }) => {
    const [from, to] = [isoFromDay(scope.period.from), isoFromDay(scope.period.to)].map((day) => `${params.add(day)}::timestamptz`);
    return `select count(*) as n from hand_off h where h.workspace_id = ${ws} and h.changed_at >= ${from} and h.handed_at < ${to}
      and exists (select from hand_off_event e where e.workspace_id = ${ws} and e.hand_off_id = h.id and e.recorded_at > ${known})`;
  });

/** People and accounts that are new, or of which other facts hold. */
export const changedRecords: Count = (scope) =>
  statement(
    scope,
    ({ ws, known }) => `select (select count(*) from person p where p.workspace_id = ${ws} and p.changed_at > ${known})
      + (select count(*) from account a where a.workspace_id = ${ws} and a.changed_at > ${known}) as n`,
  );
