import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * Takes stdout for the protocol alone: whatever else writes there (a library, a stray console.log) goes to stderr.
 * @param onGone called when the reader has left.
 */
export function claimStdout(onGone: () => void): Writable {
  const write = process.stdout.write.bind(process.stdout);
  const protocol = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      write(chunk, (error) => done(error ?? null));
    },
  });
  protocol.on('error', onGone);
  process.stdout.on('error', onGone);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
  return protocol;
}

/** Says one line on stdout to the process that started this one, which may be gone, and nothing there ever after. */
export function reportOnce(line: string): void {
  try {
    writeSync(1, `${line}\n`);
  } catch {
    // nobody listens
  }
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
