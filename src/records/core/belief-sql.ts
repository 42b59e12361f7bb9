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
  return `left join identity_member ${row} on ${entityOf(row, kind, node, { ws, believed })}`;
}

const entityOf = (row: string, kind: 'account' | 'person', node: string, { ws, believed }: BeliefScope) =>
  `${row}.workspace_id = ${ws} and ${row}.kind = '${kind}' and ${row}.node_id = ${node} and ${believed(row)}`;

/** A join of each row by itself to those of a table, by an index: whatever the planner takes the table for, it does not read all of it. */
export const byKey = (table: string, row: string, where: string, join: 'join' | 'left join' = 'join') =>
  `${join} lateral (select ${row}.* from ${table} ${row} where ${where} offset 0) ${row} on true`;

/**
 * From where a statement looks: all of it from one instant, or each row from the standpoint of which it is. Then the rows of what is looked at
 * carry the standpoint's number among those asked for, its instant and its day.
 */
export interface Outlook {
  ws: string;
  /** The columns that tell a row's standpoint, before others in a list. */
  columns(row: string): string;
  /** The one among them that tells standpoints apart. */
  key(row: string): string;
  /** A condition, after others, that two rows are of one standpoint. */
  same(one: string, other: string): string;
  believed(row: string): Believed;
  /** A join to the rows of a table that belong to each: of a few standpoints at a time, each is looked up. */
  join(table: string, row: string, where: string, join?: 'join' | 'left join'): string;
}

export const fromOne = ({ ws, believed }: BeliefScope): Outlook => ({
  ws,
  columns: () => '',
  key: () => '',
  same: () => '',
  believed: () => believed,
  join: (table, row, where, join = 'join') => `${join} ${table} ${row} on ${where}`,
});

export const fromEach = (ws: string): Outlook => ({
  ws,
  columns: (row) => `${row}.asked, ${row}.known_at, ${row}.day, `,
  key: (row) => `${row}.asked, `,
  same: (one, other) => ` and ${one}.asked = ${other}.asked`,
  believed: (row) => believedAt(`${row}.known_at`),
  join: byKey,
});

/** `entityJoin` of a node of the row `of`. */
export function entityThen(
  row: string,
  kind: 'account' | 'person',
  node: string,
  { outlook, of }: { outlook: Outlook; of: string },
): string {
  const where = entityOf(row, kind, node, { ws: outlook.ws, believed: outlook.believed(of) });
  return outlook.join('identity_member', row, where, 'left join');
}

/** What orders memberships by their evidence. */
export const strongestFirst = (row: string) => `array_position('{record,domain,match}'::text[], ${row}.evidence)`;

/** Of decisions: from when they were made until they were taken back. */
export const VERDICT: BeliefColumns = ['recorded_at', 'undone_at'];

/**
 * A SELECT of (person_id, account_id, verb, recorded_at, ordinal, undone_at): what people decided about leads and their accounts, by the nodes
 * that they named, and whether they took it back.
 */
export function verdictsSql(ws: string): string {
  return `select p.node_id as person_id, a.node_id as account_id, v.verb, v.recorded_at, v.ordinal, v.undone_at
    from (
      select d.id, d.verb, d.recorded_at, d.ordinal,
        (select min(u.recorded_at) from identity_decision u where u.workspace_id = ${ws} and u.undoes = d.id) as undone_at
      from identity_decision d where d.workspace_id = ${ws} and d.kind = 'lead' and d.verb in ('must_link', 'cannot_link', 'related')) v
    join identity_side p on p.workspace_id = ${ws} and p.decision_id = v.id and p.side = 0
    join identity_side a on a.workspace_id = ${ws} and a.decision_id = v.id and a.side = 1`;
}

/**
 * A SELECT of (entity_id, account_id): the node of the account that each person belongs to. What a person decided of one of its nodes comes
 * first, the latest such decision; then, of what is believed of the nodes, a record's evidence beats a domain's, which beats a matcher's,
 * then the latest wins, then the oldest node's. An account that a person ruled out is left out, whoever names it.
 * @param nodes SQL of the rows (entity_id, node_id) of people and all their nodes, each with its standpoint
 */
export function placesSql(nodes: string, outlook: Outlook): string {
  const { ws, columns, key, same, believed } = outlook;
  return `with verdict as materialized (${verdictsSql(ws)}),
    ruled_out as materialized (
      select ${columns('m')}m.entity_id, coalesce(vi.entity_id, v.account_id) as account_id
      from verdict v join (${nodes}) m on m.node_id = v.person_id ${entityThen('vi', 'account', 'v.account_id', { outlook, of: 'm' })}
      where v.verb <> 'must_link' and ${believed('m')('v', VERDICT)}),
    belonging as (
      select ${columns('n')}n.entity_id, pa.account_id, ${strongestFirst('pa')} as rank, pa.believed_from as since, 0 as ordinal, p.created_at, p.id
      from (${nodes}) n
      ${outlook.join('person_account', 'pa', `pa.workspace_id = ${ws} and pa.person_id = n.node_id and ${believed('n')('pa')}`)}
      ${outlook.join('person', 'p', `p.workspace_id = ${ws} and p.id = n.node_id`)}
      union all
      select ${columns('n')}n.entity_id, v.account_id, 0, v.recorded_at, v.ordinal, v.recorded_at, n.node_id
      from verdict v join (${nodes}) n on n.node_id = v.person_id where v.verb = 'must_link' and ${believed('n')('v', VERDICT)})
    select distinct on (${key('c')}c.entity_id) ${columns('c')}c.entity_id, c.account_id
    from belonging c
    where not exists (
      select 1 from ruled_out r where r.entity_id = c.entity_id${same('r', 'c')} and r.account_id = coalesce((
        select ci.entity_id from identity_member ci
        where ci.workspace_id = ${ws} and ci.kind = 'account' and ci.node_id = c.account_id and ${believed('c')('ci')}), c.account_id))
    order by ${key('c')}c.entity_id, c.rank, c.since desc, c.ordinal desc, c.created_at, c.id`;
}
