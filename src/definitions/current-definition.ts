import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import type { Definition, DefinitionKind, DefinitionRef } from './core/definition.ts';
import { definitionOf, documentsKept, SIGNED, versionRow } from './stored.ts';

export type { Definition, DefinitionRef } from './core/definition.ts';

/** What an output says of a definition it used. */
export function refOf({ kind, hash, version, status }: Definition): DefinitionRef {
  return { kind, hash, version, status };
}

/**
 * The definition of a kind that was in use at an instant; now when left out.
 * @throws SamepageError `not_found` when none was.
 */
export async function currentDefinition<K extends DefinitionKind>(tx: Tx, ctx: Context, kind: K, knownAt?: Date): Promise<Definition<K>> {
  const kept = documentsKept(kind);
  const [row] = await readCurrent(tx, ctx, kind, knownAt, [...kept.keys()]);
  if (row !== undefined) return definitionOf(kind, row, kept);
  throw new SamepageError(
    'not_found',
    knownAt === undefined ? `This workspace has no ${kind} yet.` : `No ${kind} was in use at ${knownAt.toISOString()}.`,
    knownAt === undefined
      ? 'Run `samepage-mcp definitions import FILE` with one.'
      : 'Ask for a later time: `samepage-mcp definitions list` shows since when each version has been in use.',
  );
}

/** A document that is at hand is not sent again: a rubric is larger than all else that one score needs. */
async function readCurrent(tx: Tx, ctx: Context, kind: DefinitionKind, knownAt: Date | undefined, atHand: readonly string[]) {
  const params = new SqlParams();
  const workspace = params.add(ctx.workspaceId);
  const ofKind = params.add(kind);
  const at = `${params.add(knownAt?.toISOString() ?? null)}::timestamptz`;
  const text = `select v.kind, v.hash, v.version, case when v.hash = any(${params.texts(atHand)}) then null else v.document end as document, ${SIGNED}
    from definition_version v where v.workspace_id = ${workspace} and v.kind = ${ofKind} and v.hash = (
      select h.hash from definition_head h
      where h.workspace_id = ${workspace} and h.kind = ${ofKind} and (${at} is null or h.recorded_at <= ${at})
      order by h.recorded_at desc limit 1)`;
  return z.array(versionRow).parse(await tx.query(text, params.values, { prepare: true }));
}
