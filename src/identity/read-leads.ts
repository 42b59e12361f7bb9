import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { nodeColumns, nodeRows, withOwnFields } from './read-nodes.ts';

/** A lead with what a matcher decided of it last. */
export interface DecidedLead {
  node: string;
  entity: string;
  /** As what it was read: when it was decided about, and when it last changed. */
  stand: string;
  decision: 'match' | 'review' | 'none';
  /** What the account that was found counts as today, and the one that was next. */
  account: string | null;
  runnerUp: string | null;
  /** Verdicts by which other accounts were left out. */
  heeded: string[];
  /** What the account counts as that its own record, its domain or a matcher put it in. */
  memberOf: string | null;
  /** It came in or changed since. */
  isNew: boolean;
  /** The same person came in again later, as another lead, and belongs to what was found of that one. */
  isOutdone: boolean;
  /** What its own sources say. */
  fields: Record<string, unknown>;
}

/** The least id: before all leads. */
export const FIRST = '00000000-0000-0000-0000-000000000000';
const PAGE = 1000;

const rows = z.array(
  nodeRows.element.extend({
    stand: z.string(),
    decision: z.enum(['match', 'review', 'none']),
    account: z.string().nullable(),
    runner_up: z.string().nullable(),
    heeded: z.array(z.string()),
    member_of: z.string().nullable(),
    is_new: z.boolean(),
    is_outdone: z.boolean(),
  }),
);

/** The next leads in the order of their ids. @param since after which one is new; null where all are */
export async function leadsAfter(tx: Tx, ctx: Context, after: string, since: string | null): Promise<DecidedLead[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const from = `${params.add(since)}::timestamptz`;
  const came = (person: string) =>
    `(select max(t.recorded_at) from lead_match t where t.workspace_id = ${ws} and t.person_id = ${person} and t.evidence->>'known_at' is null)`;
  const entity = 'coalesce(n.merged_into, n.id)';
  const others = ['id', 'merged_into'].map(
    (column) => `select t.id from person t where t.workspace_id = ${ws} and t.${column} = ${entity}`,
  );
  const isOutdone = `(n.merged_into is not null or n.own_name_key is not null) and exists (
      select 1 from (${others.join(' union all ')}) o
      join person_account b on b.workspace_id = ${ws} and b.person_id = o.id and b.believed_to is null and b.evidence = 'match'
      where o.id <> n.id and ${came('o.id')} > ${came('n.id')})`;
  const account = (id: string) =>
    `(select coalesce(t.merged_into, t.id)::text from account t where t.workspace_id = ${ws} and t.id = ${id})`;
  const read = rows.parse(
    await tx.query(
      `select ${nodeColumns(ws)}, concat(m.recorded_at, ' ', n.changed_at) as stand, m.decision,
         ${account('m.account_id')} as account, ${account('m.runner_up')} as runner_up, m.heeded, ${account('b.account_id')} as member_of,
         ${from} is null or m.known_at > ${from} or (n.changed_at > ${from} and n.changed_at <> m.recorded_at) as is_new, ${isOutdone} as is_outdone
       from (
         select distinct on (person_id) person_id, recorded_at, decision, account_id, (evidence->'runner_up'->>'entity')::uuid as runner_up,
           coalesce(evidence->'heeded', '[]') as heeded, coalesce((evidence->>'known_at')::timestamptz, recorded_at) as known_at
         from lead_match where workspace_id = ${ws} and person_id > ${params.add(after)}::uuid
         order by person_id, recorded_at desc limit ${PAGE}) m
       cross join lateral (
         select id, merged_into, own_name_key, changed_at, fields from person t where t.workspace_id = ${ws} and t.id = m.person_id offset 0) n
       left join lateral (
         select account_id from person_account t where t.workspace_id = ${ws} and t.person_id = m.person_id and t.believed_to is null offset 0) b on true
       order by m.person_id`,
      params.values,
    ),
  );
  const own = await withOwnFields(tx, ctx, 'person', read);
  return read.map(
    ({ id, entity_id, stand, decision, account, runner_up, heeded, member_of, is_new, is_outdone }, i): DecidedLead => ({
      node: id,
      entity: entity_id,
      stand,
      decision,
      account,
      runnerUp: runner_up,
      heeded,
      memberOf: member_of,
      isNew: is_new,
      isOutdone: is_outdone,
      fields: own[i]?.fields ?? {},
    }),
  );
}

const standRows = z.array(z.object({ id: z.string(), stand: z.string() }));

/** As what leads are read now. */
export async function latestOf(tx: Tx, ctx: Context, leads: readonly { node: string }[]): Promise<Map<string, string>> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = await tx.query(
    `select p.id::text, concat((select max(m.recorded_at) from lead_match m where m.workspace_id = ${ws} and m.person_id = p.id), ' ', p.changed_at) as stand
     from unnest(${params.uuids(leads.map(({ node }) => node))}) k(id)
     cross join lateral (select id, changed_at from person t where t.workspace_id = ${ws} and t.id = k.id offset 0) p`,
    params.values,
  );
  return new Map(standRows.parse(rows).map(({ id, stand }) => [id, stand]));
}
