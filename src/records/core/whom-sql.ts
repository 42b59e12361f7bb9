import { type BeliefScope, entityJoin, placesSql, verdictsSql } from './belief-sql.ts';
import { deviceCtes } from './device-sql.ts';

/**
 * Whom an event counts for. The person: whom the named one was merged into, else the named one; of an event that named nobody but carries
 * an anonymous id, whom that id was identified with (device-sql.ts). The account: the person's, else the
 * named one, else the one that claims the domain, each as what it was merged into.
 */
const account = (persons: string, named: string, claims: string) => `coalesce(${persons}, ${named}, ${claims})`;

export interface Whom {
  joins: string;
  personId: string;
  accountId: string;
}

/**
 * The rule over today's projections of people and accounts, for rows `event` with named_account_id and domain.
 * @param node SQL of the person that the event names
 * @param merged whether any account was merged: if none was, nobody looks for what it was merged into
 */
export function whomToday({ ws, event, node, merged }: { ws: string; event: string; node: string; merged: boolean }): Whom {
  const answering = (row: string, id: string) => (merged ? `coalesce(${row}.merged_into, ${id})` : id);
  // row by row, whatever the planner takes the tables for: they may have grown a moment ago
  const one = (select: string, table: string, where: string, alias: string) =>
    `left join lateral (select ${select} from ${table} t where t.workspace_id = ${ws} and ${where} offset 0) ${alias} on true`;
  const accounts = !merged
    ? []
    : [
        one('t.merged_into', 'account', `t.id = ${event}.named_account_id`, 'named'),
        one('t.merged_into', 'account', 't.id = d.account_id', 'claimant'),
      ];
  return {
    joins: [
      one('t.account_id, t.merged_into', 'person', `t.id = ${node}`, 'p'),
      one('t.account_id', 'account_domain', `t.domain = ${event}.domain and t.believed_to is null`, 'd'),
      ...accounts,
    ].join('\n     '),
    personId: `coalesce(p.merged_into, ${node})`,
    accountId: account('p.account_id', answering('named', `${event}.named_account_id`), answering('claimant', 'd.account_id')),
  };
}

/** The person that a row of `event` named itself. */
export const namedPerson = (event: string) =>
  `case when ${event}.anonymous then null else coalesce(${event}.named_person_id, ${event}.person_id) end`;

/** What `whomCtes` has to know of a row of `event`: its key, the person it named, and the anonymous id of one that named nobody. */
export const seenColumns = (event: string) =>
  `${event}.id, ${event}.recorded_at, ${namedPerson(event)} as named, ${event}.source,
    case when ${event}.anonymous then ${event}.anonymous_id end as device, ${event}.named_account_id, ${event}.domain`;

/**
 * The rule over the logs, as CTEs that end in `whom`: the rows of `seen` (`seenColumns` and more) with node, person_id and account_id as they
 * were believed.
 */
export function whomCtes(scope: BeliefScope): string[] {
  const { ws, believed } = scope;
  return [
    ...deviceCtes({
      ws,
      devices: 'select distinct source, device as anonymous_id from seen where device is not null',
      believed,
      node: namedPerson,
      entity: (row) => `coalesce(di.entity_id, ${namedPerson(row)})`,
      joins: (row) => entityJoin('di', 'person', namedPerson(row), scope),
    }),
    `traced as materialized (
  select s.*, coalesce(s.named, dp.node) as node from seen s left join device_person dp on dp.id = s.id and dp.recorded_at = s.recorded_at)`,
    `mate as materialized (
  with whoever as materialized (select distinct coalesce(ip.entity_id, s.node) as entity_id from traced s ${entityJoin('ip', 'person', 's.node', scope)})
  select im.entity_id, im.node_id from identity_member im
  where im.workspace_id = ${ws} and im.kind = 'person' and ${believed('im')} and im.entity_id in (select entity_id from whoever)
  union
  select coalesce(iv.entity_id, v.person_id), v.person_id from (${verdictsSql(scope)}) v ${entityJoin('iv', 'person', 'v.person_id', scope)}
  where coalesce(iv.entity_id, v.person_id) in (select entity_id from whoever))`,
    `placed as materialized (${placesSql('select entity_id, node_id from mate union select entity_id, entity_id from mate', scope)})`,
    `whom as materialized (
  select w.*, coalesce(ia.entity_id, w.account_node) as account_id
  from (
    select s.*, coalesce(ip.entity_id, s.node) as person_id,
      ${account('case when shared.entity_id is null then m.account_id else placed.account_id end', 's.named_account_id', 'd.account_id')} as account_node
    from traced s
    ${entityJoin('ip', 'person', 's.node', scope)}
    left join (select distinct entity_id from mate) shared on shared.entity_id = coalesce(ip.entity_id, s.node)
    left join placed on placed.entity_id = shared.entity_id
    left join person_account m on m.workspace_id = ${ws} and m.person_id = s.node and ${believed('m')}
    left join account_domain d on d.workspace_id = ${ws} and d.domain = s.domain and ${believed('d')}
  ) w ${entityJoin('ia', 'account', 'w.account_node', scope)})`,
  ];
}
