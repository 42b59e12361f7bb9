import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Database, Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type AccountCounts, AccountNumbers, accountCounts } from './core/account-counts.ts';
import { isCountDue } from './core/count-due.ts';
import { type Suppressed, suppressedByKind } from './core/entity-columns.ts';
import { keyVersion } from './core/node-keys.ts';
import { type FittedModel, fittedModel, type PeopleCounts, peopleCounts, peopleStatistics } from './core/people-counts.ts';
import type { Statistics } from './core/score-pair.ts';
import { type IdentityKind, identityKind } from './decision.ts';
import { phoneHome } from './phone-home.ts';

/** What is known of all nodes when a few are looked at. */
export interface IdentityIndex {
  /** Nodes came or changed since their keys were stored, or enough of them to count again. */
  isBehind: boolean;
  people: {
    statistics: Statistics;
    /** About how many there are. */
    count: number;
    /** Places of the columns in which somebody has a value. */
    filledColumns: readonly number[];
    /** What the last stitching of the workspace fitted. */
    fitted: FittedModel | null;
  };
  accounts: AccountNumbers;
  /** Identifiers that tell nobody apart. */
  suppressed: Readonly<Record<IdentityKind, Suppressed>>;
  /** Whence telephone numbers are that have no country code, in records that name no country. */
  home: string | null;
  /** How many nodes have a key, of keys that many have: those that were looked up on this index. Look-ups add to it. */
  sizes: Map<number, number>;
}

/** The greatest id: all nodes of the instant are covered. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const rows = z
  .array(
    z.object({
      kind: identityKind,
      counts_hash: z.string(),
      uncounted: z.number(),
      counts: z.unknown(),
      key_version: z.string(),
      fitted: fittedModel.nullable(),
      behind: z.boolean(),
      suppressed: z.array(z.tuple([z.string(), z.string()])),
    }),
  )
  .length(2);

interface CountedPeople {
  statistics: Statistics;
  count: number;
  filledColumns: readonly number[];
}

/** Counts read before, by their hash, which names their content; all workspaces share them. */
const kept = { person: new Map<string, CountedPeople>(), account: new Map<string, AccountNumbers>() };
const MOST_KEPT = 32;

interface LastIndex {
  /** What the workspace had come to when it was read. */
  mark: string;
  index: IdentityIndex;
  /** It was asked for before on the same: it is worth asking whether it still is. */
  isSteady: boolean;
}

const last = new WeakMap<Database, Map<string, LastIndex>>();

/**
 * How far the keys reach, what is counted, and what was suppressed. All that it depends on is either recorded, which moves the knowledge clock,
 * or a row of its own, so the last one is given again where neither moved: between two look-ups that is so most often, and where it was not
 * the last time it is not asked first. It is shared: treat it as read-only.
 */
export async function loadIndex(tx: Tx, ctx: Context): Promise<IdentityIndex> {
  const kept = last.get(ctx.db) ?? new Map<string, LastIndex>();
  last.set(ctx.db, kept);
  const before = kept.get(ctx.workspaceId);
  if (before?.isSteady === true && (await markOf(tx, ctx)) === before.mark) return before.index;
  const [mark, read] = await Promise.all([markOf(tx, ctx), readIndex(tx, ctx)]);
  const isSteady = mark !== undefined && mark === before?.mark;
  const index = isSteady ? before.index : read;
  if (mark !== undefined) keep(kept, ctx.workspaceId, { mark, index, isSteady });
  return index;
}

const markRows = z.array(z.object({ mark: z.string().nullable() })).max(1);

/** What is taken for granted by what is asked before the index is read. */
export interface Guessed {
  home: string | null;
  /** Undefined where it likely is of another state of the workspace. */
  sizes: ReadonlyMap<number, number> | undefined;
}

/** The guess that all is as it was when the index was last read. */
export function guessed(ctx: Context): Guessed {
  const before = last.get(ctx.db)?.get(ctx.workspaceId);
  return { home: before?.index.home ?? null, sizes: before?.isSteady === true ? before.index.sizes : undefined };
}

/** Whether what was asked on a guess holds for the index. */
export function isGuessed({ home, sizes }: Guessed, index: IdentityIndex): boolean {
  return home === index.home && (sizes === undefined || sizes === index.sizes);
}

/** Some ten bytes each. */
const MOST_SIZES = 50_000;

/** Keeps how many nodes have keys, for the look-ups to come. @param found of what was looked up in the snapshot that the index is of */
export function keepSizes({ sizes }: IdentityIndex, found: ReadonlyMap<number, number>): void {
  if (sizes.size + found.size > MOST_SIZES) sizes.clear();
  for (const [key, size] of found) sizes.set(key, size);
}

/** How far the workspace's writers have come, and what was stored and counted of its nodes. Undefined where nobody wrote yet. */
async function markOf(tx: Tx, ctx: Context): Promise<string | undefined> {
  const text = `select concat_ws(' ', w.known_at, w.audit_hash, (
      select string_agg(concat_ws(' ', i.kind, i.key_version, i.covered_at, i.covered_id, i.uncounted, i.counts_hash, md5(i.fitted::text)), ' ' order by i.kind)
      from identity_index i where i.workspace_id = $1)) as mark
    from workspace w where w.workspace_id = $1`;
  const [row] = markRows.parse(await tx.query(text, [ctx.workspaceId]));
  return row?.mark ?? undefined;
}

/** Counts that are at hand are not read again: they are larger than all else. */
async function readIndex(tx: Tx, ctx: Context): Promise<IdentityIndex> {
  const atHand = { person: new Map(kept.person), account: new Map(kept.account) };
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const later = (table: string) =>
    `exists (select 1 from ${table} t where t.workspace_id = ${ws} and t.changed_at > i.covered_at offset 0)`;
  const [home, read] = await Promise.all([
    phoneHome(tx, ctx),
    tx.query(
      `with said as materialized (
         select distinct on (d.kind, d.identifier_kind, d.identifier) d.kind, d.identifier_kind, d.identifier, d.verb from identity_decision d
         where d.workspace_id = ${ws} and d.identifier is not null
         order by d.kind, d.identifier_kind, d.identifier, d.recorded_at desc, d.ordinal desc)
       select k.kind, coalesce(i.counts_hash, '') as counts_hash, coalesce(i.uncounted, 0) as uncounted, i.fitted,
         case when i.counts_hash = any(${params.texts([...atHand.person.keys(), ...atHand.account.keys()])}) then null else i.counts end as counts,
         coalesce(i.key_version, '') as key_version,
         i.kind is null or i.covered_id <> ${params.add(LAST_ID)}::uuid
           or case k.kind when 'person' then ${later('person')} else ${later('account')} end as behind,
         (select coalesce(jsonb_agg(jsonb_build_array(s.identifier_kind, s.identifier)), '[]') from said s
          where s.kind = k.kind and s.verb = 'suppressed') as suppressed
       from (values ('account'), ('person')) k(kind) left join identity_index i on i.workspace_id = ${ws} and i.kind = k.kind order by k.kind`,
      params.values,
    ),
  ]);
  const [account, person] = rows.parse(read) as [Row, Row];
  const people = atHand.person.get(person.counts_hash) ?? peopleOf(person);
  const accounts = atHand.account.get(account.counts_hash) ?? accountsOf(account);
  const isBehind = (row: Row, known: number) => row.behind || row.key_version !== keyVersion(home) || isCountDue(row.uncounted, known);
  return {
    isBehind: isBehind(account, accounts.size) || isBehind(person, people.count),
    people: { ...people, count: people.count + person.uncounted, fitted: person.fitted },
    accounts,
    suppressed: { account: suppressedIn(account), person: suppressedIn(person) },
    home,
    sizes: new Map(),
  };
}

function suppressedIn({ suppressed }: Row): Suppressed {
  return suppressedByKind(suppressed.map(([kind, value]) => ({ kind, value })));
}

/** Where nobody has counted, many are assumed: then nothing weak is taken for sure. */
const MANY = 1_000_000;
const UNCOUNTED_PEOPLE: PeopleCounts = { people: MANY, filledColumns: [], filled: {}, values: {} };
const UNCOUNTED_ACCOUNTS: AccountCounts = {
  accounts: MANY,
  counted: MANY,
  names: MANY,
  wholeNames: [],
  words: [],
  acronyms: [],
  cities: [],
  countries: [],
  postcodes: [],
};

type Row = z.infer<typeof rows>[number];

function peopleOf({ counts_hash, counts }: Row): CountedPeople {
  if (counts_hash === '') return { statistics: peopleStatistics(UNCOUNTED_PEOPLE), count: 0, filledColumns: [] };
  const read = peopleCounts.parse(counts);
  return keep(kept.person, counts_hash, {
    statistics: peopleStatistics(read),
    count: read.people,
    filledColumns: read.filledColumns,
  });
}

function accountsOf({ counts_hash, counts }: Row): AccountNumbers {
  if (counts_hash === '') return new AccountNumbers(UNCOUNTED_ACCOUNTS, 0);
  const read = accountCounts.parse(counts);
  return keep(kept.account, counts_hash, new AccountNumbers(read, read.accounts));
}

function keep<T>(into: Map<string, T>, name: string, value: T): T {
  into.delete(name);
  const oldest = into.keys().next();
  if (into.size >= MOST_KEPT && !oldest.done) into.delete(oldest.value);
  into.set(name, value);
  return value;
}

/** Holds back others who store keys until the transaction ends: before the first key is stored, so that nobody waits in a circle. */
export async function holdIndex(tx: Tx, ctx: Context): Promise<void> {
  await tx.query('select 1 from identity_index where workspace_id = $1 order by kind for update', [ctx.workspaceId]);
}

/**
 * Notes that the keys of all nodes that changed at an instant are stored, where those of all before are.
 * @param changed.counts how many came or changed
 * @param changed.home whence telephone numbers are, by which the keys were made
 */
export async function advanceIndex(
  tx: Tx,
  ctx: Context,
  { counts, home }: { counts: Readonly<Record<IdentityKind, number>>; home: string | null },
  at: Date,
): Promise<void> {
  const between = (table: IdentityKind) =>
    `exists (select 1 from ${table} t where t.workspace_id = $1 and t.changed_at > i.covered_at and t.changed_at < $2::timestamptz)`;
  await tx.query(
    `update identity_index i set covered_at = $2::timestamptz, uncounted = uncounted + case i.kind when 'person' then $3::int else $4::int end
     where i.workspace_id = $1 and i.covered_id = $5::uuid and i.covered_at < $2::timestamptz and i.key_version = $6
       and not case i.kind when 'person' then ${between('person')} else ${between('account')} end`,
    [ctx.workspaceId, at.toISOString(), counts.person, counts.account, LAST_ID, keyVersion(home)],
  );
}

/** Keeps what a stitching of the workspace fitted, for those who come in after it. */
export async function saveFitted(tx: Tx, ctx: Context, kind: IdentityKind, fitted: FittedModel): Promise<void> {
  await tx.query('update identity_index set fitted = $3::text::jsonb where workspace_id = $1 and kind = $2', [
    ctx.workspaceId,
    kind,
    JSON.stringify(fitted),
  ]);
}
