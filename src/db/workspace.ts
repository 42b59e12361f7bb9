import { z } from 'zod';
import { documentHash } from '../kernel/canonical-json.ts';
import type { Context, Scope } from '../kernel/context.ts';
import type { ChainEnd, Planning, SqlRow, Tx } from '../kernel/database.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { SqlParams } from '../kernel/sql-params.ts';
import { plannedBy, planningSql } from './bulk.ts';
import { txWith } from './tx-with.ts';

/** Refuses an actor without the scope: the first step of every verb. */
export function requireScope(ctx: Pick<Context, 'actor'>, scope: Scope): void {
  if (ctx.actor.scopes.has(scope)) return;
  throw new SamepageError(
    'permission_denied',
    `This call needs the scope "${scope}".`,
    'Start the server without --read-only, or ask someone who may write.',
  );
}

function nameWorkspace(tx: Tx, workspaceId: string, planning?: Planning): Promise<SqlRow[]> {
  const settings = planning === undefined ? '' : `, ${planningSql(planning)}`;
  return tx.query(`select set_config('app.workspace_id', $1, true)${settings}`, [workspaceId], { prepare: true });
}

/** One read-only snapshot of the workspace. */
export function readWorkspace<T>(ctx: Context, run: (tx: Tx) => Promise<T>, options: { planning?: Planning } = {}): Promise<T> {
  const { planning } = options;
  const named = async (tx: Tx) => {
    // what follows is sent without waiting for the answer, and takes effect after it: until then no row is seen
    const naming = nameWorkspace(tx, ctx.workspaceId, planning);
    naming.catch(() => {});
    const result = await run(planning === undefined ? tx : plannedBy(tx, planning, naming));
    await naming;
    return result;
  };
  return ctx.db.transaction('read', named, { signal: ctx.signal });
}

/**
 * A read beside the one that `tx` is of, on the same snapshot: the two go on at the same time, where the database can.
 * @param tx of `readWorkspace`, which ends after this
 */
export function readBeside<T>(ctx: Context, tx: Tx, run: (tx: Tx) => Promise<T>): Promise<T> {
  if (ctx.db.beside === undefined) return run(tx);
  return ctx.db.beside(tx, async (own) => {
    const naming = nameWorkspace(own, ctx.workspaceId);
    const [result] = await Promise.all([run(own), naming]);
    return result;
  });
}

/** A transaction that writes what is derived (scores, runs), and so does not move the knowledge clock. */
export function deriveInWorkspace<T>(ctx: Context, run: (tx: Tx) => Promise<T>): Promise<T> {
  const named = async (tx: Tx) => {
    const naming = nameWorkspace(tx, ctx.workspaceId);
    naming.catch(() => {});
    await ctx.noteKey?.(tx);
    const result = await run(tx);
    await naming;
    return result;
  };
  return ctx.db.transaction('write', named, { signal: ctx.signal });
}

const tickSchema = z.array(z.object({ known_at: z.coerce.date(), audit_seq: z.number(), audit_hash: z.string() })).length(1);

/**
 * A transaction that adds to what the workspace knows. `recordedAt` is its tick of the knowledge clock: the row lock keeps
 * the workspace's writers in commit order, so whoever reads the clock in a snapshot sees everything recorded up to it and
 * nothing after (docs/decisions/knowledge-clock.md). Keep it short; no network inside.
 */
export function recordInWorkspace<T>(ctx: Context, run: (tx: Tx, recordedAt: Date) => Promise<T>): Promise<T> {
  const ticked = async (tx: Tx) => {
    const naming = nameWorkspace(tx, ctx.workspaceId);
    naming.catch(() => {});
    const now = ctx.now().toISOString();
    const ticking = tx.query(
      `insert into workspace (workspace_id, created_at, known_at, audit_seq, audit_hash)
       values ($1, $2::timestamptz, $2::timestamptz, 0, '')
       on conflict (workspace_id) do update
         set known_at = greatest(workspace.known_at + interval '1 millisecond', excluded.known_at)
       returning known_at, audit_seq, audit_hash`,
      [ctx.workspaceId, now],
      { prepare: true },
    );
    const [rows] = await Promise.all([ticking, naming]);
    const tick = tickSchema.parse(rows)[0];
    if (tick === undefined) throw new Error('the workspace row was not returned');
    await ctx.noteKey?.(tx);
    return run(txWith(tx, { chainEnd: { seq: tick.audit_seq, hash: tick.audit_hash } }), tick.known_at);
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

const auditSchema = z.array(z.object({ seq: z.number(), hash: z.string() })).length(1);

/** Holds the workspace's row, if it is not held yet. */
async function chainEndOf(tx: Tx, ctx: Context): Promise<ChainEnd> {
  if (tx.chainEnd !== undefined) return tx.chainEnd;
  const rows = await tx.query(
    'select audit_seq as seq, audit_hash as hash from workspace where workspace_id = $1 for update',
    [ctx.workspaceId],
    { prepare: true },
  );
  const end = auditSchema.parse(rows)[0];
  if (end === undefined) throw new Error('the workspace row was not returned');
  return end;
}

/** Appends to the workspace's audit chain, inside the transaction it tells of. `detail` holds counts and ids, never personal data. */
export function audit(tx: Tx, ctx: Context, verb: string, detail: string): Promise<void> {
  return auditAll(tx, [{ ctx, verb, detail }]);
}

/** The same of several acts of one workspace that share a transaction, in their order. */
export async function auditAll(tx: Tx, acts: readonly { ctx: Context; verb: string; detail: string }[]): Promise<void> {
  const [first] = acts;
  if (first === undefined) return;
  const { workspaceId } = first.ctx;
  const end = await chainEndOf(tx, first.ctx);
  const entries = acts.map(({ ctx, verb, detail }) => {
    const entry: AuditLink = {
      workspaceId,
      seq: end.seq + 1,
      recordedAt: ctx.now().toISOString(),
      // a client gives its own name: it may be anything
      actor: shown(ctx.actor.id),
      verb,
      detail,
      previousHash: end.hash,
    };
    const hash = auditHash(entry);
    Object.assign(end, { seq: entry.seq, hash });
    return { ...entry, hash };
  });
  const params = new SqlParams();
  const ws = params.add(workspaceId);
  const of = (value: (entry: (typeof entries)[number]) => string) => entries.map(value);
  await tx.query(
    `with entry as (
       insert into audit_entry (workspace_id, seq, recorded_at, actor, verb, detail, previous_hash, hash)
       select ${ws}, e.* from ${params.rows('e', {
         seq: ['bigint', of(({ seq }) => String(seq))],
         recorded_at: ['timestamptz', of(({ recordedAt }) => recordedAt)],
         actor: ['text', of(({ actor }) => actor)],
         verb: ['text', of(({ verb }) => verb)],
         detail: ['text', of(({ detail }) => detail)],
         previous_hash: ['text', of(({ previousHash }) => previousHash)],
         hash: ['text', of(({ hash }) => hash)],
       })})
     update workspace set audit_seq = ${params.add(end.seq)}::bigint, audit_hash = ${params.add(end.hash)} where workspace_id = ${ws}`,
    params.values,
    { prepare: true },
  );
}
