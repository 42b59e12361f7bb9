import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Program {
  path: string;
  /** Arguments of Node before it. */
  nodeArgs: string[];
}

const isSource = (base: string) => extname(fileURLToPath(base)) === '.ts';
const found = (module: string, base: string) => pathToFileURL(createRequire(base).resolve(module)).href;

/** A file of this program to run as a process, from the build or, where we run from them, from the sources. */
export function programFile(name: string, base: string): Program {
  const path = fileURLToPath(new URL(`${name}${extname(fileURLToPath(base))}`, base));
  return { path, nodeArgs: isSource(base) ? ['--import', found('tsx', base)] : [] };
}

/** A file of this program to run as a thread, likewise. */
export function threadFile(name: string, base: string): URL {
  const file = new URL(`${name}${extname(fileURLToPath(base))}`, base);
  if (!isSource(base)) return file;
  // a thread does not take over the loader
  const load = `import { register } from '${found('tsx/esm/api', base).replace(/cjs$/, 'mjs')}'; register(); await import('${file.href}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(load)}`);
}
