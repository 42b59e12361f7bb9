import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import { SCORED_TIERS } from '../definitions/core/common.ts';
import { readWhere, whereInput } from '../definitions/core/given-predicate.ts';
import { fieldsOf, type Predicate } from '../definitions/core/predicate.ts';
import type { DefinitionRef } from '../definitions/current-definition.ts';
import { currentDefinition, refOf } from '../definitions/current-definition.ts';
import { definitionByVersion } from '../definitions/definition-by-hash.ts';
import type { RecordKind } from '../engagement/core/where-sql.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, isoFromDay } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { UUID_PATTERN } from '../kernel/ids.ts';
import { badCursor, cursorAt, type Position, positionOf } from '../kernel/pagination.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { nameKey } from '../records/core/name-key.ts';
import { accountName, findAccount } from '../records/find-account.ts';
import { anyMerged } from '../records/load-aliases.ts';
import { type After, aliasesSql, countSql, pageSql, type RecordSearch, type SearchSort, type SearchText } from './core/search-sql.ts';
import { searchText } from './core/search-text.ts';

export const searchRecordsInput = z.strictObject({
  kind: z.enum(['account', 'person', 'opportunity']).default('account'),
  /** Beginnings of words of the name, of the domain (accounts) or of the e-mail (people); or an id. */
  query: z.string().trim().min(1).max(200).optional(),
  /** People and opportunities of one account: its id, domain or exact name. */
  account: accountName.optional(),
  tier: z.enum(SCORED_TIERS).optional(),
  heat: z.enum(['hot', 'warm', 'cold']).optional(),
  /** A predicate, as a rubric has it. */
  where: whereInput.optional(),
  sort: z.enum(['score', 'name', 'changed']).optional(),
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(500).optional(),
});

export interface FoundRecord {
  id: string;
  /** An alias, merged into this record, of which the text was found. */
  answers_for?: string;
  kind: RecordKind;
  name: string | null;
  domain: string | null;
  email: string | null;
  account: { id: string; name: string | null } | null;
  tier: string | null;
  score: number | null;
  heat: string | null;
  /** The day for which the score on file was computed. */
  scored_as_of: string | null;
  changed_at: string;
  fields: Record<string, unknown>;
}

export interface SearchResult {
  records: FoundRecord[];
  total: number;
  next_cursor: string | null;
  definitions: DefinitionRef[];
}

/**
 * Accounts, people or opportunities by text and filters, sorted, a page at a time with the true total. Scores and heat are
 * those on file. Sorted by score, the disqualified come last but for records without a score.
 * @throws SamepageError `invalid_input`; `not_found` or `ambiguous` for the account named.
 */
export async function searchRecords(ctx: Context, input: z.input<typeof searchRecordsInput>): Promise<SearchResult> {
  requireScope(ctx, 'read');
  const asked = searchRecordsInput.parse(input);
  const { kind, limit } = asked;
  const sort = asked.sort ?? (kind === 'opportunity' ? 'changed' : 'score');
  refuseWhatDoesNotFit(asked, sort);
  const where = asked.where === undefined ? undefined : readWhere(asked.where);
  const { cursor, limit: _, ...filters } = asked;
  const query = { ...filters, sort };
  const after = afterOf(positionOf(cursor, query), sort);

  return readWorkspace(ctx, async (tx) => {
    if (where !== undefined) await refuseUnknownFields(tx, ctx, where, kind);
    const merged = kind !== 'opportunity' && (await anyMerged(tx, ctx))[kind];
    const text = asked.query === undefined ? undefined : searchText(asked.query, nameKey(asked.query));
    const aliases = merged && text !== undefined ? await aliasesOf(tx, ctx, kind, text) : NO_ALIASES;
    const search: RecordSearch = {
      workspaceId: ctx.workspaceId,
      kind,
      text: text === undefined ? undefined : { ...text, ofAliases: [...aliases.keys()] },
      tier: asked.tier,
      heat: asked.heat,
      accountId: asked.account === undefined ? undefined : (await findAccount(tx, ctx, asked.account)).id,
      where,
      asOfDay: dayOf(ctx.now()),
      merged,
    };
    const counting = new SqlParams();
    const total = totalSchema.parse(await tx.query(countSql(counting, search), counting.values))[0]?.total ?? 0;
    const paging = new SqlParams();
    const rows = rowSchema.parse(await tx.query(pageSql(paging, search, sort, after, limit + 1), paging.values));
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return {
      records: page.map((row) => recordOf(row, kind, aliases.get(row.id))),
      total,
      next_cursor: last === undefined ? null : cursorAt(query, positionAfter(last, sort)),
      definitions: await definitionsOf(tx, ctx, page),
    };
  });
}

const NO_ALIASES: ReadonlyMap<string, string> = new Map();
const MOST_ALIASES = 2_000;
const aliasRows = z.array(z.object({ id: z.string(), entity_id: z.string() }));

/** The records with an alias of which the text is found, each with one such. */
async function aliasesOf(tx: Tx, ctx: Context, kind: RecordKind, text: SearchText): Promise<ReadonlyMap<string, string>> {
  const params = new SqlParams();
  const found = await tx.query(aliasesSql(params, { workspaceId: ctx.workspaceId, kind }, text, MOST_ALIASES), params.values);
  return new Map(aliasRows.parse(found).map((row) => [row.entity_id, row.id]));
}

type Asked = z.output<typeof searchRecordsInput>;

function refuseWhatDoesNotFit(asked: Asked, sort: SearchSort): void {
  const refuse = (path: string, reason: string, next: string) => {
    throw new SamepageError('invalid_input', `${path}: ${reason}.`, next, { problems: [{ path, reason }] });
  };
  if (asked.kind === 'account' && asked.account !== undefined)
    refuse('account', 'goes with kind person or opportunity', 'Use `query` to find an account, or get_account for the whole view of one.');
  if (asked.kind !== 'account' && asked.heat !== undefined)
    refuse('heat', `an account has heat, a ${asked.kind} has none`, 'Leave `heat` out, or search for accounts.');
  if (asked.kind === 'opportunity' && (asked.tier !== undefined || sort === 'score'))
    refuse(
      asked.tier !== undefined ? 'tier' : 'sort',
      'an opportunity has no score',
      'Search for accounts or people, or sort by name or changed.',
    );
  if (asked.query !== undefined && !/[\p{L}\p{N}]/u.test(asked.query))
    refuse('query', 'has no letter or digit', 'Give the beginning of a name, domain or e-mail.');
}

const ENTITIES: Readonly<Record<RecordKind, readonly string[]>> = {
  account: ['account'],
  person: ['person', 'account'],
  opportunity: ['opportunity', 'account'],
};

/** A field that nobody declared would match nothing, silently. */
async function refuseUnknownFields(tx: Tx, ctx: Context, where: Predicate, kind: RecordKind): Promise<void> {
  const { document } = await currentDefinition(tx, ctx, 'taxonomy');
  const entities = ENTITIES[kind];
  const known = document.fields.map((field) => field.name).filter((name) => entities.includes(name.split('.')[0] ?? ''));
  const unknown = fieldsOf(where).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const reason = `is not a field of ${entities.map((entity) => `${entity}s`.replace('ys', 'ies')).join(' or ')}`;
  throw new SamepageError(
    'invalid_input',
    `where: ${unknown.map(shown).join(', ')} ${reason}.`,
    `Use one of ${known.slice(0, 60).join(', ')}.`,
    { problems: unknown.map((name) => ({ path: 'where', value: shown(name), reason })) },
  );
}

const totalSchema = z.array(z.object({ total: z.coerce.number() }));
const rowSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    email: z.string().nullable(),
    account_id: z.string().nullable(),
    account_name: z.string().nullable(),
    fields: z.record(z.string(), z.unknown()),
    name_key: z.string().nullable(),
    changed_at: z.coerce.date(),
    tier: z.string().nullable(),
    score: z.number().nullable(),
    heat: z.string().nullable(),
    as_of_day: z.number().nullable(),
    rubric_version: z.number().nullable(),
    taxonomy_version: z.number().nullable(),
    rank: z.number(),
  }),
);
type Row = z.infer<typeof rowSchema>[number];

function recordOf(row: Row, kind: RecordKind, alias: string | undefined): FoundRecord {
  return {
    id: row.id,
    ...(alias !== undefined && alias !== row.id && { answers_for: alias }),
    kind,
    name: row.name,
    domain: row.domain,
    email: row.email,
    account: row.account_id === null ? null : { id: row.account_id, name: row.account_name },
    tier: row.tier,
    score: row.score,
    heat: row.heat,
    scored_as_of: row.as_of_day === null ? null : isoFromDay(row.as_of_day),
    changed_at: row.changed_at.toISOString(),
    fields: row.fields,
  };
}

function positionAfter(row: Row, sort: SearchSort): Position {
  const key = { score: row.rank, name: row.name_key, changed: row.changed_at.toISOString() }[sort];
  return [key, row.id];
}

const id = z.string().regex(UUID_PATTERN);
const afterSchema = {
  score: z.tuple([z.int(), id]),
  name: z.tuple([z.string().nullable(), id]),
  changed: z.tuple([z.iso.datetime(), id]),
};

function afterOf(position: Position | undefined, sort: SearchSort): After | undefined {
  if (position === undefined) return undefined;
  const parsed = afterSchema[sort].safeParse(position);
  if (!parsed.success) throw badCursor();
  const [key, id] = parsed.data;
  if (sort === 'score') return { sort, rank: Number(key), id };
  return sort === 'changed' ? { sort, changedAt: String(key), id } : { sort, nameKey: key === null ? null : String(key), id };
}

/** The definitions behind the scores shown; they may be older than those in use. */
async function definitionsOf(tx: Tx, ctx: Context, rows: readonly Row[]): Promise<DefinitionRef[]> {
  const refs: DefinitionRef[] = [];
  const versions = (key: 'rubric_version' | 'taxonomy_version') =>
    [...new Set(rows.map((row) => row[key]))].filter((version) => version !== null).sort((a, b) => b - a);
  for (const version of versions('rubric_version')) refs.push(refOf(await definitionByVersion(tx, ctx, 'rubric', version)));
  for (const version of versions('taxonomy_version')) refs.push(refOf(await definitionByVersion(tx, ctx, 'taxonomy', version)));
  return refs;
}
