import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Program {
  path: string;
  /** Arguments of Node before it. */
  nodeArgs: string[];
}

/** A file of this program that is to run in a process or thread of its own, from the build or from the sources as we do. */
export function programFile(name: string, base: string): Program {
  const extension = extname(fileURLToPath(base));
  const path = fileURLToPath(new URL(`${name}${extension}`, base));
  if (extension !== '.ts') return { path, nodeArgs: [] };
  return { path, nodeArgs: ['--import', import.meta.resolve('tsx')] };
}
