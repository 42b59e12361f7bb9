import { z } from 'zod';
import { readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { pause } from '../kernel/pause.ts';
import type { ProviderHouse } from './provider-house.ts';
import { settleCall } from './settle-call.ts';

const waitingRows = z.array(
  z.object({ id: z.string(), provider: z.string(), fields: z.array(z.string()), resume: z.string(), kind: z.enum(['account', 'person']) }),
);
const POLL_MS = 1500;

/** Asks the vendors that a run left at work how they stand, until they are done or the deadline is there. Nothing is begun anew. */
export async function resumeWaiting(
  ctx: Context,
  house: ProviderHouse,
  { run, deadlineMs }: { run: string; deadlineMs: number },
): Promise<void> {
  const rows = waitingRows.parse(
    await readWorkspace(ctx, (tx) =>
      tx.query(
        `select id::text, provider, fields, resume, kind from provider_call
         where workspace_id = $1 and run_id = $2::uuid and state = 'waiting' and resume is not null order by id`,
        [ctx.workspaceId, run],
      ),
    ),
  );
  const lasting: Context = { ...ctx, signal: new AbortController().signal };
  const until = performance.now() + deadlineMs;
  await Promise.all(
    rows.map(async ({ id, provider, fields, resume, kind }) => {
      const offer = house.offers.find((known) => known.id === provider);
      if (offer === undefined) return;
      let handle: string | undefined = resume;
      while (handle !== undefined && performance.now() < until && !ctx.signal.aborted) {
        const request = { subject: kind, inputs: {}, fields, resume: handle };
        const answer = await house.port.call(offer, request, { signal: AbortSignal.timeout(offer.timeoutMs) });
        // what could not be reached is still at work: only an answer settles it
        if (answer.outcome === 'hit' || answer.outcome === 'miss' || answer.resume !== undefined)
          await settleCall(lasting, id, offer, answer);
        else if (answer.outcome !== 'retry' && answer.outcome !== 'rate') return;
        if (answer.outcome === 'hit' || answer.outcome === 'miss') return;
        handle = answer.resume ?? handle;
        await pause(Math.min(answer.retryAfterMs ?? POLL_MS, Math.max(0, until - performance.now())), ctx.signal);
      }
    }),
  );
}
