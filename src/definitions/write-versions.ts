import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Checked } from './checked-documents.ts';
import type { DefinitionKind } from './core/definition.ts';
import { latestState } from './core/signing.ts';
import { readSigning } from './read-signing.ts';
import type { Saved } from './save-definition.ts';
import { writeState } from './write-state.ts';

const stateRow = z.object({
  last: z.number(),
  same: z.number().nullable(),
  head_hash: z.string().nullable(),
  head_version: z.number().nullable(),
});

interface Kept {
  version: number;
  isNew: boolean;
  /** The version in use. */
  head: { hash: string; version: number } | null;
}

/** Writes a version that is not there yet, and puts none in use. The caller holds the workspace's write lock. */
export async function keepVersion(tx: Tx, ctx: Context, { kind, hash, document }: Checked, recordedAt: Date): Promise<Kept> {
  const rows = await tx.query(
    `select coalesce(max(v.version), 0)::int as last,
            max(v.version) filter (where v.hash = $3)::int as same,
            max(h.hash) as head_hash,
            max(v.version) filter (where v.hash = h.hash)::int as head_version
     from (select 1) one
     left join definition_version v on v.workspace_id = $1 and v.kind = $2
     left join (select hash from definition_head where workspace_id = $1 and kind = $2 order by recorded_at desc limit 1) h on true`,
    [ctx.workspaceId, kind, hash],
  );
  const { last, same, head_hash, head_version } = stateRow.parse(rows[0]);
  const head = head_hash === null || head_version === null ? null : { hash: head_hash, version: head_version };
  const version = same ?? last + 1;
  if (same === null)
    await tx.query(
      `insert into definition_version (workspace_id, kind, hash, version, document, recorded_at, recorded_by)
       values ($1, $2, $3, $4::int, $5, $6::timestamptz, $7)`,
      [ctx.workspaceId, kind, hash, version, canonicalJson(document), recordedAt.toISOString(), ctx.actor.id],
    );
  return { version, isNew: same === null, head };
}

/** Puts a version in use. One that was signed and was in use until now is superseded. */
export async function moveHead(tx: Tx, ctx: Context, kind: DefinitionKind, hash: string, recordedAt: Date): Promise<void> {
  const rows = await tx.query('select 1 from definition_head where workspace_id = $1 and kind = $2 limit 1', [ctx.workspaceId, kind]);
  if (rows.length > 0) {
    const signing = await readSigning(tx, ctx, kind);
    const before = latestState(signing, signing.head.hash);
    if (before !== undefined && before.state !== 'proposed' && before.state !== 'signed')
      await writeState(tx, ctx, { ...before, kind, state: 'superseded', reason: null }, recordedAt);
  }
  await tx.query(
    'insert into definition_head (workspace_id, kind, recorded_at, hash, recorded_by) values ($1, $2, $3::timestamptz, $4, $5)',
    [ctx.workspaceId, kind, recordedAt.toISOString(), hash, ctx.actor.id],
  );
}

/** A version that was signed in an earlier round is a draft when it comes back as one: those signatures were for then. */
async function endRound(tx: Tx, ctx: Context, kind: DefinitionKind, hash: string, recordedAt: Date): Promise<void> {
  const last = latestState(await readSigning(tx, ctx, kind), hash);
  if (last?.signed !== true) return;
  const openedAt = recordedAt.toISOString();
  await writeState(tx, ctx, { kind, hash, state: 'draft', signed: false, openedAt, activeFrom: null, reason: null }, recordedAt);
}

/** Writes the versions that are new and puts them in use as drafts. The caller holds the workspace's write lock. */
export async function writeVersions(tx: Tx, ctx: Context, documents: readonly Checked[], recordedAt: Date): Promise<Saved[]> {
  const saved: Saved[] = [];
  for (const checked of documents) {
    const { kind, hash } = checked;
    const { version, isNew, head } = await keepVersion(tx, ctx, checked, recordedAt);
    const outcome = head?.hash === hash ? 'unchanged' : isNew ? 'new' : 'current_again';
    if (outcome !== 'unchanged') await moveHead(tx, ctx, kind, hash, recordedAt);
    if (outcome === 'current_again') await endRound(tx, ctx, kind, hash, recordedAt);
    saved.push({ kind, hash, version, status: 'draft', outcome, previous: head });
  }
  return saved;
}
