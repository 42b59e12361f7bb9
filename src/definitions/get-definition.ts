import { z } from 'zod';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { instantText } from '../kernel/instant-text.ts';
import { type Definition, type DefinitionKind, type DefinitionRef, definitionKind } from './core/definition.ts';
import { labelsOf } from './core/sentence.ts';
import { type SummarySection, summarise } from './core/summary.ts';
import { currentDefinition, refOf } from './current-definition.ts';
import { definitionByHash, definitionByVersion } from './definition-by-hash.ts';

export const getDefinitionInput = z
  .strictObject({
    kind: definitionKind,
    hash: z
      .string()
      .regex(/^[0-9a-f]{8,64}$/, 'the first 8 to 64 characters of a hash: 0–9 and a–f')
      .optional(),
    version: z.int().min(1).optional(),
    known_at: instantText.optional(),
  })
  .refine((i) => [i.hash, i.version, i.known_at].filter((x) => x !== undefined).length <= 1, 'give at most one of hash, version, known_at');

export interface DefinitionView {
  definition: Definition;
  /** When this version first came, and who saved it. */
  recordedAt: string;
  recordedBy: string;
  /** Since when it is in use; null when another version is. */
  inUseSince: string | null;
  /** How many versions of the kind there are. */
  versions: number;
  summary: SummarySection[];
  /** What the answer rests on: itself, and the taxonomy whose labels it speaks in. */
  used: DefinitionRef[];
}

const factsRow = z.object({
  recorded_at: z.coerce.date(),
  recorded_by: z.string(),
  in_use_since: z.coerce.date().nullable(),
  versions: z.number(),
});

/**
 * One version of a definition, the current one unless told otherwise, with its predicates as sentences.
 * @throws SamepageError `not_found`; `ambiguous` for the start of several hashes.
 */
export async function getDefinition(ctx: Context, given: z.input<typeof getDefinitionInput>): Promise<DefinitionView> {
  requireScope(ctx, 'read');
  const input = getDefinitionInput.parse(given);
  return readWorkspace(ctx, async (tx) => {
    const definition = await find(tx, ctx, input);
    const taxonomy = definition.kind === 'taxonomy' ? definition : await currentDefinition(tx, ctx, 'taxonomy');
    const rows = await tx.query(
      `select v.recorded_at, v.recorded_by, (select count(*)::int from definition_version where workspace_id = $1 and kind = $2) as versions,
              (select case when h.hash = $3 then h.recorded_at end from definition_head h
               where h.workspace_id = $1 and h.kind = $2 order by h.recorded_at desc limit 1) as in_use_since
       from definition_version v where v.workspace_id = $1 and v.kind = $2 and v.hash = $3`,
      [ctx.workspaceId, definition.kind, definition.hash],
    );
    const facts = factsRow.parse(rows[0]);
    return {
      definition,
      recordedAt: facts.recorded_at.toISOString(),
      recordedBy: facts.recorded_by,
      inUseSince: facts.in_use_since?.toISOString() ?? null,
      versions: facts.versions,
      summary: summarise(definition.document, labelsOf(taxonomy.document), taxonomy.document.rejection_codes),
      used: definition.kind === 'taxonomy' ? [refOf(definition)] : [refOf(definition), refOf(taxonomy)],
    };
  });
}

async function find(tx: Tx, ctx: Context, input: z.output<typeof getDefinitionInput>): Promise<Definition> {
  const { kind, hash, version, known_at } = input;
  if (version !== undefined) return definitionByVersion(tx, ctx, kind, version);
  if (hash !== undefined) return definitionByHash(tx, ctx, kind, await fullHash(tx, ctx, kind, hash));
  return currentDefinition(tx, ctx, kind, known_at === undefined ? undefined : new Date(known_at));
}

/** The hash that begins so. A hash no version has comes back as it is, and is not found. */
async function fullHash(tx: Tx, ctx: Context, kind: DefinitionKind, start: string): Promise<string> {
  const rows = await tx.query(
    'select hash, version from definition_version where workspace_id = $1 and kind = $2 and starts_with(hash, $3) order by version limit 10',
    [ctx.workspaceId, kind, start],
  );
  const found = z.array(z.object({ hash: z.string(), version: z.number() })).parse(rows);
  if (found.length > 1)
    throw new SamepageError(
      'ambiguous',
      `Several versions of the ${kind} begin with ${shown(start)}: ${found.map((v) => `v${v.version} ${v.hash.slice(0, 16)}`).join(', ')}.`,
      'Give more characters of the hash, or the version number.',
    );
  return found[0]?.hash ?? start;
}
