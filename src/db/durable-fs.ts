import { closeSync, fsyncSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { syncTree } from './sync-tree.ts';
import type { OpenFile, WalSync } from './wal-sync.ts';

type InitOptions = Parameters<NodeFS['init']>[1];
type PreRun = NonNullable<InitOptions['preRun']>[number];

interface Stream extends OpenFile {
  node: unknown;
}

type Operation = (...args: never[]) => unknown;

/** The part of emscripten's node file system that we complete. Its types leave it out. */
interface EmscriptenNodeFs {
  NODEFS: {
    stream_ops: { fsync?: (stream: Stream) => number } & Record<
      'write' | 'close' | 'setattr',
      (stream: Stream, ...rest: never[]) => unknown
    >;
    node_ops: Record<'rename' | 'rmdir' | 'setattr' | 'unlink', Operation> & { readdir: (node: unknown) => string[] };
    realPath(node: unknown): string;
    convertNodeCode(error: unknown): number;
  };
  FS: { ErrnoError: new (errno: number) => Error };
}

function fsyncDirectory(path: string): void {
  if (process.platform === 'win32') return; // a directory cannot be opened there; NTFS journals its entries
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Errors of Node as PostgreSQL knows them. */
function asErrno<T>({ NODEFS, FS }: EmscriptenNodeFs, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FS.ErrnoError(NODEFS.convertNodeCode(error));
  }
}

/** @param synced paths that are on the disk as they are: all that there are, or none. Emptied as soon as anything is written. */
function realFsync(root: string, synced: Set<string>): PreRun {
  return (module) => {
    const emscripten = module as unknown as EmscriptenNodeFs;
    const { NODEFS } = emscripten;
    const { stream_ops: streams, node_ops: nodes } = NODEFS;
    const { write } = streams;
    const { readdir } = nodes;
    streams.write = (stream, ...rest) => {
      if (synced.size > 0 && !LOCK.test(NODEFS.realPath(stream.node))) synced.clear();
      return write(stream, ...rest);
    };
    // whoever walks the whole folder before anything is written does so to sync it
    nodes.readdir = (node) => (synced.size > 0 && NODEFS.realPath(node) === root ? [] : readdir(node));
    streams.fsync = (stream) => {
      if (synced.size > 0 && synced.has(NODEFS.realPath(stream.node))) return 0;
      asErrno(emscripten, () => (stream.nfd === undefined ? fsyncDirectory(NODEFS.realPath(stream.node)) : fsyncSync(stream.nfd)));
      return 0;
    };
  };
}

/** It is written before anything is recovered, and means nothing after a loss of power. */
const LOCK = /[\\/]postmaster\.pid$/;
/** In `global/pg_control`: where the state is, and what it is when the database was closed. */
const STATE_AT = 16;
const CLOSED = 1;

/** Whether the database was closed. One that was not is recovered when it is opened. */
async function wasClosed(databaseDir: string): Promise<boolean> {
  const control = await readFile(join(databaseDir, 'global', 'pg_control'));
  return control.readUInt32LE(STATE_AT) === CLOSED;
}

const WAL_SEGMENT = /[\\/]pg_wal[\\/][0-9A-F]{24}$/;

/** An fsync of the write-ahead log is noted and left to `wal`; before anything else of the folder changes it is done. */
function fsyncBeside(wal: WalSync): PreRun {
  return (module) => {
    const emscripten = module as unknown as EmscriptenNodeFs;
    const { NODEFS } = emscripten;
    const { stream_ops: streams, node_ops: nodes } = NODEFS;
    const { fsync, write, close, setattr } = streams;
    const segments = new WeakMap<Stream, boolean>();
    const isLog = (stream: Stream): boolean => {
      const known = segments.get(stream);
      if (known !== undefined) return known;
      const is = stream.nfd !== undefined && WAL_SEGMENT.test(NODEFS.realPath(stream.node));
      segments.set(stream, is);
      return is;
    };
    const first = () => asErrno(emscripten, () => wal.now());
    streams.fsync = (stream) => {
      if (isLog(stream)) {
        wal.ask(stream);
        return 0;
      }
      first();
      return fsync?.(stream) ?? 0;
    };
    streams.write = (stream, ...rest) => {
      if (!isLog(stream)) {
        first();
        return write(stream, ...rest);
      }
      const bytes = write(stream, ...rest);
      wal.wrote(Number(bytes));
      return bytes;
    };
    // cuts an open file to a length
    streams.setattr = (stream, ...rest) => {
      first();
      return setattr(stream, ...rest);
    };
    streams.close = (stream) => {
      if (isLog(stream)) first();
      return close(stream);
    };
    for (const name of ['rename', 'rmdir', 'setattr', 'unlink'] as const) {
      const operation = nodes[name];
      nodes[name] = (...args) => {
        first();
        return operation(...args);
      };
    }
  };
}

/** PGlite's node file system, whose fsync does nothing, with one that reaches the disk (docs/decisions/embedded-folder.md). */
export class DurableNodeFs extends NodeFS {
  readonly #preRun: PreRun[];
  readonly #synced = new Set<string>();
  readonly #mayOpen: Promise<unknown> | undefined;
  #syncing: Promise<void> | undefined;

  /**
   * @param wal given, the write-ahead log is synced beside the database: then whoever answers waits for it
   * @param mayOpen until then nothing in the folder is looked at
   */
  constructor(dataDir: string, wal?: WalSync, mayOpen?: Promise<unknown>) {
    super(dataDir);
    this.#mayOpen = mayOpen;
    const real = realFsync(this.rootDir, this.#synced);
    this.#preRun = wal === undefined ? [real] : [real, fsyncBeside(wal)];
  }

  override async init(pg: PGlite, options: InitOptions): ReturnType<NodeFS['init']> {
    this.#syncing = this.#syncBeforeRecovery();
    const { emscriptenOpts } = await super.init(pg, options);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), ...this.#preRun] } };
  }

  override async initialSyncFs(): Promise<void> {
    await this.#syncing;
    await super.initialSyncFs();
  }

  /**
   * Before PostgreSQL recovers, it syncs every file there is, one after the other: a page that the killed process wrote and did not sync
   * is not written again. Here that is done many at once, while PGlite is loaded.
   */
  async #syncBeforeRecovery(): Promise<void> {
    await this.#mayOpen;
    try {
      if (await wasClosed(this.rootDir)) return;
      for (const path of await syncTree(this.rootDir)) this.#synced.add(path);
    } catch {
      // a new folder; and of what cannot be synced PostgreSQL itself will say so
    }
  }
}

/** A quarter of PGlite's own: the system keeps the files of the folder in its memory too, so most of it would be held twice. */
const SHARED_BUFFERS = '32MB';

/** Start parameters that make PostgreSQL call fsync: PGlite's own, less `-F`. */
export const DURABLE_START: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync', '-c', `shared_buffers=${SHARED_BUFFERS}`],
];
