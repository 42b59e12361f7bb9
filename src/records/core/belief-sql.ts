/** A condition that a row of beliefs, by its alias in the statement, was believed. */
export type Believed = (row: string, of?: BeliefColumns) => string;

/** Where a row says from when and until when it was believed. */
export type BeliefColumns = readonly [from: string, to: string];
const MEMBERSHIP: BeliefColumns = ['believed_from', 'believed_to'];
/** Of events: from when they were recorded until they were corrected. */
export const EVENT: BeliefColumns = ['recorded_at', 'superseded_at'];

/** What is believed today. */
export const believedNow: Believed = (row, [, to] = MEMBERSHIP) => `${row}.${to} is null`;

/** What was believed at an instant, given as SQL. */
export function believedAt(instant: string): Believed {
  return (row, [from, to] = MEMBERSHIP) => `${row}.${from} <= ${instant} and (${row}.${to} is null or ${row}.${to} > ${instant})`;
}

export interface BeliefScope {
  /** Placeholder of the workspace's id. */
  ws: string;
  believed: Believed;
}

/** A LEFT JOIN to the entity that a node counted as; without a row it counts as itself. */
export function entityJoin(row: string, kind: 'account' | 'person', node: string, { ws, believed }: BeliefScope): string {
  return `left join identity_member ${row} on ${row}.workspace_id = ${ws} and ${row}.kind = '${kind}' and ${row}.node_id = ${node} and ${believed(row)}`;
}

/** What orders memberships by their evidence. */
export const strongestFirst = (row: string) => `array_position('{record,domain,match}'::text[], ${row}.evidence)`;

/** Of decisions: from when they were made until they were taken back. */
const VERDICT: BeliefColumns = ['recorded_at', 'undone_at'];

/**
 * A SELECT of (person_id, account_id, verb, recorded_at, ordinal): what people decided about leads and their accounts, by the nodes that
 * they named.
 */
export function verdictsSql({ ws, believed }: BeliefScope): string {
  return `select p.node_id as person_id, a.node_id as account_id, v.verb, v.recorded_at, v.ordinal
    from (
      select d.id, d.verb, d.recorded_at, d.ordinal,
        (select min(u.recorded_at) from identity_decision u where u.workspace_id = ${ws} and u.undoes = d.id) as undone_at
      from identity_decision d where d.workspace_id = ${ws} and d.kind = 'lead' and d.verb in ('must_link', 'cannot_link', 'related')) v
    join identity_side p on p.workspace_id = ${ws} and p.decision_id = v.id and p.side = 0
    join identity_side a on a.workspace_id = ${ws} and a.decision_id = v.id and a.side = 1
    where ${believed('v', VERDICT)}`;
}

/**
 * A SELECT of (entity_id, account_id): the node of the account that each person belongs to. What a person decided of one of its nodes comes
 * first, the latest such decision; then, of what is believed of the nodes, a record's evidence beats a domain's, which beats a matcher's,
 * then the latest wins, then the oldest node's. An account that a person ruled out is left out, whoever names it.
 * @param nodes SQL of the rows (entity_id, node_id) of people and all their nodes
 */
export function placesSql(nodes: string, scope: BeliefScope): string {
  const { ws, believed } = scope;
  return `with verdict as materialized (${verdictsSql(scope)}),
    ruled_out as materialized (
      select m.entity_id, coalesce(vi.entity_id, v.account_id) as account_id
      from verdict v join (${nodes}) m on m.node_id = v.person_id ${entityJoin('vi', 'account', 'v.account_id', scope)}
      where v.verb <> 'must_link'),
    place as (
      select n.entity_id, pa.account_id, ${strongestFirst('pa')} as rank, pa.believed_from as since, 0 as ordinal, p.created_at, p.id
      from (${nodes}) n
      join person_account pa on pa.workspace_id = ${ws} and pa.person_id = n.node_id and ${believed('pa')}
      join person p on p.workspace_id = ${ws} and p.id = n.node_id
      union all
      select n.entity_id, v.account_id, 0, v.recorded_at, v.ordinal, v.recorded_at, n.node_id
      from verdict v join (${nodes}) n on n.node_id = v.person_id where v.verb = 'must_link')
    select distinct on (c.entity_id) c.entity_id, c.account_id
    from place c
    where not exists (
      select 1 from ruled_out r where r.entity_id = c.entity_id and r.account_id = coalesce((
        select ci.entity_id from identity_member ci
        where ci.workspace_id = ${ws} and ci.kind = 'account' and ci.node_id = c.account_id and ${believed('ci')}), c.account_id))
    order by c.entity_id, c.rank, c.since desc, c.ordinal desc, c.created_at, c.id`;
}
