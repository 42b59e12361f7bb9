import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { groupsFrom } from '../records/core/identity-groups.ts';
import { peoplesGroupDecisions } from '../records/load-group-decisions.ts';
import { suppressedIdentifiers } from '../records/suppressed-identifiers.ts';
import { TableBuilder } from './core/build-table.ts';
import { cellsOf, columnsFor, suppressedByKind } from './core/entity-columns.ts';
import { hashText, orderByKey } from './core/hash.ts';
import type { KnownLinks } from './core/stitch.ts';
import type { Table } from './core/table.ts';
import type { IdentityKind } from './decision.ts';
import { accountsOfOneDomain } from './one-domain.ts';
import { phoneHome } from './phone-home.ts';
import { decisionsInForce, type LoggedDecision } from './read-decisions.ts';
import { fieldsOfOne, readNodes } from './read-nodes.ts';

/** All nodes of a kind as a table, with what was decided about them. */
export interface Stitching {
  table: Table;
  /** By place in the table. */
  ids: string[];
  entityOf: string[];
  links: KnownLinks;
  /** The knowledge clock when it was read: all of it was known by then, maybe more. */
  knownAt: Date;
}

const clockRow = z.tuple([z.object({ known_at: z.coerce.date() })]);
const fieldRows = z.array(z.object({ field: z.string() }));

/** Reads what a matcher has to know. Null where no node says anything by which it could be compared. */
export async function loadStitching(ctx: Context, kind: IdentityKind, progress: (nodes: number) => void): Promise<Stitching | null> {
  const { knownAt, fields, decided, joined, suppressed, home } = await readWorkspace(ctx, async (tx) => ({
    knownAt: clockRow.parse(await tx.query('select known_at from workspace where workspace_id = $1', [ctx.workspaceId]))[0].known_at,
    fields: fieldRows.parse(
      await tx.query(`select distinct k as field from ${kind} e, jsonb_object_keys(e.fields) k where e.workspace_id = $1`, [
        ctx.workspaceId,
      ]),
    ),
    decided: await decisionsInForce(tx, ctx, kind, ['must_link', 'cannot_link', 'related']),
    joined: groupsFrom(await peoplesGroupDecisions(tx, ctx, kind)),
    suppressed: suppressedByKind(await suppressedIdentifiers(tx, ctx, kind)),
    home: await phoneHome(tx, ctx),
  }));
  const columns = columnsFor(kind, new Set(fields.map(({ field }) => field)));
  if (columns.length === 0) return null;
  const alike = await readWorkspace(ctx, async (tx) => {
    const groups = kind === 'account' ? await accountsOfOneDomain(tx, ctx, { apart: decided, suppressed: suppressed.get('domain') }) : [];
    return { groups, fields: await fieldsOfOne(tx, ctx, kind, groups) };
  });
  const builder = new TableBuilder(
    columns.map((column) => column.kind),
    columns.map(({ field }) => field),
    suppressed.get('domain'),
  );
  const ids: string[] = [];
  const entities: string[] = [];
  const said: number[] = [];
  for await (const part of readNodes(ctx, kind)) {
    for (const { id, entityId, fields: values } of part) {
      ids.push(id);
      entities.push(entityId);
      const cells = cellsOf(columns, alike.fields.get(id) ?? values, suppressed, home);
      builder.add(cells);
      said.push(hashText(cells.join('\n')));
    }
    progress(ids.length);
  }
  // not by their ids: who of two with one address has the id that is made of it hangs on who came first
  const order = orderByKey(Uint32Array.from(said));
  const table = builder.finish(order);
  const inOrder = (values: readonly string[]) => Array.from(order, (at) => values[at] ?? '');
  const [placed, entityOf] = [inOrder(ids), inOrder(entities)];
  // what a model merged is asked again, as if it had merged nothing
  const joinedTo = new Map(joined.flatMap(([first = '', ...others]) => others.map((id) => [id, first])));
  const sameAs = new Map(alike.groups.flatMap(([first = '', ...others]) => others.map((id) => [id, first])));
  const place = new Map(placed.map((id, i) => [id, i]));
  const links = {
    ...linksOf(
      placed,
      placed.map((id) => joinedTo.get(id) ?? id),
      decided.map((one) => ({ ...one, sides: sidesOf(one.sides, (id) => sameAs.get(id) ?? id) })),
    ),
    same: [...sameAs].flatMap(([copy, first]): [number, number][] => {
      const [i, j] = [place.get(copy), place.get(first)];
      return i === undefined || j === undefined ? [] : [[i, j]];
    }),
  };
  return { knownAt, table, ids: placed, entityOf, links: kind === 'account' ? { ...links, isApart: otherDomain(table) } : links };
}

function sidesOf([left, right]: LoggedDecision['sides'], standFor: (id: string) => string): LoggedDecision['sides'] {
  return [left.map(standFor), right.map(standFor)];
}

/**
 * What is known of the nodes beside what they say.
 * @param countsAs of each node another that it is one with, or itself
 * @param decided what people said of two
 */
export function linksOf(ids: readonly string[], countsAs: readonly string[], decided: readonly LoggedDecision[]): KnownLinks {
  const place = new Map(ids.map((id, i) => [id, i]));
  const together: [number, number][] = [];
  const join = (i: number | undefined, j: number | undefined) => {
    if (i !== undefined && j !== undefined && i !== j) together.push([i, j]);
  };
  countsAs.forEach((other, i) => {
    if (other !== ids[i]) join(place.get(other), i);
  });
  const apart = new Map<number, number[]>();
  const part = (i: number | undefined, j: number | undefined) => {
    if (i === undefined || j === undefined) return;
    apart.set(i, [...(apart.get(i) ?? []), j]);
    apart.set(j, [...(apart.get(j) ?? []), i]);
  };
  for (const { verb, sides } of decided) {
    for (const left of sides[0]) for (const right of sides[1]) (verb === 'must_link' ? join : part)(place.get(left), place.get(right));
  }
  return { together, apartFrom: (record) => apart.get(record) ?? [] };
}

/** Two accounts with domains that differ are two until a person says otherwise: a subsidiary, a brand, a namesake. */
function otherDomain({ domain }: Table): (a: number, b: number) => boolean {
  if (domain === undefined) return () => false;
  return (a, b) => {
    const [x, y] = [domain.codes[a] as number, domain.codes[b] as number];
    return x >= 0 && y >= 0 && x !== y;
  };
}
