import { Worker } from 'node:worker_threads';
import { threadFile } from '../db/program.ts';
import type { Encoding } from '../records/core/file-format.ts';
import type { OwnColumns } from './core/build-table.ts';
import type { ColumnKind } from './core/column-kinds.ts';
import type { Shares, StitchHelper } from './core/shares.ts';

/** Columns of a file, by their places, with what they hold. */
export interface ColumnsToRead {
  path: string;
  encoding: Encoding | undefined;
  /** Whence telephone numbers without a country code are, in rows that name no country. */
  country: string | undefined;
  used: readonly number[];
  kinds: readonly ColumnKind[];
  labels: readonly string[];
}

export type WorkerRequest = { [K in keyof Shares]: { share: K; asked: Shares[K]['asked'] } }[keyof Shares];
export type WorkerReply = { columns: OwnColumns | null } | { found: Shares[keyof Shares]['found'] };

/** A second thread, which takes half of the work of a large file. */
export class StitchThread implements StitchHelper {
  readonly #worker: Worker;
  readonly columns: Promise<OwnColumns | null>;
  #found: Shares[keyof Shares]['found'] | undefined;
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
        else this.#found = reply.found;
      });
      worker.on('error', (error: Error) => {
        this.#failure = error;
        reject(error);
      });
    });
    // awaited later, or not at all where the file is refused before
    this.columns.catch(() => {});
  }

  ask<K extends keyof Shares>(share: K, asked: Shares[K]['asked']): () => Shares[K]['found'] | undefined {
    this.#found = undefined;
    this.#worker.postMessage({ share, asked });
    return () => {
      if (this.#failure !== undefined) throw this.#failure;
      // the last share; what it holds is wanted for the rest
      if (this.#found !== undefined && share === 'score') void this.end();
      // it answers what it was asked last
      return this.#found as Shares[K]['found'] | undefined;
    };
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
