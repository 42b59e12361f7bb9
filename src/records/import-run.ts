import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { derivedId } from '../kernel/ids.ts';
import type { ImportReport } from './core/import-report.ts';
import type { MappingEntries } from './core/resolve-mapping.ts';

/** What makes two imports the same. */
export interface ImportKey {
  source: string;
  kind: string;
  sha256: string;
  mappingHash: string;
}

const runRows = z.array(z.object({ id: z.string(), state: z.string(), same: z.boolean(), report: z.unknown() }));

export interface PreviousRun {
  /** The latest import of this source and kind was this file with this mapping, and it went through. */
  done: ImportReport | undefined;
  /** An import of this file that did not end: it is taken up again. */
  unfinished: string | undefined;
}

/** What is known of earlier imports of the same file. */
export async function previousRun(tx: Tx, ctx: Context, key: ImportKey): Promise<PreviousRun> {
  const rows = runRows.parse(
    await tx.query(
      `select id::text, state, file_sha256 = $4 and mapping_hash = $5 as same, case when state = 'done' and file_sha256 = $4 then report end as report
       from import_run where workspace_id = $1 and source = $2 and kind = $3 order by started_at desc, id desc limit 1`,
      [ctx.workspaceId, key.source, key.kind, key.sha256, key.mappingHash],
      { prepare: true },
    ),
  );
  const [latest] = rows;
  if (latest === undefined || !latest.same) return { done: undefined, unfinished: undefined };
  if (latest.state === 'done') return { done: latest.report as ImportReport, unfinished: undefined };
  return { done: undefined, unfinished: latest.id };
}

/** Notes that an import has begun, or goes on. Returns its id. */
export async function startRun(
  tx: Tx,
  ctx: Context,
  key: ImportKey,
  run: { unfinished: string | undefined; fileName: string; strict: boolean },
): Promise<string> {
  const startedAt = ctx.now().toISOString();
  const id = run.unfinished ?? derivedId('import', key.source, key.kind, key.sha256, key.mappingHash, startedAt);
  await tx.query(
    `insert into import_run (workspace_id, id, source, kind, file_name, file_sha256, mapping_hash, strict, state, report, started_at)
     values ($1, $2::uuid, $3, $4, $5, $6, $7, $8, 'running', '{}', $9::timestamptz)
     on conflict (workspace_id, id) do update set state = 'running', strict = excluded.strict`,
    [ctx.workspaceId, id, key.source, key.kind, run.fileName, key.sha256, key.mappingHash, run.strict, startedAt],
  );
  return id;
}

export async function finishRun(tx: Tx, ctx: Context, id: string, report: ImportReport): Promise<void> {
  await tx.query(
    'update import_run set state = $3, report = $4::text::jsonb, finished_at = $5::timestamptz where workspace_id = $1 and id = $2::uuid',
    [ctx.workspaceId, id, report.state, JSON.stringify(report), ctx.now().toISOString()],
  );
}

const mappingRows = z.array(z.object({ mapping: z.array(z.tuple([z.string(), z.string()])) }));

/** The mapping last used for a source's records of a kind. */
export async function savedMapping(tx: Tx, ctx: Context, source: string, kind: string): Promise<MappingEntries> {
  const rows = mappingRows.parse(
    await tx.query(
      'select mapping from source_mapping where workspace_id = $1 and source = $2 and kind = $3',
      [ctx.workspaceId, source, kind],
      {
        prepare: true,
      },
    ),
  );
  return rows[0]?.mapping ?? [];
}

export async function saveMapping(tx: Tx, ctx: Context, source: string, kind: string, mapping: MappingEntries, at: Date): Promise<void> {
  await tx.query(
    `insert into source_mapping (workspace_id, source, kind, mapping, recorded_at) values ($1, $2, $3, $4::text::jsonb, $5::timestamptz)
     on conflict (workspace_id, source, kind) do update set mapping = excluded.mapping, recorded_at = excluded.recorded_at
     where source_mapping.mapping <> excluded.mapping`,
    [ctx.workspaceId, source, kind, JSON.stringify(mapping), at.toISOString()],
  );
}
