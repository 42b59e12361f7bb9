import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { problemText } from '../kernel/error-text.ts';
import { type Problem, SamepageError } from '../kernel/errors.ts';
import { checkReferences, type World } from './core/check-references.ts';
import { type DefinitionDocument, type DefinitionKind, parseDefinition } from './core/definition.ts';
import { asProblems } from './core/problems.ts';
import { currentDocuments, worldOf } from './current-documents.ts';

export interface Checked {
  kind: DefinitionKind;
  hash: string;
  document: DefinitionDocument;
}

/**
 * Parses documents and checks what they refer to, with one another and with those around them.
 * @param around the definitions in use, when left out
 * @throws SamepageError `invalid_input` with every problem; `conflict` when a definition in use would no longer hold.
 */
export async function checkedDocuments(
  tx: Tx,
  ctx: Context,
  documents: readonly unknown[],
  around?: ReadonlyMap<DefinitionKind, DefinitionDocument>,
): Promise<Checked[]> {
  const parsed = documents.map((document) => ({ given: document, ...parseDefinition(document) }));
  const repeated = parsed.filter((p, i) => p.kind !== undefined && parsed.findIndex((q) => q.kind === p.kind) !== i);
  if (repeated.length > 0)
    throw refused([{ path: 'kind', reason: `there are two documents of kind ${repeated[0]?.kind}; give one of each` }]);

  const current = around ?? (await currentDocuments(tx, ctx));
  const proposed = new Map(parsed.flatMap((p) => (p.ok ? [[p.kind, p.document] as const] : [])));
  const world = worldOf(new Map([...current, ...proposed]));
  const many = documents.length > 1;
  const problems = parsed.flatMap((p): Problem[] => {
    const shape = p.ok ? [] : p.problems;
    const references = p.kind === undefined ? [] : checkReferences(p.kind, p.ok ? p.document : p.rest, world);
    const found = asProblems([...shape, ...references], p.given);
    return many ? found.map((problem) => ({ ...problem, path: `${p.kind ?? 'document'}: ${problem.path}` })) : found;
  });
  if (problems.length > 0) throw refused(problems);

  const before = worldOf(current);
  const broken = [...current].flatMap(([kind, document]): Problem[] => {
    if (proposed.has(kind)) return [];
    const brokenIn = (around: World) => asProblems(checkReferences(kind, document, around), document);
    // what was saved before a rule came in stays as it is
    const already = new Set(brokenIn(before).map((p) => `${p.path} ${p.reason}`));
    return brokenIn(world)
      .filter((p) => !already.has(`${p.path} ${p.reason}`))
      .map((p) => ({ ...p, path: `${kind}: ${p.path}` }));
  });
  if (broken.length > 0)
    throw new SamepageError(
      'conflict',
      `Definitions in use refer to what is no longer there: ${broken.length} ${broken.length === 1 ? 'place' : 'places'}.`,
      'Keep what they refer to, or save the changed documents together.',
      { problems: broken },
    );
  return parsed.flatMap((p) => (p.ok ? [{ kind: p.kind, hash: p.hash, document: p.document }] : []));
}

function refused(problems: readonly Problem[]): SamepageError {
  const [first] = problems;
  return new SamepageError(
    'invalid_input',
    first !== undefined && problems.length === 1
      ? `The definition has a problem at ${problemText(first)}.`
      : `The definition has ${problems.length} problems.`,
    'Correct the document at each path that a problem names, and give it whole again.',
    { problems },
  );
}
