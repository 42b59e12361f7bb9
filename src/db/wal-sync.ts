import { fdatasync, fdatasyncSync } from 'node:fs';

/** Log after which a checkpoint is due: four files of it. */
const CHECKPOINT_BYTES = 64 * 1024 * 1024;

/** An open file of the embedded database. */
export interface OpenFile {
  /** Node's number of it; a directory has none. */
  nfd?: number;
}

/**
 * Brings the write-ahead log to the disk beside the database instead of in its midst: while the log of one commit is on its way, the
 * next transaction runs, and commits that come close together share one fsync. PostgreSQL is told at once that its log is safe, so two
 * things are owed in return: nobody is answered before `settled`, and nothing else of the folder changes before `now`. The second keeps
 * the rule of write-ahead logging, that no page reaches the disk before the log that explains it.
 */
export class WalSync {
  readonly #dirty = new Set<OpenFile>();
  #underWay: ReadonlySet<OpenFile> = new Set();
  #asked = 0;
  #written = 0;
  #safe = 0;
  #waiting: { until: number; resolve: () => void; reject: (error: unknown) => void }[] = [];

  /** Notes that PostgreSQL asked for an fsync of a file of its log. */
  ask(file: OpenFile): void {
    this.#asked += 1;
    this.#dirty.add(file);
  }

  /** Notes what PostgreSQL wrote to its log. @param bytes fewer than none when it failed */
  wrote(bytes: number): void {
    this.#written += Math.max(0, bytes);
  }

  /**
   * Whether a checkpoint is due, told once: in a single process PostgreSQL makes none by itself, and until one is made the log is kept
   * whole, and all of it is gone through after a kill.
   */
  isCheckpointDue(): boolean {
    if (this.#written < CHECKPOINT_BYTES) return false;
    this.#written = 0;
    return true;
  }

  /** Resolves when all that was asked for so far is on the disk. Undefined when it is. */
  settled(): Promise<void> | undefined {
    if (this.#safe === this.#asked) return undefined;
    const settled = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ until: this.#asked, resolve, reject });
    });
    if (this.#underWay.size === 0) void this.#sync();
    return settled;
  }

  /** Does at once what was asked for. */
  now(): void {
    if (this.#safe === this.#asked) return;
    for (const { nfd } of new Set([...this.#underWay, ...this.#dirty])) if (nfd !== undefined) fdatasyncSync(nfd);
    this.#dirty.clear();
    this.#reached(this.#asked);
  }

  async #sync(): Promise<void> {
    while (this.#dirty.size > 0) {
      const asked = this.#asked;
      this.#underWay = new Set(this.#dirty);
      this.#dirty.clear();
      try {
        await Promise.all([...this.#underWay].map(({ nfd }) => (nfd === undefined ? undefined : synced(nfd))));
        this.#reached(asked);
      } catch (error) {
        // it is safe all the same when `now` did it meanwhile and the file was closed
        if (this.#safe < asked) this.#failed(error);
      }
    }
    this.#underWay = new Set();
  }

  #reached(asked: number): void {
    this.#safe = Math.max(this.#safe, asked);
    const settled = this.#waiting.filter(({ until }) => until <= this.#safe);
    this.#waiting = this.#waiting.filter(({ until }) => until > this.#safe);
    for (const { resolve } of settled) resolve();
  }

  /** What a failed fsync left on the disk nobody knows: the thread ends, and the database is recovered from what is there. */
  #failed(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    setImmediate(() => {
      throw error;
    });
  }
}

/** The content, and the length if it changed: PostgreSQL's own choice for a log, whose files are made at their full length. */
function synced(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
  });
}
