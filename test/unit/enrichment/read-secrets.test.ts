import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSecrets } from '../../../src/enrichment/read-secrets.ts';
import type { ProviderSettings } from '../../../src/kernel/context.ts';
import { SamepageError } from '../../../src/kernel/errors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = (secretsFile: string, variable: ProviderSettings['variable']): ProviderSettings => ({
  ...{ folder: undefined, contact: undefined, dayUsd: undefined, workspaceUsd: undefined },
  secretsFile,
  variable,
});

async function settingsOf(text: string, mode = 0o600, env: Record<string, string> = {}): Promise<ProviderSettings> {
  const secretsFile = join(folder, `keys-${mode}`);
  await writeFile(secretsFile, text);
  await chmod(secretsFile, mode);
  return settings(secretsFile, (name) => env[name]);
}

async function refusal(settings: ProviderSettings): Promise<string> {
  return readSecrets(settings).then(
    () => 'it was read',
    (error: unknown) => (error instanceof SamepageError ? `${error.code}: ${error.message} ${error.next}` : String(error)),
  );
}

describe('the secrets file', () => {
  test('has a key a line; the environment counts before it', async () => {
    const text = '# keys\n\nACME_API_KEY=one\nexport OTHER_TOKEN = "two words"\nTHIRD_KEY=\'=three=\'\r\nEMPTY_KEY=\nBOTH_KEY=file\n';
    const secret = await readSecrets(await settingsOf(text, 0o600, { BOTH_KEY: 'environment' }));
    const names = ['ACME_API_KEY', 'OTHER_TOKEN', 'THIRD_KEY', 'EMPTY_KEY', 'BOTH_KEY', 'NO_KEY'];
    expect(names.map(secret)).toEqual(['one', 'two words', '=three=', undefined, 'environment', undefined]);
  });

  test('is refused with a line that cannot be understood, without showing it', async () => {
    const said = await refusal(await settingsOf('ACME_API_KEY=one\ncanary value\n'));
    expect(said).toMatch(/^file_rejected: .* has a line 2 that is not NAME=value/);
    expect(said).not.toContain('canary');
  });

  test.skipIf(process.platform === 'win32')('is refused when others may read it, and when it is not there', async () => {
    expect(await refusal(await settingsOf('A_KEY=x', 0o644))).toMatch(/may be read by others.*chmod 600/);
    expect(await refusal(settings(join(folder, 'none'), () => undefined))).toMatch(/cannot be read/);
  });
});
