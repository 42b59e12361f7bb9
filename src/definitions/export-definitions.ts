import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readWorkspace, requireScope } from '../db/workspace.ts';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';
import { DEFINITION_KINDS } from './core/definition.ts';
import { validateFiles } from './core/validate.ts';
import { currentDocuments, worldOf } from './current-documents.ts';
import { readDefinitionFile } from './read-definition-file.ts';

export interface Exported {
  file: string;
  outcome: 'written' | 'unchanged';
}

/**
 * Writes the definitions in use to a folder, `rubric.yaml` and so on. A file that holds the same document is left alone, for
 * its comments; one that holds anything else is written over with `force` alone.
 * @throws SamepageError `conflict` before anything is written.
 */
export async function exportDefinitions(ctx: Context, { folder, force }: { folder: string; force: boolean }): Promise<Exported[]> {
  requireScope(ctx, 'read');
  const current = await readWorkspace(ctx, (tx) => currentDocuments(tx, ctx));
  const kinds = DEFINITION_KINDS.filter((kind) => current.has(kind));
  const files = kinds.map((kind) => join(folder, `${kind}.yaml`));
  const given = await Promise.all(files.map(readDefinitionFile));
  const there = validateFiles(given, worldOf(current));
  const same = kinds.map((kind, i) => there[i]?.hash === documentHash(current.get(kind)));
  const other = files.filter(
    (_, i) => same[i] !== true && (given[i]?.text !== undefined || given[i]?.flaw?.message !== 'there is no such file'),
  );
  if (other.length > 0 && !force)
    throw new SamepageError(
      'conflict',
      `${other.join(', ')} ${other.length === 1 ? 'is' : 'are'} there with something else in ${other.length === 1 ? 'it' : 'them'}; nothing was written.`,
      'See `samepage-mcp definitions diff`, then export with --force or to another folder.',
    );
  await mkdir(folder, { recursive: true });
  return Promise.all(
    kinds.map(async (kind, i): Promise<Exported> => {
      const file = files[i] ?? '';
      if (same[i] === true) return { file, outcome: 'unchanged' };
      await writeFile(file, stringify(current.get(kind), { lineWidth: 120 }));
      return { file, outcome: 'written' };
    }),
  );
}
