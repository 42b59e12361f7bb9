import type { MergePolicy } from '../../definitions/core/merge-policy.ts';
import {
  believedAt,
  byKey,
  EVENT,
  entityThen,
  fromEach,
  fromOne,
  type Outlook,
  placesSql,
  VERDICT,
  verdictsSql,
} from '../../records/core/belief-sql.ts';
import { goldenFieldsSql } from '../../records/core/golden-sql.ts';
import { seenColumns, whomCtes } from '../../records/core/whom-sql.ts';
import { selected } from './selection-sql.ts';
import type { SubjectScope } from './subject-sql.ts';

/** The instant up to which things count as known, within a statement that looks back from one. */
export const THEN = '(select known_at from clock)';

interface HistoryScope extends SubjectScope {
  source: Extract<SubjectScope['source'], { policy: MergePolicy }>;
  /** A condition on a row `e` of event: whether it can count. */
  relevant: string;
}

/**
 * What was believed at `clock.known_at`, or from each `standpoint`: who was whom, memberships, golden values and the events of everything the
 * subjects touch. Ends in `whom`. All is looked up by the keys of what came before, a step at a time.
 */
export function historyCtes(scope: HistoryScope): string[] {
  const { params } = scope;
  const ws = params.add(scope.workspaceId);
  const outlook = scope.source.mode === 'standpoints' ? fromEach(ws) : fromOne({ ws, believed: believedAt(THEN) });
  const { columns, key, believed } = outlook;
  const aliases = (kind: 'account' | 'person', of: string) => aliasesOf(outlook, kind, of);
  const ctes = [`verdict as materialized (${verdictsSql(ws)})`, ...nodeCtes(scope, outlook)];

  // whoever was ever believed to belong there, and all that were the same person then: an event may name one, and the account another
  ctes.push(`folk as materialized (select ${columns('n')}pa.person_id as node_id
  from account_node n ${byKey('person_account', 'pa', `pa.workspace_id = ${ws} and pa.account_id = n.node_id`)}
  union select ${columns('n')}v.person_id from account_node n join verdict v on v.account_id = n.node_id and ${believed('n')('v', VERDICT)})`);
  ctes.push(`folk_entity as materialized (select distinct ${columns('f')}coalesce(im.entity_id, f.node_id) as node_id
  from folk f ${entityThen('im', 'person', 'f.node_id', { outlook, of: 'f' })})`);
  ctes.push(`named_person as materialized (select * from folk union select * from folk_entity union ${aliases('person', 'folk_entity')}
  ${scope.kind === 'lead' ? 'union select node_id from lead_node' : ''})`);
  // ids by which one of them was ever identified: their anonymous events may count for somebody else today
  const identified = (column: string) => `select ${columns('n')}i.anonymous_id from named_person n
  ${byKey('event', 'i', `i.workspace_id = ${ws} and i.${column} = n.node_id and i.anonymous_id is not null and i.anonymous is null`)}`;
  ctes.push(`device as materialized (${identified('person_id')} union ${identified('named_person_id')})`);
  ctes.push(`claimed as materialized (select distinct ${columns('n')}ad.domain
  from account_node n ${byKey('account_domain', 'ad', `ad.workspace_id = ${ws} and ad.account_id = n.node_id`)})`);
  const found = (from: string, value: string, column: string) => `select ${columns('n')}${seenColumns('e')}, e.occurred_day, e.type
  from ${from} n ${byKey('event', 'e', `e.workspace_id = ${ws} and e.${column} = n.${value}`)}
  where ${believed('n')('e', EVENT)} and ${scope.relevant}`;
  const ways = [
    found('named_person', 'node_id', 'person_id'),
    found('named_person', 'node_id', 'named_person_id'),
    found('account_node', 'node_id', 'named_account_id'),
    found('device', 'anonymous_id', 'anonymous_id'),
    found('claimed', 'domain', 'domain'),
  ];
  ctes.push(`seen as materialized (select distinct on (${key('e')}e.id, e.recorded_at) e.* from (${ways.join('\n  union all ')}) e)`);
  return [...ctes, ...whomCtes(outlook)];
}

/** A SELECT of the nodes that counted as the entities of a CTE. */
function aliasesOf({ ws, columns, believed }: Outlook, kind: 'account' | 'person', of: string): string {
  const where = `im.workspace_id = ${ws} and im.kind = '${kind}' and im.entity_id = n.node_id and ${believed('n')('im')}`;
  return `select ${columns('n')}im.node_id from ${of} n ${byKey('identity_member', 'im', where)}`;
}

/** The nodes of the subjects' accounts and their golden values; of leads theirs too, and the account of each. */
function nodeCtes(scope: HistoryScope, outlook: Outlook): string[] {
  const { params, workspaceId, asOfDay } = scope;
  const { ws, columns } = outlook;
  const golden = (kind: 'account' | 'person', nodes: string) => {
    const of = { params, workspaceId, entity: kind, policy: scope.source.policy, fields: scope.fields[kind] };
    return goldenFieldsSql(
      scope.source.mode === 'standpoints'
        ? {
            ...of,
            entities: 'true',
            standpoints: 'select n.asked as id, n.node_id, n.known_at, n.day from account_node n',
            knownAt: 'k.known_at',
            asOfDay: 'k.day',
          }
        : {
            ...of,
            // as an array: a subquery would keep the planner from the index
            entities: `o.entity_id = any(array(select node_id from ${nodes}))`,
            knownAt: THEN,
            asOfDay,
            grouped: { kind, believed: believedAt(THEN) },
          },
    );
  };
  const ctes = [];
  if (scope.kind === 'lead') {
    const own = `select p.id as entity_id, p.id as node_id from person p where p.workspace_id = ${ws} and ${selected('p.id', scope)}`;
    const aliases = `select im.entity_id, im.node_id from identity_member im
  where im.workspace_id = ${ws} and im.kind = 'person' and ${selected('im.entity_id', scope)} and ${believedAt(THEN)('im')}`;
    ctes.push(`lead_node as materialized (${own} union all ${aliases})`);
    ctes.push(`member as materialized (select l.entity_id as person_id, coalesce(ia.entity_id, l.account_id) as account_id
  from (${placesSql('select entity_id, node_id from lead_node', outlook)}) l ${entityThen('ia', 'account', 'l.account_id', { outlook, of: 'l' })})`);
    ctes.push(`asked_account as materialized (select distinct account_id as node_id from member)`);
    ctes.push(`golden_person as (${golden('person', 'lead_node')})`);
  } else ctes.push(`asked_account as materialized (${givenAccounts(scope, columns('s'))})`);
  ctes.push(`account_node as materialized (select * from asked_account union all ${aliasesOf(outlook, 'account', 'asked_account')})`);
  ctes.push(`golden_account as (${golden('account', 'account_node')})`);
  return ctes;
}

function givenAccounts({ params, selection, workspaceId }: HistoryScope, columns: string): string {
  if (selection === undefined) return `select ${columns}s.entity as node_id from standpoint s`;
  // of one, the planner knows it without its parameters, and so keeps its plan
  if ('ids' in selection && selection.ids.length === 1) return `select ${params.add(selection.ids[0] ?? '')}::uuid as node_id`;
  if ('ids' in selection) return `select * from unnest(${params.uuids(selection.ids)}) as given(node_id)`;
  return `select a.id as node_id from account a where a.workspace_id = ${params.add(workspaceId)} and ${selected('a.id', { params, selection })}`;
}
