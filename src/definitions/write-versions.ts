import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import type { Checked } from './checked-documents.ts';
import type { Saved } from './save-definition.ts';

const stateRow = z.object({
  last: z.number(),
  same: z.number().nullable(),
  head_hash: z.string().nullable(),
  head_version: z.number().nullable(),
});

/** Writes the versions that are new and moves the heads that change. The caller holds the workspace's write lock. */
export async function writeVersions(tx: Tx, ctx: Context, documents: readonly Checked[], recordedAt: Date): Promise<Saved[]> {
  const saved: Saved[] = [];
  for (const { kind, hash, document } of documents) {
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
    const state = stateRow.parse(rows[0]);
    const previous =
      state.head_hash === null || state.head_version === null ? null : { hash: state.head_hash, version: state.head_version };
    const version = state.same ?? state.last + 1;
    const outcome = state.head_hash === hash ? 'unchanged' : state.same === null ? 'new' : 'current_again';
    if (outcome === 'new')
      await tx.query(
        `insert into definition_version (workspace_id, kind, hash, version, document, recorded_at, recorded_by)
         values ($1, $2, $3, $4::int, $5, $6::timestamptz, $7)`,
        [ctx.workspaceId, kind, hash, version, canonicalJson(document), recordedAt.toISOString(), ctx.actor.id],
      );
    if (outcome !== 'unchanged')
      await tx.query(
        'insert into definition_head (workspace_id, kind, recorded_at, hash, recorded_by) values ($1, $2, $3::timestamptz, $4, $5)',
        [ctx.workspaceId, kind, recordedAt.toISOString(), hash, ctx.actor.id],
      );
    saved.push({ kind, hash, version, status: 'draft', outcome, previous });
  }
  return saved;
}
