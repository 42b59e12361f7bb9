import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { AccountNumbers, accountCounts } from './core/account-counts.ts';
import { isCountDue } from './core/count-due.ts';
import { KEY_VERSION } from './core/node-keys.ts';
import { type FittedModel, fittedModel, type PeopleCounts, peopleCounts, peopleStatistics } from './core/people-counts.ts';
import type { Statistics } from './core/score-pair.ts';
import type { IdentityKind } from './decision.ts';

/** What is known of all nodes when a few are looked at. */
export interface IdentityIndex {
  /** By kind: whether nodes came or changed since their keys were stored, or enough to count again. */
  isBehind: Readonly<Record<IdentityKind, boolean>>;
  people: {
    statistics: Statistics;
    /** About how many there are. */
    count: number;
    /** What the last stitching of the workspace fitted. */
    fitted: FittedModel | null;
  };
  accounts: AccountNumbers;
}

/** The greatest id: all nodes of the instant are covered. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const rows = z.array(
  z.object({
    kind: z.enum(['account', 'person']),
    counts_hash: z.string(),
    uncounted: z.number(),
    counts: z.unknown(),
    fitted: fittedModel.nullable(),
    behind: z.boolean(),
  }),
);

interface Kept {
  person: ReadonlyMap<string, { statistics: Statistics; count: number }>;
  account: ReadonlyMap<string, AccountNumbers>;
}

/** Counts read before, by their hash, which names their content; all workspaces share them. */
const kept = { person: new Map<string, { statistics: Statistics; count: number }>(), account: new Map<string, AccountNumbers>() };
const MOST_KEPT = 32;

/** How far the keys reach and what is counted. Counts that are at hand are not read again: they are larger than all else. */
export async function loadIndex(tx: Tx, ctx: Context): Promise<IdentityIndex> {
  const atHand: Kept = { person: new Map(kept.person), account: new Map(kept.account) };
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const later = (table: string) =>
    `exists (select 1 from ${table} t where t.workspace_id = ${ws} and t.changed_at > i.covered_at offset 0)`;
  const found = rows.parse(
    await tx.query(
      `select i.kind, i.counts_hash, i.uncounted, i.fitted,
         case when i.counts_hash = any(${params.texts([...atHand.person.keys(), ...atHand.account.keys()])}) then null else i.counts end as counts,
         i.key_version <> ${params.add(KEY_VERSION)} or i.covered_id <> ${params.add(LAST_ID)}::uuid
           or case i.kind when 'person' then ${later('person')} else ${later('account')} end as behind
       from identity_index i where i.workspace_id = ${ws}`,
      params.values,
    ),
  );
  const person = found.find(({ kind }) => kind === 'person');
  const account = found.find(({ kind }) => kind === 'account');
  const people = person === undefined ? undefined : (atHand.person.get(person.counts_hash) ?? peopleOf(person));
  const accounts = account === undefined ? undefined : (atHand.account.get(account.counts_hash) ?? accountsOf(account));
  const isBehind = (row: Row | undefined, known = 0) => row === undefined || row.behind || isCountDue(row.uncounted, known);
  return {
    isBehind: { account: isBehind(account, accounts?.size), person: isBehind(person, people?.count) },
    people: {
      statistics: people?.statistics ?? peopleStatistics(NOBODY),
      count: (people?.count ?? 0) + (person?.uncounted ?? 0),
      fitted: person?.fitted ?? null,
    },
    accounts: accounts ?? new AccountNumbers(NOTHING),
  };
}

const NOBODY: PeopleCounts = { people: 0, filledColumns: [], filled: {}, values: {} };
const NOTHING = { accounts: 0, counted: 0, names: 0, wholeName: 0, words: [], acronyms: [], cities: [], countries: [], postcodes: [] };

type Row = z.infer<typeof rows>[number];

function peopleOf({ counts_hash, counts }: Row): { statistics: Statistics; count: number } {
  if (counts_hash === '') return { statistics: peopleStatistics(NOBODY), count: 0 };
  const read = peopleCounts.parse(counts);
  return keep(kept.person, counts_hash, { statistics: peopleStatistics(read), count: read.people });
}

function accountsOf({ counts_hash, counts }: Row): AccountNumbers {
  return counts_hash === ''
    ? new AccountNumbers(NOTHING)
    : keep(kept.account, counts_hash, new AccountNumbers(accountCounts.parse(counts)));
}

function keep<T>(into: Map<string, T>, hash: string, value: T): T {
  const oldest = into.keys().next();
  if (into.size >= MOST_KEPT && !oldest.done) into.delete(oldest.value);
  into.set(hash, value);
  return value;
}

/** Holds back others who store keys until the transaction ends: before the first key is stored, so that nobody waits in a circle. */
export async function holdIndex(tx: Tx, ctx: Context): Promise<void> {
  await tx.query('select 1 from identity_index where workspace_id = $1 order by kind for update', [ctx.workspaceId]);
}

/**
 * Notes that the keys of all nodes that changed at an instant are stored, where those of all before are.
 * @param changed how many came or changed
 */
export async function advanceIndex(tx: Tx, ctx: Context, changed: Readonly<Record<IdentityKind, number>>, at: Date): Promise<void> {
  const between = (table: IdentityKind) =>
    `exists (select 1 from ${table} t where t.workspace_id = $1 and t.changed_at > i.covered_at and t.changed_at < $2::timestamptz)`;
  await tx.query(
    `update identity_index i set covered_at = $2::timestamptz, uncounted = uncounted + case i.kind when 'person' then $3::int else $4::int end
     where i.workspace_id = $1 and i.covered_id = $5::uuid and i.covered_at < $2::timestamptz and i.key_version = $6
       and not case i.kind when 'person' then ${between('person')} else ${between('account')} end`,
    [ctx.workspaceId, at.toISOString(), changed.person, changed.account, LAST_ID, KEY_VERSION],
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
