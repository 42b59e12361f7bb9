import { setImmediate as nextTurn } from 'node:timers/promises';
import { bulk } from '../db/bulk.ts';
import { audit } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { Chunk, type Outcome } from './core/chunk.ts';
import { planRow, rowRecordId } from './core/plan-row.ts';
import type { ReadRow } from './core/row-reader.ts';
import type { RecordKind } from './core/targets.ts';
import { loadKnown } from './load-known.ts';
import { writeChunk } from './write-chunk.ts';

export interface ChunkState {
  importId: string | null;
  source: string;
  kind: RecordKind;
  /** Milliseconds since 1970: when rows without a stamp were true. */
  observedAt: number;
  recordedAt: Date;
  /** Order of the chunk's first fact within the transaction. */
  firstOrdinal: number;
  /** Called when the database has much to do and the caller nothing. */
  meanwhile?: () => void;
  /** The verb that the audit names; `import_records` when left out. */
  verb?: string;
}

export interface ChunkCounts {
  created: number;
  updated: number;
  unchanged: number;
  nextOrdinal: number;
  /** What became of each row. */
  outcomes: Outcome[];
}

/** Takes rows in: what is known of them, what they come to, what is written. Inside a transaction that ticked the knowledge clock. */
export async function importChunk(transaction: Tx, ctx: Context, rows: readonly ReadRow[], state: ChunkState): Promise<ChunkCounts> {
  const { source, kind, observedAt, recordedAt } = state;
  const tx = await bulk(transaction);
  const loading = loadKnown(tx, ctx, { source, kind, rows, observedAt });
  // it is awaited below; until then its failure is nobody's
  loading.catch(() => {});
  await nextTurn();
  // while the database looks
  const ids = rows.map((row) => rowRecordId(source, kind, row, observedAt));
  const known = await loading;
  const chunk = new Chunk(known, { source, observedAt, recordedAt: recordedAt.getTime(), firstOrdinal: state.firstOrdinal });
  const counts = { created: 0, updated: 0, unchanged: 0 };
  const outcomes = rows.map((row, i) => planRow(chunk, kind, row, ids[i] ?? ''));
  for (const outcome of outcomes) counts[outcome] += 1;
  if (counts.created + counts.updated > 0) {
    // read under the write lock: another taxonomy may have come into use since the file was opened
    const { sources } = (await currentDefinition(tx, ctx, 'taxonomy')).document;
    await writeChunk(tx, ctx, chunk.writes, { source, importId: state.importId, recordedAt, sources, meanwhile: state.meanwhile });
    await audit(
      tx,
      ctx,
      state.verb ?? 'import_records',
      `${kind} ${state.importId ?? ''} created ${counts.created} updated ${counts.updated} unchanged ${counts.unchanged}`,
    );
  }
  return { ...counts, nextOrdinal: chunk.nextOrdinal, outcomes };
}
