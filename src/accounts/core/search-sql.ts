import type { Predicate } from '../../definitions/core/predicate.ts';
import { type RecordKind, whereSql } from '../../engagement/core/where-sql.ts';
import type { SqlParams } from '../../kernel/sql-params.ts';

export type SearchSort = 'score' | 'name' | 'changed';

/** The sort key of the last row of a page. */
export type After =
  | { sort: 'score'; rank: number; id: string }
  | { sort: 'name'; nameKey: string | null; id: string }
  | { sort: 'changed'; changedAt: string; id: string };

/** What was typed, in the forms in which it may be stored. */
export interface SearchText {
  /** Each begins a word of the name. */
  words: readonly string[];
  /** Begins the domain of an account or the e-mail of a person. */
  prefix: string | undefined;
  /** A registrable domain that an account may claim besides its own. */
  domain: string | undefined;
  id: string | undefined;
  /** Records with an alias of which the text is found. */
  ofAliases: readonly string[];
}

export interface RecordSearch {
  workspaceId: string;
  kind: RecordKind;
  text: SearchText | undefined;
  tier: string | undefined;
  heat: string | undefined;
  accountId: string | undefined;
  where: Predicate | undefined;
  asOfDay: number;
  /** Whether any record of the kind is an alias: if none is, nobody looks. */
  merged: boolean;
}

/** Unscored records come last, disqualified ones before them. */
const RANK = `coalesce(case s.tier when 'disqualified' then -1 else s.score end, -2)`;

/** The true number of records that match. */
export function countSql(params: SqlParams, search: RecordSearch): string {
  const { merged, ...rest } = search;
  const { text, tier, heat, accountId, where } = rest;
  // of all records, the index tells the number
  if (merged && [text, tier, heat, accountId, where].every((filter) => filter === undefined)) {
    const of = `select count(*) from ${search.kind} where workspace_id = ${params.add(search.workspaceId)}`;
    return `select (${of}) - (${of} and merged_into is not null) as total`;
  }
  return `select count(*) as total ${isOfScoresAlone(search) ? scoresWhere(params, search) : fromWhere(params, search, false)}`;
}

/** One page of ids in order, then what is shown of them: so that sorting a million rows carries only their keys. */
export function pageSql(params: SqlParams, search: RecordSearch, sort: SearchSort, after: After | undefined, limit: number): string {
  const fromScores = sort === 'score' && isOfScoresAlone(search);
  const from = fromScores ? scoresWhere(params, search) : fromWhere(params, search, sort === 'score');
  const id = fromScores ? 's.subject_id' : 'r.id';
  const beyond = after === undefined ? '' : ` and ${afterSql(params, after, id)}`;
  const key = sort === 'score' ? `${RANK} as rank` : sort === 'name' ? 'r.name_key' : 'r.changed_at';
  const order = (row: string) =>
    ({ score: `${row}rank desc, ${row}id`, name: `${row}name_key, ${row}id`, changed: `${row}changed_at desc, ${row}id desc` })[sort];
  const shown = {
    account: 'r.domain, null::text as email, null::uuid as account_id, null::text as account_name',
    person: 'null::text as domain, r.email, r.account_id, a.name as account_name',
    opportunity: 'null::text as domain, null::text as email, r.account_id, a.name as account_name',
  }[search.kind];
  const account = search.kind === 'account' ? '' : 'left join account a on a.workspace_id = r.workspace_id and a.id = r.account_id';
  const ordered = order(sort === 'score' ? '' : 'r.');
  return `with page as (select ${id} as id, ${key} ${from}${beyond} order by ${ordered} limit ${limit})
select r.id, r.name, ${shown}, r.fields, r.name_key, r.changed_at, s.tier, s.score, s.heat, s.as_of_day, s.rubric_version, s.taxonomy_version,
  ${RANK} as rank
from page join ${search.kind} r on r.workspace_id = ${params.add(search.workspaceId)} and r.id = page.id ${account}
left join score s on ${scoreOf(search.kind)}
order by ${order('page.')}`;
}

function scoreOf(kind: RecordKind): string {
  return `s.workspace_id = r.workspace_id and s.subject_id = r.id and s.kind = '${kind === 'person' ? 'lead' : kind}'`;
}

/** Asked for a tier or heat and nothing else, the scores answer without their records. */
function isOfScoresAlone(search: RecordSearch): boolean {
  const scored = search.tier !== undefined || search.heat !== undefined;
  return scored && search.text === undefined && search.where === undefined && search.accountId === undefined;
}

function scoresWhere(params: SqlParams, search: RecordSearch): string {
  const tests = [`s.workspace_id = ${params.add(search.workspaceId)}`, `s.kind = '${search.kind === 'person' ? 'lead' : search.kind}'`];
  if (search.tier !== undefined) tests.push(`s.tier = ${params.add(search.tier)}`);
  if (search.heat !== undefined) tests.push(`s.heat = ${params.add(search.heat)}`);
  // a score that was computed while its subject was being merged stays until the next rescore
  if (search.merged) {
    tests.push(
      `not exists (select 1 from ${search.kind} x where x.workspace_id = s.workspace_id and x.id = s.subject_id and x.merged_into is not null)`,
    );
  }
  return `from score s where ${tests.join(' and ')}`;
}

function fromWhere(params: SqlParams, search: RecordSearch, ranked: boolean): string {
  const scored = search.tier !== undefined || search.heat !== undefined;
  const joins = [`from ${search.kind} r`];
  if (scored || ranked) joins.push(`${scored ? '' : 'left '}join score s on ${scoreOf(search.kind)}`);
  if (search.kind !== 'account' && search.where !== undefined)
    joins.push('left join account a on a.workspace_id = r.workspace_id and a.id = r.account_id');
  const tests = [`r.workspace_id = ${params.add(search.workspaceId)}`];
  if (search.merged) tests.push('r.merged_into is null');
  if (search.tier !== undefined) tests.push(`s.tier = ${params.add(search.tier)}`);
  if (search.heat !== undefined) tests.push(`s.heat = ${params.add(search.heat)}`);
  if (search.accountId !== undefined) tests.push(`r.account_id = ${params.add(search.accountId)}::uuid`);
  if (search.text !== undefined) tests.push(textSql(params, search, search.text));
  if (search.where !== undefined) {
    const { workspaceId, kind, asOfDay } = search;
    tests.push(whereSql(search.where, { params, workspaceId, kind, asOfDay }));
  }
  return `${joins.join(' ')} where ${tests.join(' and ')}`;
}

/**
 * A SELECT of (id, entity_id) of nodes of which the text is found though their entity may show another: aliases, and entities by what
 * their own facts say. Not more than so many.
 */
export function aliasesSql(params: SqlParams, search: Pick<RecordSearch, 'workspaceId' | 'kind'>, text: SearchText, limit: number): string {
  const nodes = `from ${search.kind} r where r.workspace_id = ${params.add(search.workspaceId)}`;
  return `select r.id::text, r.merged_into::text as entity_id ${nodes} and r.merged_into is not null and ${textSql(params, search, text)}
    union all select r.id::text, r.id::text ${nodes} and r.own_name_key is not null and ${textSql(params, search, text, 'own_')} order by 1 limit ${limit}`;
}

/** @param own `own_` for what an entity's own facts say */
function textSql(params: SqlParams, search: Pick<RecordSearch, 'workspaceId' | 'kind'>, text: SearchText, own: 'own_' | '' = ''): string {
  const any: string[] = [];
  if (text.words.length > 0) {
    // two patterns over the bare column: the planner has statistics for those, and plans a search that finds many as one
    const words = text.words.map(likeLiteral).map((word) => {
      return `(r.${own}name_key like ${params.add(`${word}%`)} or r.${own}name_key like ${params.add(`% ${word}%`)})`;
    });
    any.push(`(${words.join(' and ')})`);
  }
  const address = { account: `r.${own}domain`, person: `r.${own}email`, opportunity: undefined }[search.kind];
  if (text.prefix !== undefined && address !== undefined) any.push(`${address} like ${params.add(`${likeLiteral(text.prefix)}%`)}`);
  if (text.domain !== undefined && search.kind === 'account') {
    any.push(`r.id in (select d.account_id from account_domain d where d.workspace_id = ${params.add(search.workspaceId)}
      and d.domain = ${params.add(text.domain)} and d.believed_to is null)`);
  }
  if (text.ofAliases.length > 0) any.push(`r.id = any(${params.uuids(text.ofAliases)})`);
  if (text.id !== undefined) any.push(`r.id = ${params.add(text.id)}::uuid`);
  return any.length === 0 ? 'false' : `(${any.join(' or ')})`;
}

function likeLiteral(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function afterSql(params: SqlParams, after: After, row: string): string {
  const id = `${params.add(after.id)}::uuid`;
  switch (after.sort) {
    case 'score': {
      const rank = `${params.add(after.rank)}::int`;
      return `(${RANK} < ${rank} or (${RANK} = ${rank} and ${row} > ${id}))`;
    }
    case 'changed':
      return `(r.changed_at, r.id) < (${params.add(after.changedAt)}::timestamptz, ${id})`;
    case 'name': {
      if (after.nameKey === null) return `r.name_key is null and r.id > ${id}`;
      const name = params.add(after.nameKey);
      return `(r.name_key > ${name} or (r.name_key = ${name} and r.id > ${id}) or r.name_key is null)`;
    }
  }
}
