import type { SqlParams } from '../../kernel/sql-params.ts';
import { believedAt, EVENT, fromOne } from '../../records/core/belief-sql.ts';
import { seenColumns, whomCtes } from '../../records/core/whom-sql.ts';
import type { DealTouch } from './deal.ts';

interface TouchScope {
  params: SqlParams;
  workspaceId: string;
  /** Each deal's account, and the first and last day of its look-back; a deal is told by its place. */
  deals: readonly { accountId: string; first: number; last: number }[];
  /** The event types that are touches. */
  types: readonly string[];
  /** Whether the people are read, and the events' attributes. */
  people: boolean;
  attributes: boolean;
  past: { knownAt: string; asOfDay: number } | undefined;
}

/**
 * A SELECT of (place, touches): the touches of each deal that has one, the earliest first, a line each: milliseconds since 1970, the type,
 * the person or nothing, and the attributes as JSON. One row a deal, for the driver to take a million touches apart by the thousand.
 */
export function touchesSql(scope: TouchScope): string {
  const { params, deals, types } = scope;
  const ws = params.add(scope.workspaceId);
  const kinds = params.texts(types);
  const given = `unnest(${params.integers(deals.map((_, i) => i))}, ${params.uuids(deals.map(({ accountId }) => accountId))},
    ${params.integers(deals.map(({ first }) => first))}, ${params.integers(deals.map(({ last }) => last))}) d(place, account_id, first_day, last_day)`;
  const person = scope.people ? ` || coalesce(e.person_id::text, '')` : '';
  const attributes = scope.attributes ? ` || ' ' || coalesce(e.attributes::text, '')` : '';
  const line = `(date_part('epoch', e.occurred_at) * 1000)::bigint || ' ' || e.type || ' '${person}${attributes}`;
  const touches = `string_agg(${line}, e'\\n' order by e.occurred_at, e.id) as touches`;
  if (scope.past === undefined)
    return `select d.place, t.touches from ${given} cross join lateral (
      select ${touches} from event e where e.workspace_id = ${ws} and e.account_id = d.account_id and e.superseded_at is null
        and e.type = any(${kinds}) and e.occurred_day between d.first_day and d.last_day offset 0) t
      where t.touches is not null`;
  const believed = believedAt(`${params.add(scope.past.knownAt)}::timestamptz`);
  const first = deals.reduce((least, deal) => Math.min(least, deal.first), Number.MAX_SAFE_INTEGER);
  const last = deals.reduce((most, deal) => Math.max(most, deal.last), Number.MIN_SAFE_INTEGER);
  const days = `${params.add(first)}::int and ${params.add(Math.min(last, scope.past.asOfDay))}::int`;
  const ctes = [
    `seen as materialized (select ${seenColumns('e')}, e.occurred_day, e.occurred_at, e.type, e.attributes
      from event e where e.workspace_id = ${ws} and ${believed('e', EVENT)} and e.type = any(${kinds}) and e.occurred_day between ${days})`,
    ...whomCtes(fromOne({ ws, believed })),
  ];
  return `with ${ctes.join(',\n')}
    select d.place, ${touches} from ${given} join whom e on e.account_id = d.account_id and e.occurred_day between d.first_day and d.last_day
    group by d.place`;
}

/** The touches in the text of a row; none where there is no row. */
export function touchesOf(text: string | undefined): DealTouch[] {
  if (text === undefined) return [];
  return text.split('\n').map((line) => {
    const type = line.indexOf(' ');
    const person = line.indexOf(' ', type + 1);
    const attributes = line.indexOf(' ', person + 1);
    const who = line.slice(person + 1, attributes < 0 ? undefined : attributes);
    const said = attributes < 0 ? '' : line.slice(attributes + 1);
    return {
      at: Number(line.slice(0, type)),
      type: line.slice(type + 1, person),
      person: who === '' ? null : who,
      attributes: said === '' ? null : JSON.parse(said),
    };
  });
}
