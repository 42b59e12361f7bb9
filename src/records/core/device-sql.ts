import { type BeliefColumns, EVENT, type Outlook } from './belief-sql.ts';

/**
 * People that one anonymous id may be identified with; seen with more, it is of a shared device or a kiosk and tells of nobody. A
 * household's or a desk's worth: as many as the matcher lets share one address.
 */
export const MOST_DEVICE_PEOPLE = 3;

/** What was said of an id: the latest word is in force. */
const SAID: BeliefColumns = ['recorded_at', 'never'];

export interface DeviceScope {
  outlook: Outlook;
  /** A SELECT of the anonymous ids (source, anonymous_id), each once from its standpoint. */
  devices: string;
  /** SQL of the person that a row named, null for an anonymous one; and of whom that person counted as, with the joins it needs. */
  node: (row: string) => string;
  entity: (row: string) => string;
  /** @param of the row that has the standpoint */
  joins: (row: string, of: string) => string;
}

/**
 * CTEs that end in `device_person` (id, recorded_at, node, entity_id): whom each anonymous event of some anonymous ids counts for. Whoever
 * the id was identified with last before the event; before anyone was, the first thereafter ("device split", as Adobe Customer Journey
 * Analytics has it for shared devices). An id that was identified with more than MOST_DEVICE_PEOPLE is left out, and one that a person
 * said tells nobody apart. Of events that are not anonymous those count that are believed; of anonymous ones all take part.
 */
export function deviceCtes({ outlook, devices, node, entity, joins }: DeviceScope): string[] {
  const { ws, columns, key, same, believed } = outlook;
  return [
    // an id says the same of the device at whatever source
    `device_said as materialized (
  select distinct on (${key('g')}d.identifier) ${columns('g')}d.identifier, d.verb
  from (select distinct ${columns('d')}d.anonymous_id from (${devices}) d) g
  ${outlook.join('(select *, null::timestamptz as never from identity_decision)', 'd', `d.workspace_id = ${ws} and d.identifier_kind = 'device' and d.identifier = g.anonymous_id`)}
  where ${believed('g')('d', SAID)} order by ${key('g')}d.identifier, d.recorded_at desc, d.ordinal desc)`,
    `device_event as materialized (
  select ${columns('d')}e.id, e.recorded_at, e.source, e.anonymous_id, e.occurred_at, ${node('e')} as node, case when ${node('e')} is not null then ${entity('e')} end as entity_id
  from (${devices}) d cross join lateral (
    select * from event t where t.workspace_id = ${ws} and t.anonymous_id = d.anonymous_id and t.source = d.source offset 0) e
  ${joins('e', 'd')} where e.anonymous or ${believed('d')('e', EVENT)})`,
    // identified for the n-th time, and after which of these times
    `device_time as materialized (
  select d.*, count(d.node) over (partition by ${key('d')}d.source, d.anonymous_id order by d.occurred_at, (d.node is null), d.id, d.recorded_at
    rows unbounded preceding) as time
  from device_event d)`,
    `device_person as materialized (
  select ${columns('a')}a.id, a.recorded_at, i.node, i.entity_id
  from device_time a
  join device_time i on i.source = a.source and i.anonymous_id = a.anonymous_id and i.node is not null and i.time = greatest(a.time, 1)${same('i', 'a')}
  where a.node is null and (${key('a')}a.source, a.anonymous_id) in (
    select ${key('d')}d.source, d.anonymous_id from device_event d where d.node is not null
    group by ${key('d')}d.source, d.anonymous_id having count(distinct d.entity_id) <= ${MOST_DEVICE_PEOPLE})
    and not exists (select 1 from device_said s where s.identifier = a.anonymous_id and s.verb = 'suppressed'${same('s', 'a')}))`,
  ];
}
