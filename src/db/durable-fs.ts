import { closeSync, fsyncSync, openSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type InitOptions = Parameters<NodeFS['init']>[1];
type PreRun = NonNullable<InitOptions['preRun']>[number];

interface Stream {
  /** The open file; a directory has none. */
  nfd?: number;
  node: unknown;
}

/** The part of emscripten's node file system that we complete. Its types leave it out. */
interface EmscriptenNodeFs {
  NODEFS: {
    stream_ops: { fsync?: (stream: Stream) => number };
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

const realFsync: PreRun = (module) => {
  const { NODEFS, FS } = module as unknown as EmscriptenNodeFs;
  NODEFS.stream_ops.fsync = (stream) => {
    try {
      if (stream.nfd === undefined) fsyncDirectory(NODEFS.realPath(stream.node));
      else fsyncSync(stream.nfd);
      return 0;
    } catch (error) {
      throw new FS.ErrnoError(NODEFS.convertNodeCode(error));
    }
  };
};

/** PGlite's node file system, whose fsync does nothing, with one that reaches the disk (docs/decisions/embedded-folder.md). */
export class DurableNodeFs extends NodeFS {
  override async init(pg: PGlite, options: InitOptions): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), realFsync] } };
  }
}

/** Start parameters that make PostgreSQL call fsync: PGlite's own, less `-F`. */
export const DURABLE_START: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync'],
];
