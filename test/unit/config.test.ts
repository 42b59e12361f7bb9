import { describe, expect, it } from 'vitest';
import { parseConfig, providerSettings, VARIABLES } from '../../src/config.ts';
import { SamepageError } from '../../src/kernel/errors.ts';

const linux = { platform: 'linux', home: '/home/ann' } as const;

function problemsOf(env: NodeJS.ProcessEnv): readonly { path: string; reason: string }[] {
  try {
    parseConfig(env, linux);
  } catch (error) {
    if (error instanceof SamepageError) return error.problems;
  }
  throw new Error('it was accepted');
}

describe('parseConfig', () => {
  it('needs nothing', () => {
    expect(parseConfig({ PATH: '/bin', HOME: '/elsewhere' }, linux)).toEqual({
      databaseUrl: undefined,
      dataDir: '/home/ann/.local/share/samepage',
      workspaceId: 'default',
      logLevel: 'info',
      ownerIdleMs: 30_000,
    });
  });

  it.each([
    [{}, 'darwin', '/home/ann/Library/Application Support/samepage'],
    [{ XDG_DATA_HOME: '/data' }, 'linux', '/data/samepage'],
    [{ XDG_DATA_HOME: 'data' }, 'linux', '/home/ann/.local/share/samepage'],
    [{ SAMEPAGE_DATA_DIR: '/srv/x' }, 'linux', '/srv/x'],
    [{ SAMEPAGE_DATA_DIR: '' }, 'linux', '/home/ann/.local/share/samepage'],
    [{ SAMEPAGE_DATA_DIR: 'memory' }, 'linux', 'memory'],
  ] as const)('%j on %s keeps its data in %s', (env, platform, dataDir) => {
    expect(parseConfig(env, { ...linux, platform }).dataDir).toBe(dataDir);
  });

  it('asks for the folder where the user has no home', () => {
    const homeless = { platform: 'linux', home: undefined } as const;
    expect(() => parseConfig({}, homeless)).toThrow(/SAMEPAGE_DATA_DIR: must be set.*no home folder/);
    expect(parseConfig({ SAMEPAGE_DATA_DIR: '/srv/x' }, homeless).dataDir).toBe('/srv/x');
    expect(parseConfig({ XDG_DATA_HOME: '/data' }, homeless).dataDir).toBe('/data/samepage');
    expect(parseConfig({ DATABASE_URL: 'postgres://ann@db/x' }, homeless).databaseUrl).toBeDefined();
    const before = process.env.HOME;
    try {
      process.env.HOME = '';
      expect(() => parseConfig({})).toThrow(/no home folder/);
    } finally {
      process.env.HOME = before;
    }
  });

  it('refuses a variable of its own that it does not know, and names those there are', () => {
    const [problem] = problemsOf({ SAMEPAGE_READ_ONLY: 'true' });
    expect(problem?.path).toBe('SAMEPAGE_READ_ONLY');
    for (const name of Object.keys(VARIABLES)) expect(problem?.reason).toContain(name);
  });

  it('refuses all that is wrong at once, and never shows a secret', () => {
    const problems = problemsOf({
      DATABASE_URL: 'http://user:hunter2@host/db',
      SAMEPAGE_DATA_DIR: '~/samepage',
      SAMEPAGE_WORKSPACE: 'Our Team',
      SAMEPAGE_LOG_LEVEL: 'loud',
      SAMEPAGE_IDLE_SECONDS: 'soon',
      SAMEPAGE_PROVIDERS_DIR: '~/providers',
      SAMEPAGE_SECRETS_FILE: '~/keys',
      SAMEPAGE_CONTACT: 'Ann (ann@northwind.example)\r\nx-injected: 1',
      SAMEPAGE_WEBHOOK_NETWORKS: '10.0.0.0/8, our-network',
    });
    expect(problems.map(({ path }) => path)).toEqual([
      'DATABASE_URL',
      'SAMEPAGE_DATA_DIR',
      'SAMEPAGE_PROVIDERS_DIR',
      'SAMEPAGE_SECRETS_FILE',
      'SAMEPAGE_CONTACT',
      'SAMEPAGE_WEBHOOK_NETWORKS',
      'SAMEPAGE_WORKSPACE',
      'SAMEPAGE_LOG_LEVEL',
      'SAMEPAGE_IDLE_SECONDS',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('takes a PostgreSQL URL', () => {
    expect(parseConfig({ DATABASE_URL: 'postgresql://u:p@h:5432/d?sslmode=require' }, linux).databaseUrl).toContain('@h:5432/d');
  });

  it('gives providers their folder, contact and keys, the last by name alone', () => {
    const settings = providerSettings({
      SAMEPAGE_PROVIDERS_DIR: '/srv/providers',
      SAMEPAGE_CONTACT: 'ops@northwind.example',
      ACME_API_KEY: 'canary',
      EMPTY: '',
    });
    expect(settings).toMatchObject({ folder: '/srv/providers', secretsFile: undefined, contact: 'ops@northwind.example' });
    expect(settings.variable('ACME_API_KEY')).toBe('canary');
    expect(settings.variable('EMPTY')).toBeUndefined();
    expect(JSON.stringify(settings)).not.toContain('canary');
  });
});
