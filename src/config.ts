import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { ProviderSettings } from './kernel/context.ts';
import { type Problem, SamepageError, shown } from './kernel/errors.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** PostgreSQL when given; a secret. */
  databaseUrl: string | undefined;
  /** An absolute path, or `memory`. */
  dataDir: string;
  workspaceId: string;
  logLevel: LogLevel;
  /** How long the owner of an embedded folder stays without a client, in milliseconds. */
  ownerIdleMs: number;
}

/** Every variable that is read, and what it means: the README's table is made of it. */
export const VARIABLES = {
  SAMEPAGE_DATA_DIR: 'folder of the embedded database; `memory` keeps nothing. Default: a folder of the user',
  DATABASE_URL: 'a PostgreSQL database, used in place of the embedded one: `postgres://user:password@host/name`',
  SAMEPAGE_WORKSPACE: 'name of the workspace; one database may hold many. Default: `default`',
  SAMEPAGE_LOG_LEVEL: `one of ${LOG_LEVELS.join(', ')}. Logs go to stderr as JSON. Default: \`info\``,
  SAMEPAGE_IDLE_SECONDS: 'how long the process that holds the embedded database stays when its last client has left. Default: 30',
  SAMEPAGE_PROVIDERS_DIR: 'folder with providers of your own, a folder each; one with the name of a shipped one is used in its place',
  SAMEPAGE_SECRETS_FILE:
    'file of lines `NAME=value` with the keys of providers and secrets of webhooks, which only its owner may read; the environment counts before it',
  SAMEPAGE_DAY_BUDGET_USD: 'what paid providers may cost a workspace on one UTC day, in US dollars. Default: 25',
  SAMEPAGE_TOTAL_BUDGET_USD: 'what they may cost it in all. Default: no ceiling',
  SAMEPAGE_WEBHOOK_NETWORKS:
    'private networks to which webhooks may be sent, comma-separated, as `10.1.0.0/16,127.0.0.1`. Default: the public internet alone',
  SAMEPAGE_CONTACT: 'e-mail or web address by which free sources can reach you; some answer nobody without (SEC, Wikidata)',
} as const;

interface Machine {
  platform: NodeJS.Platform;
  /** Undefined for a user who has none. */
  home: string | undefined;
}

/** Plain code, no schema: the proxy of every client reads this, and is to stay small (docs/decisions/embedded-owner.md). */
const WORKSPACE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const CONTACT = /^[!-'*-~]{3,200}$/;
const NETWORK = /^[0-9a-f.:]{2,45}(\/\d{1,3})?$/i;
const MONEY = /^\d{1,7}(\.\d{1,6})?$/;
const DAY_BUDGET_USD = 25;
const IDLE_SECONDS = /^\d{1,5}(\.\d{1,3})?$/;

/** Where the user's data belongs on this platform; undefined for a user without a home, who must say so. */
function defaultDataDir(env: NodeJS.ProcessEnv, { platform, home }: Machine): string | undefined {
  const below = (...parts: string[]) => (home === undefined ? undefined : join(home, ...parts, 'samepage'));
  if (platform === 'darwin') return below('Library', 'Application Support');
  if (platform === 'win32') return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, 'samepage') : below('AppData', 'Local');
  // XDG: a relative path is to be ignored
  const data = env.XDG_DATA_HOME;
  return data !== undefined && isAbsolute(data) ? join(data, 'samepage') : below('.local', 'share');
}

/** An empty HOME would put the data wherever a client happens to start the program, and a user of a number alone has none at all. */
function homeOf(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The configuration that the environment gives; the only reader of it. An empty variable counts as not set.
 * @throws SamepageError `invalid_input` naming every variable that is wrong; a secret's value is never shown.
 */
export function parseConfig(
  env: NodeJS.ProcessEnv = process.env,
  machine: Machine = { platform: process.platform, home: homeOf() },
): Config {
  const problems: Problem[] = [];
  const read = (name: keyof typeof VARIABLES) => env[name] || undefined;

  for (const name of Object.keys(env)) {
    if (name.startsWith('SAMEPAGE_') && !(name in VARIABLES)) {
      problems.push({ path: name, reason: `is not a variable of samepage-mcp; there are ${Object.keys(VARIABLES).join(', ')}` });
    }
  }

  const databaseUrl = read('DATABASE_URL');
  if (databaseUrl !== undefined && !(/^postgres(ql)?:\/\//.test(databaseUrl) && URL.canParse(databaseUrl))) {
    problems.push({ path: 'DATABASE_URL', reason: 'is not a URL of the form postgres://user:password@host:5432/name' });
  }

  const folder = read('SAMEPAGE_DATA_DIR') ?? defaultDataDir(env, machine);
  if (folder === undefined && databaseUrl === undefined) {
    problems.push({ path: 'SAMEPAGE_DATA_DIR', reason: 'must be set, to an absolute path: this user has no home folder (HOME)' });
  }
  if (folder?.startsWith('~')) {
    problems.push({ path: 'SAMEPAGE_DATA_DIR', value: shown(folder), reason: 'no shell expands ~ here; write the whole path' });
  }

  for (const name of ['SAMEPAGE_PROVIDERS_DIR', 'SAMEPAGE_SECRETS_FILE'] as const) {
    const path = read(name);
    if (path?.startsWith('~')) problems.push({ path: name, value: shown(path), reason: 'no shell expands ~ here; write the whole path' });
  }

  for (const name of ['SAMEPAGE_DAY_BUDGET_USD', 'SAMEPAGE_TOTAL_BUDGET_USD'] as const) {
    const money = read(name);
    if (money !== undefined && !MONEY.test(money)) {
      problems.push({ path: name, value: shown(money), reason: 'is an amount of US dollars, as 25 or 0.50' });
    }
  }

  const contact = read('SAMEPAGE_CONTACT');
  if (contact !== undefined && !CONTACT.test(contact)) {
    problems.push({ path: 'SAMEPAGE_CONTACT', value: shown(contact), reason: 'is an e-mail or web address without blanks or brackets' });
  }

  for (const network of webhookNetworks(env)) {
    if (!NETWORK.test(network)) {
      problems.push({ path: 'SAMEPAGE_WEBHOOK_NETWORKS', value: shown(network), reason: 'lists addresses and networks, as 10.1.0.0/16' });
    }
  }

  const workspaceId = read('SAMEPAGE_WORKSPACE') ?? 'default';
  if (!WORKSPACE_NAME.test(workspaceId)) {
    problems.push({
      path: 'SAMEPAGE_WORKSPACE',
      value: shown(workspaceId),
      reason: 'a name has lower case letters, digits, - and _, at most 63 of them',
    });
  }

  const level = read('SAMEPAGE_LOG_LEVEL') ?? 'info';
  const logLevel = LOG_LEVELS.find((known) => known === level);
  if (logLevel === undefined) {
    problems.push({ path: 'SAMEPAGE_LOG_LEVEL', value: shown(level), reason: `is one of ${LOG_LEVELS.join(', ')}` });
  }

  const idleSeconds = read('SAMEPAGE_IDLE_SECONDS') ?? '30';
  if (!IDLE_SECONDS.test(idleSeconds)) {
    problems.push({ path: 'SAMEPAGE_IDLE_SECONDS', value: shown(idleSeconds), reason: 'is a number of seconds, as 30' });
  }

  const first = problems[0];
  if (first !== undefined || logLevel === undefined) {
    throw new SamepageError(
      'invalid_input',
      `${first?.path}: ${first?.reason}.`,
      'Correct or unset it in the environment (for a desktop client: under `env` of its server entry), then start again.',
      { problems },
    );
  }
  return {
    databaseUrl,
    // nobody reads it who has a DATABASE_URL
    dataDir: folder === undefined || folder === 'memory' ? 'memory' : resolve(folder),
    workspaceId,
    logLevel,
    ownerIdleMs: Number(idleSeconds) * 1_000,
  };
}

/** The private networks to which webhooks may be sent; `parseConfig` has looked at their form. */
export function webhookNetworks(env: NodeJS.ProcessEnv = process.env): string[] {
  const listed = (env.SAMEPAGE_WEBHOOK_NETWORKS ?? '').split(',').map((network) => network.trim());
  return listed.filter((network) => network !== '');
}

/** What the environment says of providers; `parseConfig` has checked it. A key is asked for by its name, and held by nobody else. */
export function providerSettings(env: NodeJS.ProcessEnv = process.env): ProviderSettings {
  const path = (name: keyof typeof VARIABLES) => (env[name] ? resolve(env[name]) : undefined);
  return {
    folder: path('SAMEPAGE_PROVIDERS_DIR'),
    secretsFile: path('SAMEPAGE_SECRETS_FILE'),
    contact: env.SAMEPAGE_CONTACT || undefined,
    dayUsd: Number(env.SAMEPAGE_DAY_BUDGET_USD || DAY_BUDGET_USD),
    workspaceUsd: env.SAMEPAGE_TOTAL_BUDGET_USD ? Number(env.SAMEPAGE_TOTAL_BUDGET_USD) : undefined,
    variable: (name) => env[name] || undefined,
  };
}
