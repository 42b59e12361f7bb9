import { setImmediate as nextTurn } from 'node:timers/promises';
import { forRows } from '../db/bulk.ts';
import { audit } from '../db/workspace.ts';
import { currentDefinition } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import type { Tx } from '../kernel/database.ts';
import { Chunk, type Outcome } from './core/chunk.ts';
import { planRow, rowRecordId } from './core/plan-row.ts';
import type { ReadRow } from './core/row-reader.ts';
import type { RecordKind } from './core/targets.ts';
import { anyMerged, type Merged } from './load-aliases.ts';
import { loadKnown } from './load-known.ts';
import { ChunkWriter } from './write-chunk.ts';

export interface ChunkState {
  importId: string | null;
  source: string;
  kind: RecordKind;
  /** Milliseconds since 1970: when rows without a stamp were true. */
  observedAt: number;
  recordedAt: Date;
  /** Order of the chunk's first fact within the transaction. */
  firstOrdinal: number;
  /** The ids of the rows' records, where the caller had time to make them. */
  recordIds?: readonly string[];
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
  /** What each row's record is about; null for an event's. */
  entities: (string | null)[];
  /** What was merged before. */
  merged: Merged;
}

/** What the records of a file are about; those of events are about no entity of their own. */
const ENTITY_OF = { accounts: 'account', people: 'person', opportunities: 'opportunity', events: 'account', signals: 'account' } as const;

/** Rows planned at once: while the database takes some in, the next are planned. The first are few, so that it begins soon. */
const FIRST_SLICE = 250;
const SLICE = 1_000;

/** Takes rows in: what is known of them, what they come to, what is written. Inside a transaction that ticked the knowledge clock. */
export async function importChunk(transaction: Tx, ctx: Context, rows: readonly ReadRow[], state: ChunkState): Promise<ChunkCounts> {
  const { source, kind, importId, observedAt, recordedAt } = state;
  const tx = forRows(transaction, rows.length);
  const loading = Promise.all([
    loadKnown(tx, ctx, { source, kind, rows, observedAt }),
    anyMerged(tx, ctx),
    // read under the write lock: another taxonomy may have come into use since the file was opened
    currentDefinition(tx, ctx, 'taxonomy'),
  ]);
  // it is awaited below; until then its failure is nobody's
  loading.catch(() => {});
  await nextTurn();
  // while the database looks
  const ids = state.recordIds ?? rows.map((row) => rowRecordId(source, kind, row, observedAt));
  const [known, merged, taxonomy] = await loading;
  const chunk = new Chunk(known, { source, observedAt, recordedAt: recordedAt.getTime(), firstOrdinal: state.firstOrdinal });
  const policy = taxonomy.document;
  const entity = ENTITY_OF[kind];
  const writer = new ChunkWriter(tx, ctx, chunk, { source, importId, recordedAt, policy, entity, merged });
  const counts = { created: 0, updated: 0, unchanged: 0 };
  const outcomes: Outcome[] = [];
  for (let from = 0, size = FIRST_SLICE; from < rows.length; from += size, size = SLICE) {
    const sent = chunk.writes.records.length;
    for (let i = from; i < Math.min(from + size, rows.length); i += 1) {
      const row = rows[i];
      if (row === undefined) continue;
      const outcome = planRow(chunk, kind, row, ids[i] ?? '');
      counts[outcome] += 1;
      outcomes.push(outcome);
    }
    await writer.send(chunk.writes.records.slice(sent));
  }
  state.meanwhile?.();
  if (counts.created + counts.updated > 0) {
    const said = `${kind} ${importId ?? ''} created ${counts.created} updated ${counts.updated} unchanged ${counts.unchanged}`;
    const told = audit(tx, ctx, state.verb ?? 'import_records', said);
    // what went wrong with the rows says more than that nothing could be told after
    told.catch(() => {});
    await writer.finish();
    await told;
  }
  const isEvent = kind === 'events' || kind === 'signals';
  const entities = rows.map((row) => (isEvent ? null : (chunk.ref(entity, row.externalId)?.entityId ?? null)));
  return { ...counts, nextOrdinal: chunk.nextOrdinal, outcomes, entities, merged };
}
