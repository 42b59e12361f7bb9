import { Console } from 'node:console';
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
