import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isObject } from '../kernel/json.ts';
import { programFile } from './program.ts';

/** What a process that was started to own a folder says of how that went, on a line of its own. */
export type StartReport =
  | { outcome: 'ready' }
  /** Another process has the folder, or is about to. */
  | { outcome: 'lost' }
  | { outcome: 'refused'; code: string; message: string; next: string }
  /** It ended and said nothing. */
  | { outcome: 'failed'; said: string };

const MAX_SAID = 4_000;
/**
 * For a process that waits most of the time. V8's helper threads each keep memory of their own, some 50 MB in all: it needs one. The
 * room for young objects, which is never given back, is 4 MB a thread, not 16: another 50 MB.
 */
const LEAN = ['--v8-pool-size=1', '--max-semi-space-size=4'];

/**
 * Starts the owner of a folder, detached: it outlives this process and belongs to no client. It keeps none of our streams,
 * so nobody who reads them waits for it. Resolves when it has the folder, or has failed to get it.
 */
export async function startOwner(folder: string): Promise<StartReport> {
  const { path, nodeArgs } = programFile('../main', import.meta.url);
  const child = spawn(process.execPath, [...LEAN, ...nodeArgs, path, 'owner', folder], {
    cwd: new URL('../../', import.meta.url),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let out = '';
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = `${said}${data}`.slice(-MAX_SAID);
  });
  const reported = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      out += String(data);
      if (out.includes('\n')) resolve();
    });
  });
  const failed = once(child, 'error').then(([error]: Error[]) => {
    said = String(error);
  });
  // `close`: its streams are read to their end
  const ended = once(child, 'close').catch(() => {});
  await Promise.race([reported, ended, failed]);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  return readReport(out) ?? { outcome: 'failed', said };
}

function readReport(text: string): StartReport | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    if (value.outcome === 'ready' || value.outcome === 'lost') return { outcome: value.outcome };
    const { code, message, next } = value;
    if (typeof code !== 'string' || typeof message !== 'string' || typeof next !== 'string') return undefined;
    return { outcome: 'refused', code, message, next };
  } catch {
    return undefined;
  }
}
