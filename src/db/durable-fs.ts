import { closeSync, fsyncSync, openSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
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
    stream_ops: { fsync?: (stream: Stream) => number } & Record<'write' | 'close', (stream: Stream, ...rest: never[]) => unknown>;
    node_ops: Record<'rename' | 'rmdir' | 'setattr' | 'unlink', Operation>;
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

const realFsync: PreRun = (module) => {
  const emscripten = module as unknown as EmscriptenNodeFs;
  const { NODEFS } = emscripten;
  NODEFS.stream_ops.fsync = (stream) => {
    asErrno(emscripten, () => (stream.nfd === undefined ? fsyncDirectory(NODEFS.realPath(stream.node)) : fsyncSync(stream.nfd)));
    return 0;
  };
};

const WAL_SEGMENT = /[\\/]pg_wal[\\/][0-9A-F]{24}$/;

/** An fsync of the write-ahead log is noted and left to `wal`; before anything else of the folder changes it is done. */
function fsyncBeside(wal: WalSync): PreRun {
  return (module) => {
    const emscripten = module as unknown as EmscriptenNodeFs;
    const { NODEFS } = emscripten;
    const { stream_ops: streams, node_ops: nodes } = NODEFS;
    const { fsync, write, close } = streams;
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
      if (!isLog(stream)) first();
      return write(stream, ...rest);
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

  /** @param wal given, the write-ahead log is synced beside the database: then whoever answers waits for it. */
  constructor(dataDir: string, wal?: WalSync) {
    super(dataDir);
    this.#preRun = wal === undefined ? [realFsync] : [realFsync, fsyncBeside(wal)];
  }

  override async init(pg: PGlite, options: InitOptions): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), ...this.#preRun] } };
  }
}

/** Start parameters that make PostgreSQL call fsync: PGlite's own, less `-F`. */
export const DURABLE_START: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync'],
];
