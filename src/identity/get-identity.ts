import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { type MergeHold, mergesHeld } from '../records/core/identity-groups.ts';
import { findAccount } from '../records/find-account.ts';
import { findPerson } from '../records/find-person.ts';
import { groupsAround } from '../records/load-aliases.ts';
import { groupDecisions } from '../records/load-group-decisions.ts';
import type { IdentityKind } from './decision.ts';
import { decisionsAbout, type LoggedDecision } from './read-decisions.ts';

/** A name under which a source knows a node. */
export interface SourceName {
  source: string;
  externalId: string;
}

export interface NodeView {
  id: string;
  /** When it was first seen. */
  since: string;
  /** Since when it counts as the entity; of the entity itself, since it was first seen. */
  memberSince: string;
  sources: SourceName[];
}

export interface IdentityView {
  entity: string;
  name: string | null;
  answers_for?: string;
  /** The entity first, then its aliases by age. */
  nodes: NodeView[];
  /** Every time that one of the nodes counted as another entity than itself; `to` is null while it does. */
  beliefs: { node: string; entity: string; from: string; to: string | null }[];
  /** All that was decided about the nodes, also as a lead or the account of one, oldest first. */
  decisions: LoggedDecision[];
  /** Of the merges and splits among them, what each holds together. */
  held: ReadonlyMap<string, MergeHold>;
}

/** Who an entity is: its nodes, since when they count as it, and all decisions about them. @throws SamepageError `not_found`, `ambiguous` */
export async function identityView(tx: Tx, ctx: Context, kind: IdentityKind, record: string): Promise<IdentityView> {
  const { id, name, answers_for } = kind === 'account' ? await findAccount(tx, ctx, record) : await findPerson(tx, ctx, record);
  const nodes = (await groupsAround(tx, ctx, kind, [id])).get(id) ?? [id];
  const decisions = await decisionsAbout(tx, ctx, [kind, 'lead'], nodes);
  // whoever a merge named may have been split from another of them
  const merged = decisions.flatMap(({ verb, sides }) => (verb === 'merged' ? sides[0] : []));
  return {
    entity: id,
    name,
    ...(answers_for !== undefined && { answers_for }),
    nodes: await nodeViews(tx, ctx, kind, nodes),
    beliefs: await beliefsAbout(tx, ctx, kind, nodes),
    decisions,
    held: merged.length === 0 ? new Map() : mergesHeld(await groupDecisions(tx, ctx, kind, [...new Set(merged)])),
  };
}

const nodeRows = z.array(
  z.object({
    id: z.string(),
    created_at: z.coerce.date(),
    member_since: z.coerce.date(),
    sources: z.array(z.tuple([z.string(), z.string()])),
  }),
);

async function nodeViews(tx: Tx, ctx: Context, kind: IdentityKind, ids: readonly string[]): Promise<NodeView[]> {
  const params = new SqlParams();
  const ws = params.add(ctx.workspaceId);
  const ofKind = params.add(kind);
  const rows = nodeRows.parse(
    await tx.query(
      `select n.id::text, n.created_at, coalesce(im.believed_from, n.created_at) as member_since,
         (select coalesce(jsonb_agg(jsonb_build_array(x.source, x.external_id) order by x.source, x.external_id), '[]') from external_ref x
          where x.workspace_id = ${ws} and x.entity_id = n.id and x.kind = ${ofKind}) as sources
       from ${kind} n left join identity_member im on im.workspace_id = ${ws} and im.kind = ${ofKind} and im.node_id = n.id and im.believed_to is null
       where n.workspace_id = ${ws} and n.id = any(${params.uuids(ids)}) order by (n.merged_into is not null), n.created_at, n.id`,
      params.values,
    ),
  );
  return rows.map(({ id, created_at, member_since, sources }) => ({
    id,
    since: created_at.toISOString(),
    memberSince: member_since.toISOString(),
    sources: sources.map(([source, externalId]) => ({ source, externalId })),
  }));
}

const beliefRows = z.array(
  z
    .object({ node_id: z.string(), entity_id: z.string(), believed_from: z.coerce.date(), believed_to: z.coerce.date().nullable() })
    .transform((row) => ({
      node: row.node_id,
      entity: row.entity_id,
      from: row.believed_from.toISOString(),
      to: row.believed_to?.toISOString() ?? null,
    })),
);

async function beliefsAbout(tx: Tx, ctx: Context, kind: IdentityKind, nodes: readonly string[]): Promise<IdentityView['beliefs']> {
  const params = new SqlParams();
  const text = `select node_id::text, entity_id::text, believed_from, believed_to from identity_member
    where workspace_id = ${params.add(ctx.workspaceId)} and kind = ${params.add(kind)} and node_id = any(${params.uuids(nodes)})
    order by believed_from, node_id`;
  return beliefRows.parse(await tx.query(text, params.values));
}
