import { z } from 'zod';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context, Scope } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';

/** Refuses an actor without the scope: the first step of every verb. */
export function requireScope(ctx: Pick<Context, 'actor'>, scope: Scope): void {
  if (ctx.actor.scopes.has(scope)) return;
  throw new SamepageError(
    'permission_denied',
    `This call needs the scope "${scope}".`,
    'Start the server without --read-only, or ask someone who may write.',
  );
}

const nameWorkspace = (tx: Tx, workspaceId: string) =>
  tx.query("select set_config('app.workspace_id', $1, true)", [workspaceId], { prepare: true });

/** One read-only snapshot of the workspace. */
export function readWorkspace<T>(ctx: Context, run: (tx: Tx) => Promise<T>): Promise<T> {
  const named = async (tx: Tx) => {
    // what follows is sent without waiting for the answer, and takes effect after it: until then no row is seen
    const naming = nameWorkspace(tx, ctx.workspaceId);
    naming.catch(() => {});
    const result = await run(tx);
    await naming;
    return result;
  };
  return ctx.db.transaction('read', named, { signal: ctx.signal });
}

/** A transaction that writes what is derived (scores, runs), and so does not move the knowledge clock. */
export function deriveInWorkspace<T>(ctx: Context, run: (tx: Tx) => Promise<T>): Promise<T> {
  const named = async (tx: Tx) => {
    await nameWorkspace(tx, ctx.workspaceId);
    await ctx.noteKey?.(tx);
    return run(tx);
  };
  return ctx.db.transaction('write', named, { signal: ctx.signal });
}

const tickSchema = z.array(z.object({ known_at: z.coerce.date() })).length(1);

/**
 * A transaction that adds to what the workspace knows. `recordedAt` is its tick of the knowledge clock: the row lock keeps
 * the workspace's writers in commit order, so whoever reads the clock in a snapshot sees everything recorded up to it and
 * nothing after (docs/decisions/knowledge-clock.md). Keep it short; no network inside.
 */
export function recordInWorkspace<T>(ctx: Context, run: (tx: Tx, recordedAt: Date) => Promise<T>): Promise<T> {
  const ticked = async (tx: Tx) => {
    await nameWorkspace(tx, ctx.workspaceId);
    const now = ctx.now().toISOString();
    const rows = await tx.query(
      `insert into workspace (workspace_id, created_at, known_at, audit_seq, audit_hash)
       values ($1, $2::timestamptz, $2::timestamptz, 0, '')
       on conflict (workspace_id) do update
         set known_at = greatest(workspace.known_at + interval '1 millisecond', excluded.known_at)
       returning known_at`,
      [ctx.workspaceId, now],
      { prepare: true },
    );
    const tick = tickSchema.parse(rows)[0];
    if (tick === undefined) throw new Error('the workspace row was not returned');
    await ctx.noteKey?.(tx);
    return run(tx, tick.known_at);
  };
  return ctx.db.transaction('write', ticked, { signal: ctx.signal });
}

export interface AuditLink {
  workspaceId: string;
  seq: number;
  recordedAt: string;
  actor: string;
  verb: string;
  detail: string;
  previousHash: string;
}

/** The hash of an entry: over all that it says, its place and the entry before it. */
export function auditHash(entry: AuditLink): string {
  return documentHash(entry);
}

const auditSchema = z.array(z.object({ audit_seq: z.number(), audit_hash: z.string() })).length(1);

/** Appends to the workspace's audit chain, inside the transaction it tells of. `detail` holds counts and ids, never personal data. */
export async function audit(tx: Tx, ctx: Context, verb: string, detail: string): Promise<void> {
  const rows = await tx.query(
    'update workspace set audit_seq = audit_seq + 1 where workspace_id = $1 returning audit_seq, audit_hash',
    [ctx.workspaceId],
    { prepare: true },
  );
  const previous = auditSchema.parse(rows)[0];
  if (previous === undefined) throw new Error('the workspace row was not returned');
  const entry: AuditLink = {
    workspaceId: ctx.workspaceId,
    seq: previous.audit_seq,
    recordedAt: ctx.now().toISOString(),
    // a client gives its own name: it may be anything
    actor: shown(ctx.actor.id),
    verb,
    detail,
    previousHash: previous.audit_hash,
  };
  const hash = auditHash(entry);
  await tx.query(
    `insert into audit_entry (workspace_id, seq, recorded_at, actor, verb, detail, previous_hash, hash)
     values ($1, $2, $3::timestamptz, $4, $5, $6, $7, $8)`,
    [entry.workspaceId, entry.seq, entry.recordedAt, entry.actor, entry.verb, entry.detail, entry.previousHash, hash],
    { prepare: true },
  );
  await tx.query('update workspace set audit_hash = $2 where workspace_id = $1', [ctx.workspaceId, hash], { prepare: true });
}
