import { Worker } from 'node:worker_threads';
import { threadFile } from '../db/program.ts';
import type { Encoding } from '../records/core/file-format.ts';
import type { OwnColumns } from './core/build-table.ts';
import type { ScoredPart } from './core/candidates.ts';
import type { ColumnKind } from './core/column-kinds.ts';
import type { ScoringHelper, ScoringJob } from './core/stitch.ts';
import type { Table } from './core/table.ts';

/** Columns of a file, by their places, with what they hold. */
export interface ColumnsToRead {
  path: string;
  encoding: Encoding | undefined;
  used: readonly number[];
  kinds: readonly ColumnKind[];
  labels: readonly string[];
}

export type WorkerRequest = { table: Table } | { job: ScoringJob };
export type WorkerReply = { columns: OwnColumns | null } | { scored: ScoredPart };

/** A second thread, which takes half of the work of a large file. */
export class StitchThread implements ScoringHelper {
  readonly #worker: Worker;
  readonly columns: Promise<OwnColumns | null>;
  #scored: ScoredPart | undefined;
  #failure: Error | undefined;

  constructor(toRead: ColumnsToRead) {
    const worker = new Worker(threadFile('./stitch-worker', import.meta.url), {
      workerData: toRead,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    this.#worker = worker;
    this.columns = new Promise((resolve, reject) => {
      worker.on('message', (reply: WorkerReply) => {
        if ('columns' in reply) resolve(reply.columns);
        else this.#scored = reply.scored;
      });
      worker.on('error', (error: Error) => {
        this.#failure = error;
        reject(error);
      });
    });
    // awaited later, or not at all where the file is refused before
    this.columns.catch(() => {});
  }

  prepare(table: Table): void {
    this.#send({ table });
  }

  begin(job: ScoringJob): void {
    this.#send({ job });
  }

  result(): ScoredPart | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    // what it holds is wanted for the rest
    if (this.#scored !== undefined) void this.end();
    return this.#scored;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }
}
