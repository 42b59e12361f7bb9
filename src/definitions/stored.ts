import { z } from 'zod';
import { type Definition, type DefinitionKind, type DefinitionRef, type DocumentOf, readStored } from './core/definition.ts';

export const versionRow = z.object({
  kind: z.string(),
  hash: z.string(),
  version: z.number(),
  /** Null where the reader said that it has the document. */
  document: z.string().nullable(),
  /** What `SIGNED` selects: null where the version was never proposed or signed. */
  signed: z.boolean().nullable(),
});

/** Whether every required team's signature of the version `v` stands, as SQL. */
export const SIGNED = `(select s.signed from definition_state s
  where s.workspace_id = v.workspace_id and s.kind = v.kind and s.hash = v.hash order by s.recorded_at desc limit 1) as signed`;

/** Parsed documents by kind and hash. A hash names its content, so an entry never goes stale; all workspaces may share it. */
const parsed = new Map<string, unknown>();
const MOST_KEPT = 64;

/** The documents of a kind that are at hand, by hash, and need not be read again. */
export function documentsKept<K extends DefinitionKind>(kind: K): ReadonlyMap<string, DocumentOf[K]> {
  const mine = [...parsed].filter(([key]) => key.startsWith(`${kind} `));
  return new Map(mine.map(([key, document]) => [key.slice(kind.length + 1), document as DocumentOf[K]]));
}

/**
 * A row of `definition_version` as a definition. The document is shared: treat it as read-only.
 * @param kept what `documentsKept` gave before the row was read, when the row leaves those documents out
 */
export function definitionOf<K extends DefinitionKind>(
  kind: K,
  row: z.infer<typeof versionRow>,
  kept?: ReadonlyMap<string, DocumentOf[K]>,
): Definition<K> {
  const document = row.document === null ? kept?.get(row.hash) : documentOf(kind, row.hash, row.document);
  if (document === undefined) throw new Error(`the ${kind} ${row.hash} was read without its document`);
  return { kind, hash: row.hash, version: row.version, status: statusOf(row.signed), document } as Definition<K>;
}

export function statusOf(signed: boolean | null): DefinitionRef['status'] {
  return signed === true ? 'signed' : 'draft';
}

function documentOf<K extends DefinitionKind>(kind: K, hash: string, canonical: string): DocumentOf[K] {
  const key = `${kind} ${hash}`;
  const known = parsed.get(key) as DocumentOf[K] | undefined;
  if (known !== undefined) return known;
  const document = readStored(kind, canonical);
  const oldest = parsed.keys().next();
  if (parsed.size >= MOST_KEPT && !oldest.done) parsed.delete(oldest.value);
  parsed.set(key, document);
  return document;
}
