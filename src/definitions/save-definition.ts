import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { checkedDocuments } from './checked-documents.ts';
import { type DefinitionRef, parseDefinition } from './core/definition.ts';
import { proposeDocuments, signedKinds } from './propose-documents.ts';
import { writeVersions } from './write-versions.ts';

const input = z.strictObject({
  /** Documents as parsed JSON or YAML. Those that depend on each other are saved together. */
  documents: z.array(z.unknown()).min(1).max(20),
});

export interface Saved extends DefinitionRef {
  /**
   * `new`: a version that was not there. `current_again`: an older one is in use again. `unchanged`: it was in use already.
   * `proposed`: it is open for signature. `proposed_already`: it was. `withdrawn`: it is no longer.
   */
  outcome: 'new' | 'current_again' | 'unchanged' | 'proposed' | 'proposed_already' | 'withdrawn';
  /** The version that is in use, or was before. */
  previous: { hash: string; version: number } | null;
}

/** What has to follow in the same transaction from the definitions that came into use. */
export type Settle = (tx: Tx, moved: readonly { kind: DefinitionRef['kind'] }[], recordedAt: Date) => Promise<void>;

/**
 * Saves documents and puts them in use as drafts, all or none. They are checked against each other and against the
 * definitions in use, and so are the definitions in use that refer to them. Where one would take the place of a version that
 * is signed, all of them are proposed instead: what both teams signed gives way to nothing less.
 * @throws SamepageError `invalid_input` with every problem.
 */
export async function saveDefinitions(ctx: Context, given: z.input<typeof input>, settle: Settle = async () => {}): Promise<Saved[]> {
  requireScope(ctx, 'write');
  const { documents } = parseInput(input, given, 'samepage-mcp definitions import');
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const signed = await signedKinds(tx, ctx);
    const kinds = documents.map((document) => parseDefinition(document).kind);
    const isProposal = kinds.some((kind) => kind !== undefined && signed.has(kind));
    const saved = isProposal
      ? await proposeDocuments(tx, ctx, { documents, activeFrom: null, reason: null }, recordedAt)
      : await writeVersions(tx, ctx, await checkedDocuments(tx, ctx, documents), recordedAt);
    const moved = saved.filter(({ outcome }) => outcome === 'new' || outcome === 'current_again');
    await settle(tx, moved, recordedAt);
    const told = saved.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'proposed_already');
    if (told.length > 0)
      await audit(
        tx,
        ctx,
        isProposal ? 'propose_definition' : 'save_definition',
        told.map((one) => `${one.kind} v${one.version} ${one.hash} ${one.outcome}`).join(', '),
      );
    return saved;
  });
}

/** Saves one document; see `saveDefinitions`. */
export async function saveDefinition(ctx: Context, { document }: { document: unknown }): Promise<Saved> {
  const [saved] = await saveDefinitions(ctx, { documents: [document] });
  if (saved === undefined) throw new Error('one document in, one result out');
  return saved;
}
