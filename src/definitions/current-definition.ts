import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import type { Definition, DefinitionKind, DefinitionRef } from './core/definition.ts';
import { definitionOf, versionRow } from './stored.ts';

export type { Definition, DefinitionKind, DefinitionRef } from './core/definition.ts';

/** What an output says of a definition it used. */
export function refOf({ kind, hash, version, status }: Definition): DefinitionRef {
  return { kind, hash, version, status };
}

/**
 * The definition of a kind that was in use at an instant; now when left out.
 * @throws SamepageError `not_found` when none was.
 */
export async function currentDefinition<K extends DefinitionKind>(tx: Tx, ctx: Context, kind: K, knownAt?: Date): Promise<Definition<K>> {
  const rows = z.array(versionRow).parse(
    await tx.query(
      `select v.kind, v.hash, v.version, v.document from definition_version v
       where v.workspace_id = $1 and v.kind = $2 and v.hash = (
         select h.hash from definition_head h
         where h.workspace_id = $1 and h.kind = $2 and ($3::timestamptz is null or h.recorded_at <= $3::timestamptz)
         order by h.recorded_at desc limit 1)`,
      [ctx.workspaceId, kind, knownAt?.toISOString() ?? null],
      { prepare: true },
    ),
  );
  const [row] = rows;
  if (row !== undefined) return definitionOf(kind, row);
  throw new SamepageError(
    'not_found',
    knownAt === undefined ? `This workspace has no ${kind} yet.` : `No ${kind} was in use at ${knownAt.toISOString()}.`,
    knownAt === undefined
      ? 'Run `samepage-mcp definitions import FILE` with one.'
      : 'Ask for a later time: `samepage-mcp definitions list` shows since when each version has been in use.',
  );
}
