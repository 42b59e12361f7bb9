import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { differences, differenceText } from './core/difference.ts';
import { labelsOf } from './core/sentence.ts';
import { type FileReport, type GivenFile, validateFiles } from './core/validate.ts';
import { currentDocuments, worldOf } from './current-documents.ts';

/** What each file would change in the definition in use of its kind, as lines; none for a file with problems. */
export async function diffDefinitions(ctx: Context, files: readonly GivenFile[]): Promise<{ report: FileReport; lines: string[] }[]> {
  requireScope(ctx, 'read');
  const current = await readWorkspace(ctx, (tx) => currentDocuments(tx, ctx));
  const world = worldOf(current);
  const labels = labelsOf(world.taxonomy);
  return validateFiles(files, world).map((report) => {
    const { kind, document } = report;
    const isWhole = kind !== undefined && document !== undefined;
    return { report, lines: isWhole ? differences(current.get(kind), document, labels).map(differenceText) : [] };
  });
}
