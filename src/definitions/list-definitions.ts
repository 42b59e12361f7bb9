import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { DEFINITION_KINDS, type DefinitionRef, definitionKind } from './core/definition.ts';
import { SIGNED, statusOf } from './stored.ts';

export const listDefinitionsInput = z.strictObject({ kind: definitionKind.optional() });

export interface ListedVersion extends DefinitionRef {
  recordedAt: string;
  recordedBy: string;
  /** Since when it is in use; null when another version is. */
  inUseSince: string | null;
}

const row = z.object({
  kind: definitionKind,
  hash: z.string(),
  version: z.number(),
  recorded_at: z.coerce.date(),
  recorded_by: z.string(),
  in_use_since: z.coerce.date().nullable(),
  signed: z.boolean().nullable(),
});

/** Every version of every kind, or of one: by kind in the usual order, the newest version first. */
export async function listDefinitions(ctx: Context, given: z.input<typeof listDefinitionsInput> = {}): Promise<ListedVersion[]> {
  requireScope(ctx, 'read');
  const { kind } = parseInput(listDefinitionsInput, given, 'samepage-mcp definitions list');
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query(
      `select v.kind, v.hash, v.version, v.recorded_at, v.recorded_by, case when h.hash = v.hash then h.recorded_at end as in_use_since, ${SIGNED}
       from definition_version v
       join (select distinct on (kind) kind, hash, recorded_at from definition_head
             where workspace_id = $1 order by kind, recorded_at desc) h on h.kind = v.kind
       where v.workspace_id = $1 and ($2::text is null or v.kind = $2::text)
       order by v.version desc`,
      [ctx.workspaceId, kind ?? null],
    ),
  );
  const versions = z.array(row).parse(rows);
  return DEFINITION_KINDS.flatMap((one) => versions.filter((v) => v.kind === one)).map((v) => ({
    kind: v.kind,
    hash: v.hash,
    version: v.version,
    status: statusOf(v.signed),
    recordedAt: v.recorded_at.toISOString(),
    recordedBy: v.recorded_by,
    inUseSince: v.in_use_since?.toISOString() ?? null,
  }));
}
