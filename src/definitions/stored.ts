import { z } from 'zod';
import { type Definition, type DefinitionKind, type DocumentOf, readStored } from './core/definition.ts';

export const versionRow = z.object({ kind: z.string(), hash: z.string(), version: z.number(), document: z.string() });

/** Parsed documents by kind and hash. A hash names its content, so an entry never goes stale; all workspaces may share it. */
const parsed = new Map<string, unknown>();
const MOST_KEPT = 64;

/** A row of `definition_version` as a definition. The document is shared: treat it as read-only. */
export function definitionOf<K extends DefinitionKind>(kind: K, row: z.infer<typeof versionRow>): Definition<K> {
  const key = `${kind} ${row.hash}`;
  let document = parsed.get(key) as DocumentOf[K] | undefined;
  if (document === undefined) {
    document = readStored(kind, row.document);
    const oldest = parsed.keys().next();
    if (parsed.size >= MOST_KEPT && !oldest.done) parsed.delete(oldest.value);
    parsed.set(key, document);
  }
  return { kind, hash: row.hash, version: row.version, status: 'draft', document } as Definition<K>;
}
