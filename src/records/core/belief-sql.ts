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

/**
 * A SELECT of (entity_id, account_id): the node of the account that each person belongs to. Of what is believed of a person's
 * nodes a record's evidence beats a domain's, which beats a matcher's, then the latest wins, then the oldest node's.
 * @param nodes SQL of the rows (entity_id, node_id) of people and all their nodes
 */
export function placesSql(nodes: string, { ws, believed }: BeliefScope): string {
  return `select distinct on (n.entity_id) n.entity_id, pa.account_id
    from (${nodes}) n
    join person_account pa on pa.workspace_id = ${ws} and pa.person_id = n.node_id and ${believed('pa')}
    join person p on p.workspace_id = ${ws} and p.id = n.node_id
    order by n.entity_id, ${strongestFirst('pa')}, pa.believed_from desc, p.created_at, p.id`;
}
