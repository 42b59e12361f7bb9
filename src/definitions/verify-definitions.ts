import { z } from 'zod';
import { canonicalJson, documentHash } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { definitionKind, readStored } from './core/definition.ts';
import { versionRow } from './stored.ts';

const storedRow = versionRow.omit({ signed: true }).extend({ document: z.string() });

export interface DefinitionsVerdict {
  /** Versions on file. */
  versions: number;
  /** `rubric v3: …`, for each that is not what its name says. */
  wrong: string[];
}

const headRows = z.array(z.object({ kind: z.string(), hash: z.string() }));

/** Holds every version against its hash, and the versions in use against those on file. */
export async function verifyDefinitions(tx: Tx, ctx: Context): Promise<DefinitionsVerdict> {
  const versions = z
    .array(storedRow)
    .parse(
      await tx.query('select kind, hash, version, document from definition_version where workspace_id = $1 order by kind, version', [
        ctx.workspaceId,
      ]),
    );
  const wrong = versions.flatMap((row) => {
    const reason = reasonAgainst(row);
    return reason === undefined ? [] : [`${row.kind} v${row.version}: ${reason}`];
  });
  const orphans = headRows.parse(
    await tx.query(
      `select distinct h.kind, h.hash from definition_head h
       left join definition_version v on v.workspace_id = h.workspace_id and v.kind = h.kind and v.hash = h.hash
       where h.workspace_id = $1 and v.hash is null order by h.kind, h.hash`,
      [ctx.workspaceId],
    ),
  );
  return {
    versions: versions.length,
    wrong: [...wrong, ...orphans.map(({ kind, hash }) => `${kind} ${hash.slice(0, 12)}: is in use and not on file`)],
  };
}

function reasonAgainst({ kind, hash, document }: z.infer<typeof storedRow>): string | undefined {
  const known = definitionKind.safeParse(kind).data;
  if (known === undefined) return 'is of a kind that this version does not know';
  try {
    const parsed: unknown = JSON.parse(document);
    if (documentHash(parsed) !== hash || canonicalJson(parsed) !== document) return 'its document is not the one that its hash names';
    readStored(known, document);
    return undefined;
  } catch {
    return 'its document cannot be read';
  }
}
