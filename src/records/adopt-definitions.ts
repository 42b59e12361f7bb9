import { type Saved, saveDefinitions } from '../definitions/save-definition.ts';
import type { Context } from '../kernel/context.ts';
import { settleDefinitions } from './settle-definitions.ts';

/**
 * Saves definitions with all that follows from them; see `saveDefinitions`.
 * @throws SamepageError `invalid_input` with every problem; `conflict` when a definition in use would no longer hold.
 */
export function adoptDefinitions(ctx: Context, given: { documents: unknown[] }): Promise<Saved[]> {
  return saveDefinitions(ctx, given, settleDefinitions(ctx));
}
