import { open } from 'node:fs/promises';
import type { GivenFile } from './core/validate.ts';
import { listDefinitionFiles } from './list-definition-files.ts';

const MAX_BYTES = 1_000_000;

/** The texts of files, and of the files in folders. */
export async function readDefinitionFiles(paths: readonly string[]): Promise<GivenFile[]> {
  return Promise.all((await listDefinitionFiles(paths)).map(readDefinitionFile));
}

/** A file's text, or why it has none. Never throws for what the file is. */
export async function readDefinitionFile(file: string): Promise<GivenFile> {
  const flawed = (message: string): GivenFile => ({
    file,
    text: undefined,
    flaw: { path: '(document)', line: 1, column: 1, message },
  });
  try {
    const handle = await open(file, 'r');
    try {
      // a pipe has no size to ask for: read until its end, or one byte more than is allowed
      const buffer = Buffer.alloc(MAX_BYTES + 1);
      let length = 0;
      for (let got = 1; got > 0 && length < buffer.length; length += got) {
        got = (await handle.read(buffer, length, buffer.length - length)).bytesRead;
      }
      if (length > MAX_BYTES) return flawed('the file is larger than 1 MB; a definition is far smaller');
      const bytes = buffer.subarray(0, length);
      if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
        return flawed('the file is UTF-16; save it as UTF-8');
      return { file, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return flawed(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'the file is not UTF-8 text';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'a folder without a YAML or JSON file in it';
  if (code === 'EACCES' || code === 'EPERM') return 'this file may not be read';
  return 'the file cannot be read';
}
