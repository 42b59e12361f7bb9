import { commitSoon } from '../db/bulk.ts';
import { maintainGrown } from '../db/maintain-grown.ts';
import { deriveInWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { problemText } from '../kernel/error-text.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { BadRows, type ImportReport, type LineCounts, type RowCounts } from './core/import-report.ts';
import { rowRecordId } from './core/plan-row.ts';
import { type RawRow, type ReadRow, rowReader } from './core/row-reader.ts';
import { type ChunkState, importChunk } from './import-chunk.ts';
import { type ImportInput, importInput } from './import-input.ts';
import { finishRun, saveMapping, startRun } from './import-run.ts';
import { entriesOf, type PreparedImport, prepareImport } from './prepare-import.ts';
import { readRows } from './read-rows.ts';

/** Enough that a statement's own cost does not show, few enough to keep memory low. */
const CHUNK_ROWS = 2_500;
const SKEW_MS = 86_400_000;

export interface ImportResult extends ImportReport {
  import_id: string | null;
  definitions: DefinitionRef[];
}

/**
 * Imports one file (or a text) of accounts, people, opportunities, events or signals. It is read as a stream and written in chunks,
 * each in its own transaction: an import that was cut off goes on where it was when the file is imported again. With `strict` one
 * transaction holds it all, and one bad row refuses the file.
 * @throws SamepageError `file_rejected`, `invalid_input`, `ambiguous`, `cancelled`
 */
export async function importRecords(ctx: Context, input: ImportInput, options: { chunkRows?: number } = {}): Promise<ImportResult> {
  requireScope(ctx, 'write');
  const parsed = parseInput(importInput, input, 'import_records');
  if ((parsed.path === undefined) === (parsed.content === undefined)) {
    const reason = parsed.path === undefined ? 'is missing: give path or content' : 'goes without content: give one of the two';
    throw new SamepageError('invalid_input', `path ${reason}.`, 'path names a file on this machine; content is the text of one.', {
      problems: [{ path: 'path', reason }],
    });
  }
  const prepared = await prepareImport(ctx, parsed);
  const before = prepared.previous.done;
  // its bad rows went by when it was imported without `strict`
  if (before !== undefined && !(parsed.strict && before.rows.bad > 0)) return alreadyImported(prepared, before);

  const pass = new ImportPass(ctx, prepared, options.chunkRows ?? CHUNK_ROWS, parsed.observed_at);
  if (parsed.dry_run || parsed.strict) {
    await pass.check();
    if (parsed.dry_run) return pass.result('dry_run', null);
    if (pass.rows.bad > 0) return pass.result('rejected', null);
    pass.reset();
  }
  return parsed.strict ? pass.runWhole() : pass.run();
}

/** The answer to a file that is in already: nothing is read again, nothing written. */
function alreadyImported(prepared: PreparedImport, report: ImportReport): ImportResult {
  const { created, updated, unchanged } = report.rows;
  return {
    ...report,
    already_imported: true,
    rows: { ...report.rows, created: 0, updated: 0, unchanged: created + updated + unchanged },
    import_id: null,
    definitions: prepared.definitions,
  };
}

/** One reading of the file from its start to its end. */
class ImportPass {
  rows: RowCounts = noRows();
  readonly #ctx: Context;
  readonly #prepared: PreparedImport;
  readonly #chunkRows: number;
  readonly #observedAt: number;
  readonly #read: (row: RawRow) => ReadRow | import('./core/row-reader.ts').BadCell[];
  #lines: LineCounts = noLines();
  #bad = new BadRows();

  constructor(ctx: Context, prepared: PreparedImport, chunkRows: number, observedAt: string | undefined) {
    const now = ctx.now().getTime();
    this.#ctx = ctx;
    this.#prepared = prepared;
    this.#chunkRows = chunkRows;
    this.#observedAt = observedAt === undefined ? Math.max(now, prepared.knownAt.getTime()) : Date.parse(observedAt);
    if (observedAt !== undefined && this.#observedAt > now + SKEW_MS) {
      const problem = { path: 'observed_at', value: shown(observedAt), reason: 'is more than a day in the future' };
      throw new SamepageError('invalid_input', `${problemText(problem)}.`, 'Give the time at which the rows were true.', {
        problems: [problem],
      });
    }
    const { kind, mapping, taxonomy, reading } = prepared;
    this.#read = rowReader({ kind, mapping, taxonomy, reading, latest: now + SKEW_MS });
  }

  reset(): void {
    this.rows = noRows();
    this.#lines = noLines();
    this.#bad = new BadRows();
  }

  /** Reads every row and writes none. */
  async check(): Promise<void> {
    for await (const { rows, bytes } of this.#chunks()) {
      this.rows.not_written += rows.length;
      this.#tell('checking', bytes);
    }
  }

  /** A transaction a chunk. */
  run(): Promise<ImportResult> {
    const ctx = this.#ctx;
    return this.#noted(false, (id) =>
      this.#eachChunk(async (rows, ahead) => {
        if (rows.length === 0) return;
        const written = await recordInWorkspace(ctx, async (tx, recordedAt) => {
          await commitSoon(tx);
          return importChunk(tx, ctx, rows, { ...this.#state(id, recordedAt, 0), ...ahead });
        });
        this.#count(written);
      }),
    );
  }

  /** One transaction for all. */
  runWhole(): Promise<ImportResult> {
    const ctx = this.#ctx;
    return this.#noted(true, (id) =>
      recordInWorkspace(ctx, async (tx, recordedAt) => {
        let ordinal = 0;
        await this.#eachChunk(async (rows, ahead) => {
          const counts = await importChunk(tx, ctx, rows, { ...this.#state(id, recordedAt, ordinal), ...ahead });
          ordinal = counts.nextOrdinal;
          this.#count(counts);
        });
        if (this.rows.bad > 0) throw new Error('a row that was good is bad now');
      }),
    );
  }

  /** Takes chunk after chunk in; the next one is read while the database is busy with the one before, which is when `meanwhile` is called. */
  async #eachChunk(take: (rows: ReadRow[], ahead: Pick<ChunkState, 'recordIds' | 'meanwhile'>) => Promise<void>): Promise<void> {
    const source = this.#chunks();
    let next = source.next();
    try {
      for (;;) {
        const { value, done } = await next;
        if (done === true) return;
        let ahead: typeof next | undefined;
        const meanwhile = () => {
          ahead ??= source.next();
          // it is awaited in the next turn; until then its failure is nobody's
          ahead.catch(() => {});
        };
        await take(value.rows, { recordIds: value.recordIds, meanwhile });
        this.#tell('importing', value.bytes);
        meanwhile();
        next = ahead ?? source.next();
      }
    } finally {
      await next.catch(() => {});
      await source.return(undefined);
    }
  }

  result(state: ImportReport['state'], id: string | null): ImportResult {
    return { ...this.#report(state), import_id: id, definitions: this.#prepared.definitions };
  }

  /** Runs the import with a note of its beginning and its end. */
  async #noted(strict: boolean, run: (id: string) => Promise<void>): Promise<ImportResult> {
    const { key, mapping, previous, inspected } = this.#prepared;
    const ctx = this.#ctx;
    const id = await deriveInWorkspace(ctx, async (tx) => {
      await saveMapping(tx, ctx, key.source, key.kind, entriesOf(mapping), ctx.now());
      return startRun(tx, ctx, key, { unfinished: previous.unfinished, fileName: inspected.file.name, strict });
    });
    try {
      await run(id);
    } catch (error) {
      // rolled back, all of it
      if (strict) this.rows = { ...noRows(), read: this.rows.read, bad: this.rows.bad };
      if (ctx.signal.aborted) await deriveInWorkspace(ctx, (tx) => finishRun(tx, ctx, id, this.#report('cancelled')));
      throw error;
    }
    const report = this.#report('done');
    await deriveInWorkspace(ctx, (tx) => finishRun(tx, ctx, id, report));
    await maintainGrown(ctx);
    return { ...report, import_id: id, definitions: this.#prepared.definitions };
  }

  #state(importId: string, recordedAt: Date, firstOrdinal: number): ChunkState {
    const { key, kind } = this.#prepared;
    return { importId, source: key.source, kind, observedAt: this.#observedAt, recordedAt, firstOrdinal };
  }

  #count(counts: { created: number; updated: number; unchanged: number }): void {
    this.rows.created += counts.created;
    this.rows.updated += counts.updated;
    this.rows.unchanged += counts.unchanged;
  }

  /** Progress in bytes of the file: all rows up to there are in. */
  #tell(verb: string, bytes: number): void {
    const { file } = this.#prepared.inspected;
    this.#ctx.progress.report(bytes, file.size, `${verb} ${file.name}`);
  }

  /** Good rows, a chunk at a time, and how far into the file they reach; bad ones are counted on the way. */
  async *#chunks(): AsyncGenerator<{ rows: ReadRow[]; recordIds: string[]; bytes: number }> {
    const { signal } = this.#ctx;
    const { key, kind } = this.#prepared;
    const recordIds = (rows: ReadRow[]) => rows.map((row) => rowRecordId(key.source, kind, row, this.#observedAt));
    let chunk: ReadRow[] = [];
    let reached = 0;
    for await (const { rows, bytes } of readRows(this.#prepared.inspected, this.#lines)) {
      for (const row of rows) {
        this.rows.read += 1;
        const read = 'bad' in row ? [row.bad] : this.#read(row);
        if (!Array.isArray(read)) chunk.push(read);
        else {
          this.rows.bad += 1;
          this.#bad.add(read);
        }
        if (chunk.length < this.#chunkRows) continue;
        if (signal.aborted) throw stopped();
        yield { rows: chunk, recordIds: recordIds(chunk), bytes };
        chunk = [];
      }
      if (signal.aborted) throw stopped();
      reached = bytes;
    }
    yield { rows: chunk, recordIds: recordIds(chunk), bytes: reached };
  }

  #report(state: ImportReport['state']): ImportReport {
    const { inspected, key, kind, kindReason, mapping } = this.#prepared;
    const { format, encoding, examples, file } = inspected;
    return {
      kind,
      kind_reason: kindReason,
      source: key.source,
      file: file.name,
      format: `${format.form === 'jsonl' ? 'JSONL' : `CSV with ${DELIMITERS[format.delimiter] ?? format.delimiter}`}, ${encoding.toUpperCase()}`,
      state,
      already_imported: false,
      rows: state === 'cancelled' ? { ...this.rows, not_written: leftOver(this.rows) } : { ...this.rows },
      lines: { ...this.#lines },
      mapping: mapping.map((m, i) => ({ ...m, example: examples[i] ?? '' })),
      bad: [...this.#bad.shown],
      bad_summary: this.#bad.summary(),
    };
  }
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function stopped(): SamepageError {
  return new SamepageError('cancelled', 'The import was cancelled.', 'Import the same file again to go on: rows that are in are skipped.');
}

/** Good rows that were read ahead of what was written. */
function leftOver({ read, created, updated, unchanged, bad }: RowCounts): number {
  return read - created - updated - unchanged - bad;
}

function noRows(): RowCounts {
  return { read: 0, created: 0, updated: 0, unchanged: 0, bad: 0, not_written: 0 };
}

function noLines(): LineCounts {
  return { total: 0, preamble: 0, header: 0, rows: 0, continued: 0, blank: 0, footer: 0 };
}
