import { entityThen, type Outlook, placesSql, VERDICT, verdictsSql } from './belief-sql.ts';
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
 * The rule over the logs, as CTEs that end in `whom`: the rows of `seen` (`seenColumns` and more, and the standpoint of each) with node,
 * person_id and account_id as they were believed. People and domains are looked up once, and not for each of their events.
 */
export function whomCtes(outlook: Outlook): string[] {
  const { ws, columns, key, same, believed } = outlook;
  return [
    ...deviceCtes({
      outlook,
      devices: `select distinct ${columns('s')}s.source, s.device as anonymous_id from seen s where s.device is not null`,
      node: namedPerson,
      entity: (row) => `coalesce(di.entity_id, ${namedPerson(row)})`,
      joins: (row, of) => entityThen('di', 'person', namedPerson(row), { outlook, of }),
    }),
    `traced as materialized (
  select s.*, coalesce(s.named, dp.node) as node from seen s
  left join device_person dp on dp.id = s.id and dp.recorded_at = s.recorded_at${same('dp', 's')})`,
    `who as materialized (
  select w.*, coalesce(ip.entity_id, w.node) as entity_id
  from (select distinct ${columns('s')}s.node from traced s where s.node is not null) w ${entityThen('ip', 'person', 'w.node', { outlook, of: 'w' })})`,
    `mate as materialized (
  with verdict as materialized (${verdictsSql(ws)}),
  whoever as materialized (select distinct ${columns('w')}w.entity_id from who w),
  alias as materialized (
    select ${columns('w')}w.entity_id, im.node_id from whoever w
    ${outlook.join('identity_member', 'im', `im.workspace_id = ${ws} and im.kind = 'person' and im.entity_id = w.entity_id and ${believed('w')('im')}`)})
  select * from alias
  union
  select ${columns('n')}n.entity_id, v.person_id
  from (select * from alias union select ${columns('w')}w.entity_id, w.entity_id from whoever w) n
  join verdict v on v.person_id = n.node_id and ${believed('n')('v', VERDICT)} ${entityThen('iv', 'person', 'v.person_id', { outlook, of: 'n' })}
  where coalesce(iv.entity_id, v.person_id) = n.entity_id)`,
    `placed as materialized (${placesSql(`select * from mate union select ${columns('m')}m.entity_id, m.entity_id from mate m`, outlook)})`,
    `belongs as materialized (
  select ${columns('w')}w.node, w.entity_id, case when shared.entity_id is null then m.account_id else placed.account_id end as account_node
  from who w
  left join (select distinct ${key('m')}m.entity_id from mate m) shared on shared.entity_id = w.entity_id${same('shared', 'w')}
  left join placed on placed.entity_id = shared.entity_id${same('placed', 'shared')}
  ${outlook.join('person_account', 'm', `m.workspace_id = ${ws} and m.person_id = w.node and ${believed('w')('m')}`, 'left join')})`,
    `claim as materialized (
  select ${columns('s')}s.domain, d.account_id as account_node
  from (select distinct ${columns('s')}s.domain from seen s where s.domain is not null) s
  ${outlook.join('account_domain', 'd', `d.workspace_id = ${ws} and d.domain = s.domain and ${believed('s')('d')}`)})`,
    `whom as materialized (
  select w.*, coalesce(ia.entity_id, w.account_node) as account_id
  from (
    select s.*, b.entity_id as person_id, ${account('b.account_node', 's.named_account_id', 'c.account_node')} as account_node
    from traced s
    left join belongs b on b.node = s.node${same('b', 's')}
    left join claim c on c.domain = s.domain${same('c', 's')}
  ) w ${entityThen('ia', 'account', 'w.account_node', { outlook, of: 'w' })})`,
  ];
}
