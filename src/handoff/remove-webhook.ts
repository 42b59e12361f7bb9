import { z } from 'zod';
import { audit, deriveInWorkspace, requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { noSuchWebhook } from './list-webhooks.ts';

const removeWebhookInput = z.strictObject({ name: z.string().min(1).max(63) });

/** Ends an endpoint: nothing more is sent to it, and what it was owed is forgotten. @throws SamepageError `not_found` */
export async function removeWebhook(ctx: Context, given: z.input<typeof removeWebhookInput>): Promise<{ owed: number }> {
  requireScope(ctx, 'write');
  const { name } = parseInput(removeWebhookInput, given, 'samepage-mcp webhooks remove');
  return deriveInWorkspace(ctx, async (tx) => {
    const gone = await tx.query('delete from webhook_endpoint where workspace_id = $1 and name = $2 returning name', [
      ctx.workspaceId,
      name,
    ]);
    if (gone.length === 0) throw await noSuchWebhook(tx, ctx, name);
    const owed = await tx.query('delete from webhook_delivery where workspace_id = $1 and endpoint = $2 returning 1 as one', [
      ctx.workspaceId,
      name,
    ]);
    await audit(tx, ctx, 'remove_webhook', `${name}, ${owed.length} events owed`);
    return { owed: owed.length };
  });
}
