import { open } from 'node:fs/promises';
import type { ProviderSettings } from '../kernel/context.ts';
import { SamepageError } from '../kernel/errors.ts';

const MAX_BYTES = 100_000;
const LINE = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{2,63})\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S*))\s*$/;

/**
 * How keys are found: in the environment, else in the secrets file.
 * @throws SamepageError `file_rejected` when the file cannot be read, others may read it, or a line of it cannot be understood
 */
export async function readSecrets(settings: ProviderSettings | undefined): Promise<(name: string) => string | undefined> {
  if (settings === undefined) return () => undefined;
  const held = settings.secretsFile === undefined ? new Map<string, string>() : await secretsIn(settings.secretsFile);
  return (name) => settings.variable(name) ?? held.get(name);
}

async function secretsIn(file: string): Promise<Map<string, string>> {
  const refused = (what: string, next: string, cause?: unknown) =>
    new SamepageError('file_rejected', `The file of SAMEPAGE_SECRETS_FILE ${what}.`, next, { cause });
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw refused('cannot be read', 'Correct the path, or unset the variable.', cause);
  });
  try {
    const { mode, size } = await handle.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw refused('may be read by others', 'Take that from them (chmod 600), then start again.');
    if (size > MAX_BYTES) throw refused('is larger than 100 kB', 'Name a file that holds keys alone.');
    const found = new Map<string, string>();
    for (const [i, line] of (await handle.readFile('utf8')).split(/\r?\n/).entries()) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      const [, name, doubled, single, bare] = LINE.exec(line) ?? [];
      if (name === undefined)
        throw refused(`has a line ${i + 1} that is not NAME=value`, 'Write one NAME=value a line; comments begin with #.');
      const value = doubled ?? single ?? bare ?? '';
      if (value !== '') found.set(name, value);
    }
    return found;
  } finally {
    await handle.close();
  }
}
