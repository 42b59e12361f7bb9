import { readWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { labelsOf } from './core/sentence.ts';
import { type ClockChange, clockChanges } from './core/sla-effect.ts';
import { currentDefinition } from './current-definition.ts';
import { definitionByHash } from './definition-by-hash.ts';

/** The clocks that an SLA would run otherwise than the one in use. @throws SamepageError `not_found` for a hash that is not there. */
export function clockEffect(ctx: Context, { hash }: { hash: string }): Promise<ClockChange[]> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, async (tx) => {
    const [current, proposed, taxonomy] = await Promise.all([
      currentDefinition(tx, ctx, 'sla'),
      definitionByHash(tx, ctx, 'sla', hash),
      currentDefinition(tx, ctx, 'taxonomy'),
    ]);
    return clockChanges(current.document, proposed.document, {
      sources: taxonomy.document.lead_sources.map(({ id }) => id),
      labels: labelsOf(taxonomy.document),
    });
  });
}
