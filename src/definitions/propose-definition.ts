import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { dayOf, ISO_DATE, isIsoDate, isoFromDay } from '../kernel/dates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { type DefinitionKind, definitionKind } from './core/definition.ts';
import { applyChanges } from './core/patch.ts';
import { openProposal } from './core/signing.ts';
import { currentDefinition } from './current-definition.ts';
import { definitionByHash } from './definition-by-hash.ts';
import { proposeDocuments } from './propose-documents.ts';
import { readSigning } from './read-signing.ts';
import type { Saved } from './save-definition.ts';
import { writeState } from './write-state.ts';

export const proposeDefinitionInput = z
  .strictObject({
    kind: definitionKind,
    document: z.record(z.string(), z.unknown()).optional(),
    changes: z
      .array(z.strictObject({ path: z.string().min(1).max(500), value: z.unknown().optional() }))
      .min(1)
      .max(200)
      .optional(),
    withdraw: z.boolean().optional(),
    active_from: z.string().refine(isIsoDate, ISO_DATE).optional(),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .refine((i) => [i.document, i.changes, i.withdraw].filter((x) => x !== undefined && x !== false).length === 1, {
    path: ['changes'],
    error: 'give one of changes, document, withdraw',
  });
type Input = z.output<typeof proposeDefinitionInput>;

/**
 * Opens a new version of a definition for signature, given whole or as changes to the version that is open, or else in use;
 * or takes back the one that is open. Nothing comes into use by it.
 * @throws SamepageError `invalid_input` with every problem; `conflict` when it is what is in use, or nothing is open to withdraw.
 */
export async function proposeDefinition(ctx: Context, given: z.input<typeof proposeDefinitionInput>): Promise<Saved> {
  requireScope(ctx, 'write');
  const input = parseInput(proposeDefinitionInput, given, 'propose_definition');
  const { kind, active_from: activeFrom = null, reason = null } = input;
  if (activeFrom !== null && activeFrom < isoFromDay(dayOf(ctx.now())))
    throw refused('active_from', activeFrom, 'is in the past', 'Give today or a later day, or leave it out.');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    if (input.withdraw === true) return withdraw(tx, ctx, { kind, reason }, recordedAt);
    const { document, changed } = await documentOf(tx, ctx, input);
    if (document.kind !== kind)
      throw document.kind === undefined
        ? refused('kind', kind, 'stands nowhere in the document', 'Write it in the document as its key kind.')
        : refused('kind', kind, `is not the document's, which is ${shown(document.kind)}`, 'Name the kind that the document is of.');
    const [proposed] = await proposeDocuments(tx, ctx, { documents: [document], activeFrom, reason }, recordedAt).catch(
      (error: unknown) => {
        throw changed === undefined ? error : namingChanges(error, changed);
      },
    );
    if (proposed === undefined) throw new Error('one document in, one result out');
    if (proposed.outcome === 'unchanged')
      throw new SamepageError(
        'conflict',
        `This ${kind} is the version that is in use: v${proposed.version} ${proposed.hash}.`,
        'Make a change, or have it signed as it is with sign_definition.',
      );
    if (proposed.outcome === 'proposed') await audit(tx, ctx, 'propose_definition', `${kind} v${proposed.version} ${proposed.hash}`);
    return proposed;
  });
}

/** A change as it was given, and where in the document it went. */
interface Changed {
  path: string;
  place: string;
}

async function documentOf(
  tx: Tx,
  ctx: Context,
  { kind, document, changes = [] }: Input,
): Promise<{ document: Record<string, unknown>; changed?: Changed[] }> {
  if (document !== undefined) return { document };
  const open = openProposal(await readSigning(tx, ctx, kind));
  const base = open === undefined ? await currentDefinition(tx, ctx, kind) : await definitionByHash(tx, ctx, kind, open.hash);
  const patched = applyChanges(base.document, changes);
  if (patched.problems.length > 0)
    throw new SamepageError(
      'invalid_input',
      `changes: "${shown(patched.problems[0]?.path)}" ${patched.problems[0]?.reason}.`,
      `Call get_definition with kind "${kind}" and response_format "detailed" for the document, and give each path as it is there.`,
      { problems: patched.problems.map(({ path, reason }) => ({ path: 'changes', value: shown(path), reason })) },
    );
  return {
    document: z.record(z.string(), z.unknown()).parse(patched.document),
    changed: changes.map(({ path }, i) => ({ path, place: patched.places[i] ?? '' })),
  };
}

/** Whether a place of a document is another, or inside it. */
const isWithin = (place: string, of: string) => place.startsWith(of) && /^([.[]|$)/.test(place.slice(of.length));

/** What is wrong with a document that was given as changes, with the changes that made it so. */
function namingChanges(error: unknown, changed: readonly Changed[]): unknown {
  if (!(error instanceof SamepageError) || error.code !== 'invalid_input') return error;
  const named = changed.filter(({ place }) => error.problems.some(({ path }) => isWithin(path, place) || isWithin(place, path)));
  const those = [...new Set((named.length > 0 ? named : changed).map(({ path }) => `"${shown(path)}"`))];
  const which = those.length === 1 ? `the change at ${those[0]}` : `the changes at ${those.slice(0, 10).join(', ')}`;
  return new SamepageError(
    error.code,
    error.message,
    `Correct ${which}, and give the changes again${named.length > 0 ? '' : ': together they make the problem'}; nothing was proposed.`,
    { problems: error.problems },
  );
}

async function withdraw(
  tx: Tx,
  ctx: Context,
  { kind, reason }: { kind: DefinitionKind; reason: string | null },
  recordedAt: Date,
): Promise<Saved> {
  const open = openProposal(await readSigning(tx, ctx, kind));
  if (open === undefined)
    throw new SamepageError('conflict', `No ${kind} is proposed.`, `Call get_definition with kind "${kind}" for what is in use.`);
  await writeState(tx, ctx, { ...open, kind, state: 'withdrawn', signed: false, reason }, recordedAt);
  const [current, withdrawn] = [await currentDefinition(tx, ctx, kind), await definitionByHash(tx, ctx, kind, open.hash)];
  await audit(tx, ctx, 'withdraw_proposal', `${kind} v${withdrawn.version} ${open.hash}`);
  const { hash, version } = current;
  return { kind, hash: open.hash, version: withdrawn.version, status: 'draft', outcome: 'withdrawn', previous: { hash, version } };
}

function refused(path: string, value: string, reason: string, next: string): SamepageError {
  return new SamepageError('invalid_input', `${path} ${reason} (found ${shown(value)}).`, next, {
    problems: [{ path, value: shown(value), reason }],
  });
}
