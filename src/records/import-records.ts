import { deriveInWorkspace, recordInWorkspace, requireScope } from '../db/workspace.ts';
import type { DefinitionRef } from '../definitions/current-definition.ts';
import type { Context } from '../kernel/context.ts';
import { SamepageError, shown } from '../kernel/errors.ts';
import { parseInput } from '../kernel/parse-input.ts';
import { readAhead } from '../kernel/read-ahead.ts';
import { BadRows, type ImportReport, type LineCounts, type RowCounts } from './core/import-report.ts';
import { type RawRow, type ReadRow, rowReader } from './core/row-reader.ts';
import { type ChunkState, importChunk } from './import-chunk.ts';
import { type ImportInput, importInput } from './import-input.ts';
import { finishRun, saveMapping, startRun } from './import-run.ts';
import { entriesOf, type PreparedImport, prepareImport } from './prepare-import.ts';
import { readRows } from './read-rows.ts';

/** Enough that a statement's own cost does not show, few enough to keep memory low. */
const CHUNK_ROWS = 4_000;
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
  if (prepared.previous.done !== undefined) return alreadyImported(prepared, prepared.previous.done);

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
    this.#observedAt = observedAt === undefined ? now : Date.parse(observedAt);
    if (this.#observedAt > now + SKEW_MS) {
      const problem = { path: 'observed_at', value: shown(observedAt), reason: 'is more than a day in the future' };
      throw new SamepageError('invalid_input', `observed_at ${problem.reason}.`, 'Give the time at which the rows were true.', {
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
    for await (const rows of this.#chunks('checking')) this.rows.not_written += rows.length;
  }

  /** A transaction a chunk. */
  async run(): Promise<ImportResult> {
    const { ctx, id } = await this.#start(false);
    try {
      for await (const rows of readAhead(this.#chunks('importing'))) {
        const counts = await recordInWorkspace(ctx, (tx, recordedAt) => importChunk(tx, ctx, rows, this.#state(id, recordedAt, 0)));
        this.#count(counts);
      }
    } catch (error) {
      if (ctx.signal.aborted) {
        const { read, created, updated, unchanged, bad } = this.rows;
        this.rows.not_written = read - created - updated - unchanged - bad;
        await deriveInWorkspace(ctx, (tx) => finishRun(tx, ctx, id, this.#report('cancelled')));
      }
      throw error;
    }
    return this.#finish(id);
  }

  /** One transaction for all. */
  async runWhole(): Promise<ImportResult> {
    const { ctx, id } = await this.#start(true);
    await recordInWorkspace(ctx, async (tx, recordedAt) => {
      let ordinal = 0;
      for await (const rows of readAhead(this.#chunks('importing'))) {
        const counts = await importChunk(tx, ctx, rows, this.#state(id, recordedAt, ordinal));
        ordinal = counts.nextOrdinal;
        this.#count(counts);
      }
      if (this.rows.bad > 0) throw new Error('a row that was good is bad now');
    });
    return this.#finish(id);
  }

  result(state: ImportReport['state'], id: string | null): ImportResult {
    return { ...this.#report(state), import_id: id, definitions: this.#prepared.definitions };
  }

  async #start(strict: boolean): Promise<{ ctx: Context; id: string }> {
    const { key, mapping, previous, inspected } = this.#prepared;
    const ctx = this.#ctx;
    const id = await deriveInWorkspace(ctx, async (tx) => {
      await saveMapping(tx, ctx, key.source, key.kind, entriesOf(mapping), ctx.now());
      return startRun(tx, ctx, key, { unfinished: previous.unfinished, fileName: inspected.file.name, strict });
    });
    return { ctx, id };
  }

  async #finish(id: string): Promise<ImportResult> {
    const ctx = this.#ctx;
    const report = this.#report('done');
    await deriveInWorkspace(ctx, (tx) => finishRun(tx, ctx, id, report));
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

  /** Good rows, a chunk at a time; bad ones are counted on the way. */
  async *#chunks(verb: string): AsyncGenerator<ReadRow[]> {
    const { inspected } = this.#prepared;
    const { progress, signal } = this.#ctx;
    let chunk: ReadRow[] = [];
    for await (const { rows, bytes } of readRows(inspected, this.#lines)) {
      for (const row of rows) {
        this.rows.read += 1;
        const read = 'bad' in row ? [row.bad] : this.#read(row);
        if (!Array.isArray(read)) {
          chunk.push(read);
          continue;
        }
        this.rows.bad += 1;
        this.#bad.add(read);
      }
      if (signal.aborted) throw stopped();
      progress.report(bytes, inspected.file.size, `${verb} ${inspected.file.name}`);
      while (chunk.length >= this.#chunkRows) {
        yield chunk.slice(0, this.#chunkRows);
        chunk = chunk.slice(this.#chunkRows);
        if (signal.aborted) throw stopped();
      }
    }
    if (chunk.length > 0) yield chunk;
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
      rows: { ...this.rows },
      lines: { ...this.#lines },
      mapping: mapping.map((m, i) => ({ ...m, example: examples[i] ?? '' })),
      bad: [...this.#bad.shown],
      bad_summary: this.#bad.summary(),
      notes: [],
    };
  }
}

const DELIMITERS: Readonly<Record<string, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

function stopped(): SamepageError {
  return new SamepageError('cancelled', 'The import was cancelled.', 'Import the same file again to go on: rows that are in are skipped.');
}

function noRows(): RowCounts {
  return { read: 0, created: 0, updated: 0, unchanged: 0, bad: 0, not_written: 0 };
}

function noLines(): LineCounts {
  return { total: 0, preamble: 0, header: 0, rows: 0, continued: 0, blank: 0, footer: 0 };
}
