import { z } from 'zod';
import { deriveInWorkspace, readWorkspace } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';

/** A process that was killed is waited for so long; one that lives says so three times as often. */
export const HELD_MS = 30_000;

export interface HeldJob {
  name: string;
  /** Of this process and this once. */
  holder: string;
}

/** Takes a job that is due and that nobody does: false where another process does it, or just did. Called again by its holder, it holds it for longer. */
export async function holdJob(ctx: Context, { name, holder }: HeldJob): Promise<boolean> {
  const now = ctx.now();
  const rows = await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `insert into job as j (workspace_id, name, due_at, holder, held_until) values ($1, $2, $3::timestamptz, $4::uuid, $5::timestamptz)
       on conflict (workspace_id, name) do update set holder = excluded.holder, held_until = excluded.held_until
       where j.holder = excluded.holder or (j.due_at <= $3::timestamptz and (j.holder is null or j.held_until <= $3::timestamptz))
       returning name`,
      [ctx.workspaceId, name, now.toISOString(), holder, new Date(now.getTime() + HELD_MS).toISOString()],
      { prepare: true },
    ),
  );
  return rows.length > 0;
}

/** Lets a job go, done or broken off. @param dueAt when it is due again; left out, as it was */
export async function releaseJob(ctx: Context, { name, holder }: HeldJob, dueAt?: Date): Promise<void> {
  await deriveInWorkspace(ctx, (tx) =>
    tx.query(
      `update job set holder = null, held_until = null, due_at = coalesce($4::timestamptz, due_at),
         ended_at = case when $4::timestamptz is null then ended_at else $5::timestamptz end
       where workspace_id = $1 and name = $2 and holder = $3::uuid`,
      [ctx.workspaceId, name, holder, dueAt?.toISOString() ?? null, ctx.now().toISOString()],
      { prepare: true },
    ),
  );
}

const dueRows = z.array(z.object({ due_at: z.coerce.date() }));

/** When a job that comes round is due; now, when it never was done. */
export async function jobDueAt(ctx: Context, name: string): Promise<Date> {
  const rows = await readWorkspace(ctx, (tx) =>
    tx.query('select due_at from job where workspace_id = $1 and name = $2', [ctx.workspaceId, name], { prepare: true }),
  );
  return dueRows.parse(rows)[0]?.due_at ?? ctx.now();
}
