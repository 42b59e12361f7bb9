import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { auditHash, readWorkspace, requireScope } from './workspace.ts';

export interface AuditVerdict {
  /** Entries that were found, up to the first that is wrong. */
  entries: number;
  /** The first entry that is wrong, and how; undefined when the chain is whole. */
  broken: { seq: number; reason: 'missing' | 'changed' | 'out of order' | 'unexpected' } | undefined;
}

const PAGE = 1_000;
const headSchema = z.array(z.object({ audit_seq: z.number(), audit_hash: z.string() })).max(1);
const entrySchema = z.object({
  seq: z.number(),
  recorded_at: z.coerce.date(),
  actor: z.string(),
  verb: z.string(),
  detail: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
type Entry = z.infer<typeof entrySchema>;

async function page(tx: Tx, workspaceId: string, after: number): Promise<Entry[]> {
  const rows = await tx.query(
    `select seq, recorded_at, actor, verb, detail, previous_hash, hash from audit_entry
     where workspace_id = $1 and seq > $2 order by seq limit ${PAGE}`,
    [workspaceId, after],
  );
  return z.array(entrySchema).parse(rows);
}

/**
 * Follows the workspace's audit chain from its first entry to the head that the workspace row keeps, in one snapshot and
 * bounded memory. Finds an entry that was edited, dropped (also the last), swapped with another or added.
 */
export async function verifyAudit(ctx: Context): Promise<AuditVerdict> {
  requireScope(ctx, 'read');
  return readWorkspace(ctx, (tx) => verifyAuditIn(tx, ctx.workspaceId));
}

/** The same inside a transaction, which has named the workspace. */
export async function verifyAuditIn(tx: Tx, workspaceId: string): Promise<AuditVerdict> {
  const rows = await tx.query('select audit_seq, audit_hash from workspace where workspace_id = $1', [workspaceId]);
  const head = headSchema.parse(rows)[0] ?? { audit_seq: 0, audit_hash: '' };
  let previousHash = '';
  let seq = 0;
  const broken = (at: number, reason: NonNullable<AuditVerdict['broken']>['reason']): AuditVerdict => ({
    entries: seq,
    broken: { seq: at, reason },
  });
  for (;;) {
    const entries = await page(tx, workspaceId, seq);
    for (const entry of entries) {
      if (entry.seq !== seq + 1) return broken(seq + 1, 'missing');
      if (entry.seq > head.audit_seq) return broken(entry.seq, 'unexpected');
      if (entry.previous_hash !== previousHash) return broken(entry.seq, 'out of order');
      const { actor, verb, detail } = entry;
      const recordedAt = entry.recorded_at.toISOString();
      const hash = auditHash({ workspaceId, seq: entry.seq, recordedAt, actor, verb, detail, previousHash });
      if (hash !== entry.hash) return broken(entry.seq, 'changed');
      previousHash = hash;
      seq = entry.seq;
    }
    if (entries.length < PAGE) break;
  }
  if (seq < head.audit_seq) return broken(seq + 1, 'missing');
  if (previousHash !== head.audit_hash) return broken(seq, 'changed');
  return { entries: seq, broken: undefined };
}
