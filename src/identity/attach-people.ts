import { z } from 'zod';
import { audit } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Merged } from '../records/load-aliases.ts';
import { arrivalMerges } from './core/arrivals.ts';
import type { ClusterMerge } from './core/cluster-merges.ts';
import { cellsOf } from './core/entity-columns.ts';
import { PEOPLE } from './core/model.ts';
import type { NodeKey } from './core/node-keys.ts';
import { fittedStatistics, peopleAmong } from './core/people-counts.ts';
import { tableOf } from './core/score-pair.ts';
import type { Table } from './core/table.ts';
import { PERSON_COLUMNS, peopleToFind } from './cover-nodes.ts';
import { advanceIndex, holdIndex, type IdentityIndex } from './identity-index.ts';
import { linksOf } from './load-stitching.ts';
import { mergeNodes } from './merge-nodes.ts';
import { type Blocks, probeBlocks, storeKeys } from './probe-blocks.ts';
import { decisionsAbout, type LoggedDecision } from './read-decisions.ts';
import { type NodeValues, nodeColumns, nodeRows, withOwnFields } from './read-nodes.ts';

/** What became of a person who came in. */
export interface Attached {
  /** Whom the node counts as now. */
  entity: string;
  /** The merge that brought it there, with its sentence; null where it stands for itself or stood there before. */
  merge: { decision: string; sentence: string } | null;
}

/** A newcomer is compared with so many others that share a key with it, at most: those of its rarest keys, each key's all or none. */
const MOST_CANDIDATES = 100;

/**
 * Stitches people who came in or changed, inside the transaction that recorded them: stores their keys, compares them with those that share
 * one, and merges. Each is compared by what its own sources say. The evidence is kept with each merge.
 * @param given.nodes the newcomers; they made no accounts
 * @param given.index as it was a moment ago
 * @param given.merged whether anything was merged before
 * @returns by node
 */
export async function attachPeople(
  tx: Tx,
  ctx: Context,
  { nodes, index, recordedAt, merged }: { nodes: readonly string[]; index: IdentityIndex; recordedAt: Date; merged: Merged },
): Promise<Map<string, Attached>> {
  const [newcomers] = await Promise.all([nodesById(tx, ctx, nodes), holdIndex(tx, ctx)]);
  const suppressed = index.suppressed.person;
  const found = peopleToFind(newcomers, suppressed, index.home);
  const keys = found.map((one) => one.keys);
  const [, blocks] = await Promise.all([
    storeKeys(tx, ctx, found),
    probeBlocks(tx, ctx, [...new Set(keys.flat().map(({ key }) => key))]),
    // who came in made no account, and those touched are found as before
    advanceIndex(tx, ctx, { counts: { person: newcomers.length, account: 0 }, home: index.home }, recordedAt),
  ]);
  const sharing = newcomers.map(({ id }, i) => sharersOf(id, keys[i] ?? [], blocks));
  const merges = await mergesOf(tx, ctx, { newcomers, keys, blocks, sharing, index, isAnyMerged: merged.person });
  const made = await mergeAll(tx, ctx, merges, recordedAt);
  return new Map(newcomers.map(({ id, entityId }) => [id, made.get(id) ?? { entity: entityId, merge: null }]));
}

/** The others that share a key, the rarest keys first. */
function sharersOf(id: string, keys: readonly NodeKey[], blocks: Blocks): string[] {
  const lists = keys.flatMap(({ key }) => {
    const block = blocks.get(key);
    return block === undefined || block === 'full' || block.length > MOST_CANDIDATES ? [] : [block];
  });
  const found = new Set<string>();
  for (const block of lists.sort((a, b) => a.length - b.length)) {
    if (found.size + block.length > MOST_CANDIDATES) break;
    for (const node of block) if (node !== id) found.add(node);
  }
  return [...found];
}

interface Looked {
  newcomers: readonly NodeValues[];
  keys: readonly (readonly NodeKey[])[];
  blocks: Blocks;
  sharing: readonly (readonly string[])[];
  index: IdentityIndex;
  isAnyMerged: boolean;
}

async function mergesOf(tx: Tx, ctx: Context, { newcomers, keys, blocks, sharing, index, isAnyMerged }: Looked): Promise<ClusterMerge[]> {
  const others = [...new Set(sharing.flat())];
  if (others.length === 0) return [];
  const looked = [...new Set([...newcomers.map(({ id }) => id), ...others])];
  // where nothing was merged, those looked at are whole groups
  const asked = isAnyMerged ? undefined : decidedAbout(tx, ctx, looked);
  const [all] = await Promise.all([wholeGroups(tx, ctx, looked), asked]);
  const ids = all.map(({ id }) => id);
  const entityOf = all.map(({ entityId }) => entityId);
  const place = new Map(ids.map((id, i) => [id, i]));
  const isCrowded = (i: number) => (keys[i] ?? []).some(({ rule, key }) => rule === 'phone' && blocks.get(key) === 'full');
  const { statistics, count, fitted } = index.people;
  const records = count + newcomers.length;
  const arrivals = {
    table: comparedTable(all, index),
    ids,
    entityOf,
    pairs: pairsOf(newcomers, sharing, place),
    crowdedPhones: newcomers.flatMap(({ id }, i) => (isCrowded(i) ? [place.get(id) ?? -1] : [])),
    links: linksOf(ids, entityOf, await (asked ?? decidedAbout(tx, ctx, ids))),
    records,
  };
  return arrivalMerges(arrivals, fitted === null ? peopleAmong(statistics, records) : fittedStatistics(statistics, fitted, records));
}

/** The nodes as the stitching of the whole workspace would have them: with the columns in which anybody has a value. */
function comparedTable(nodes: readonly NodeValues[], { people, suppressed, home }: IdentityIndex): Table {
  const rows = nodes.map(({ fields }) => cellsOf(PERSON_COLUMNS, fields, suppressed.person, home));
  const isFilled = PERSON_COLUMNS.map((_, i) => people.filledColumns.includes(i) || rows.some((cells) => cells[i] !== ''));
  const filled = <T>(list: readonly T[]) => list.filter((_, i) => isFilled[i]);
  const columns = filled(PERSON_COLUMNS);
  return tableOf(
    columns.map(({ kind }) => kind),
    rows.map(filled),
    columns.map(({ field }) => field),
    suppressed.person.get('domain'),
  );
}

/** Places of those who share a key, the lesser first, each pair once. */
function pairsOf(newcomers: readonly NodeValues[], sharing: Looked['sharing'], place: ReadonlyMap<string, number>): [number, number][] {
  const seen = new Map<string, [number, number]>();
  for (const [i, { id }] of newcomers.entries()) {
    const mine = place.get(id);
    for (const other of sharing[i] ?? []) {
      const theirs = place.get(other);
      if (mine === undefined || theirs === undefined || mine === theirs) continue;
      const [low, high] = mine < theirs ? [mine, theirs] : [theirs, mine];
      seen.set(`${low} ${high}`, [low, high]);
    }
  }
  return [...seen.values()];
}

async function decidedAbout(tx: Tx, ctx: Context, ids: readonly string[]): Promise<LoggedDecision[]> {
  const decided = await decisionsAbout(tx, ctx, 'person', ids, ['must_link', 'cannot_link', 'related']);
  return decided.filter(({ undoneBy }) => undoneBy === null);
}

async function nodesById(tx: Tx, ctx: Context, nodes: readonly string[]): Promise<NodeValues[]> {
  const params = new SqlParams();
  const rows = await tx.query(
    `select p.* from unnest(${params.uuids(nodes)}) k(id) cross join lateral (${nodeSql(params.add(ctx.workspaceId))} and n.id = k.id offset 0) p order by p.id`,
    params.values,
  );
  return withOwnFields(tx, ctx, 'person', nodeRows.parse(rows));
}

const nodeSql = (ws: string) => `select ${nodeColumns(ws)} from person n where n.workspace_id = ${ws}`;

/** Nodes with all that count as the same entity as one of them, in the order of their ids. */
async function wholeGroups(tx: Tx, ctx: Context, nodes: readonly string[]): Promise<NodeValues[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const rows = await tx.query(
    `with entity as materialized (
       select distinct e.id from unnest(${params.uuids(nodes)}) k(id) cross join lateral (
         select coalesce(p.merged_into, p.id) as id from person p where p.workspace_id = ${ws} and p.id = k.id offset 0) e),
     node as (
       select p.* from entity cross join lateral (${nodeSql(ws)} and n.id = entity.id offset 0) p
       union all
       select p.* from entity cross join lateral (${nodeSql(ws)} and n.merged_into = entity.id offset 0) p)
     select * from node order by id`,
    params.values,
  );
  return withOwnFields(tx, ctx, 'person', nodeRows.parse(rows));
}

async function mergeAll(tx: Tx, ctx: Context, merges: readonly ClusterMerge[], recordedAt: Date): Promise<Map<string, Attached>> {
  const merged = new Map<string, Attached>();
  if (merges.length === 0) return merged;
  const asked = merges.map(({ entities, evidence }) => ({
    nodes: entities,
    decider: { by: 'model' as const, model: PEOPLE.name, evidence: z.json().parse(evidence) },
  }));
  const outcomes = await mergeNodes(tx, ctx, 'person', asked, recordedAt);
  for (const [i, { entity, decision }] of outcomes.entries()) {
    const { nodes = [], evidence } = merges[i] ?? {};
    if (entity === null || decision === null) continue;
    for (const node of nodes) merged.set(node, { entity, merge: { decision, sentence: evidence?.sentence ?? '' } });
  }
  await audit(tx, ctx, 'attach_people', `${outcomes.filter(({ isNew }) => isNew).length} merges of people who came in`);
  return merged;
}
