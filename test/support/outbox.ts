import { z } from 'zod';
import { readWorkspace, recordInWorkspace } from '../../src/db/workspace.ts';
import { addWebhook } from '../../src/handoff/add-webhook.ts';
import { deliverDue } from '../../src/handoff/deliver-due.ts';
import { nextDelivery } from '../../src/handoff/next-delivery.ts';
import type { Sender } from '../../src/handoff/webhook-sender.ts';
import { writeOutbox } from '../../src/handoff/write-outbox.ts';
import type { Context } from '../../src/kernel/context.ts';
import { SECRET } from './webhook-receiver.ts';

/** What a context needs to send to a receiver on this machine. */
export const WEBHOOK_SETTINGS = {
  webhookNetworks: ['127.0.0.1'],
  providers: {
    folder: undefined,
    secretsFile: undefined,
    contact: undefined,
    dayUsd: undefined,
    workspaceUsd: undefined,
    variable: (name: string) => (name === 'HOOK_SECRET' ? SECRET : undefined),
  },
} satisfies Partial<Context>;

export function hook(ctx: Context, url: string, name = 'loop', types?: string[]): Promise<unknown> {
  return addWebhook(ctx, { name, url, secret: 'HOOK_SECRET', ...(types !== undefined && { types }) });
}

/** An event of each subject, in one transaction. */
export function tell(ctx: Context, subjects: readonly string[], data: object = {}): Promise<void> {
  return recordInWorkspace(ctx, (tx, recordedAt) =>
    writeOutbox(
      tx,
      ctx,
      subjects.map((subject) => ({ type: 'hand_off.disposed', subject, data: { ...data } })),
      recordedAt,
    ),
  );
}

/** Delivers all there is, with the clock set on to each next attempt. @returns how often it was set on */
export async function deliverAll(ctx: Context & { setNow(instant: string): void }, sender: Sender): Promise<number> {
  for (let rounds = 0; ; rounds += 1) {
    await deliverDue(ctx, sender);
    const next = await nextDelivery(ctx);
    if (next === null) return rounds;
    if (next > ctx.now()) ctx.setNow(next.toISOString());
  }
}

const events = z.array(z.object({ id: z.string(), subject: z.string(), position: z.number(), data: z.unknown() }));

export async function outboxOf(ctx: Context): Promise<z.infer<typeof events>> {
  return events.parse(
    await readWorkspace(ctx, (tx) =>
      tx.query('select id::text, subject, position, data from outbox_event where workspace_id = $1 order by subject, position', [
        ctx.workspaceId,
      ]),
    ),
  );
}
