import { z } from 'zod';
import { deriveInWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

export interface RateLimits {
  perSecond?: number;
  perMinute?: number;
}

const heldSchema = z.array(z.object({ second_ms: z.number(), minute_ms: z.number(), pause_ms: z.number() })).length(1);

/**
 * Takes the next place in a provider's queue, which all processes of the workspace share: as many requests as a window allows
 * may go at once, and from then on they are spread over it (the generic cell rate algorithm, ATM Forum 1996). A place further off than
 * `patienceMs` is not taken.
 * @returns how long to wait before sending, in milliseconds, and whether the place is ours
 */
export async function takeTurn(
  ctx: Context,
  provider: string,
  limits: RateLimits,
  patienceMs: number,
): Promise<{ waitMs: number; taken: boolean }> {
  const { perSecond, perMinute } = limits;
  // a window without a limit never holds anybody up: its step is 0
  const [second, minute] = [stepMs(perSecond, 1_000), stepMs(perMinute, 60_000)];
  const now = ctx.now();
  return deriveInWorkspace(ctx, async (tx) => {
    // the row lock that the upsert takes keeps the queue in order
    const rows = await tx.query(
      `insert into provider_limit as held (workspace_id, provider, seconds_until, minutes_until, paused_until)
       values ($1, $2, $3::timestamptz, $3::timestamptz, $3::timestamptz)
       on conflict (workspace_id, provider) do update set seconds_until = greatest(held.seconds_until, excluded.seconds_until),
         minutes_until = greatest(held.minutes_until, excluded.minutes_until)
       returning extract(epoch from seconds_until - $3::timestamptz)::float8 * 1000 as second_ms,
         extract(epoch from minutes_until - $3::timestamptz)::float8 * 1000 as minute_ms,
         extract(epoch from paused_until - $3::timestamptz)::float8 * 1000 as pause_ms`,
      [ctx.workspaceId, provider, now.toISOString()],
      { prepare: true },
    );
    const [held] = heldSchema.parse(rows);
    if (held === undefined) throw new Error('the row of the limit was not returned');
    const waitMs = Math.ceil(
      Math.max(
        0,
        second === 0 ? 0 : held.second_ms + second - Math.max(second, 1_000),
        minute === 0 ? 0 : held.minute_ms + minute - Math.max(minute, 60_000),
        held.pause_ms,
      ),
    );
    if (waitMs > patienceMs) return { waitMs, taken: false };
    await tx.query(
      `update provider_limit set seconds_until = seconds_until + $3::float8 * interval '1 millisecond',
         minutes_until = minutes_until + $4::float8 * interval '1 millisecond'
       where workspace_id = $1 and provider = $2`,
      [ctx.workspaceId, provider, second, minute],
      { prepare: true },
    );
    return { waitMs, taken: true };
  });
}

/** Keeps everybody of the workspace from asking a provider for a while, as it said. */
export async function pauseProvider(ctx: Context, provider: string, forMs: number): Promise<void> {
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `insert into provider_limit (workspace_id, provider, seconds_until, minutes_until, paused_until)
       values ($1, $2, $3::timestamptz, $3::timestamptz, $3::timestamptz + $4::float8 * interval '1 millisecond')
       on conflict (workspace_id, provider) do update set paused_until = greatest(provider_limit.paused_until, excluded.paused_until)`,
      [ctx.workspaceId, provider, ctx.now().toISOString(), forMs],
      { prepare: true },
    ),
  );
}

function stepMs(limit: number | undefined, windowMs: number): number {
  return limit === undefined ? 0 : windowMs / limit;
}
