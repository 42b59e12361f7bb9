import { z } from 'zod';
import { audit, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { checkedDocuments } from './checked-documents.ts';
import type { DefinitionRef } from './core/definition.ts';
import { writeVersions } from './write-versions.ts';

const input = z.strictObject({
  /** Documents as parsed JSON or YAML. Those that depend on each other are saved together. */
  documents: z.array(z.unknown()).min(1).max(20),
});

export interface Saved extends DefinitionRef {
  /** `new`: a version that was not there. `current_again`: an older one is in use again. `unchanged`: it was in use already. */
  outcome: 'new' | 'current_again' | 'unchanged';
  /** The version that was in use before. */
  previous: { hash: string; version: number } | null;
}

/** What has to follow in the same transaction from the definitions that came into use. */
export type Settle = (tx: Tx, moved: readonly Saved[], recordedAt: Date) => Promise<void>;

/**
 * Saves documents and puts them in use, all or none. They are checked against each other and against the definitions in
 * use, and so are the definitions in use that refer to them.
 * @throws SamepageError `invalid_input` with every problem.
 */
export async function saveDefinitions(ctx: Context, given: z.input<typeof input>, settle: Settle = async () => {}): Promise<Saved[]> {
  requireScope(ctx, 'write');
  const { documents } = input.parse(given);
  return recordInWorkspace(ctx, async (tx, recordedAt) => {
    const checked = await checkedDocuments(tx, ctx, documents);
    const saved = await writeVersions(tx, ctx, checked, recordedAt);
    const moved = saved.filter((one) => one.outcome !== 'unchanged');
    await settle(tx, moved, recordedAt);
    if (moved.length > 0)
      await audit(tx, ctx, 'save_definition', moved.map((one) => `${one.kind} v${one.version} ${one.hash} ${one.outcome}`).join(', '));
    return saved;
  });
}

/** Saves one document and puts it in use; see `saveDefinitions`. */
export async function saveDefinition(ctx: Context, { document }: { document: unknown }): Promise<Saved> {
  const [saved] = await saveDefinitions(ctx, { documents: [document] });
  if (saved === undefined) throw new Error('one document in, one result out');
  return saved;
}
