import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIOME = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** File, one line of code, and whether the house allows it. */
const CASES: readonly (readonly [file: string, code: string, verdict: 'allowed' | 'refused'])[] = [
  // rooms import downward only
  ['src/accounts/a.ts', "import { x } from '../scoring/x.ts';", 'allowed'],
  ['src/accounts/a.ts', "import { x } from '../definitions/x.ts';", 'allowed'],
  ['src/scoring/a.ts', "import { x } from '../accounts/x.ts';", 'refused'],
  ['src/scoring/a.ts', "import type { X } from '../accounts/core/x.ts';", 'refused'],
  ['src/scoring/a.ts', "export { x } from '../accounts/x.ts';", 'refused'],
  ['src/scoring/a.ts', "export * from '../accounts/x.ts';", 'refused'],
  ['src/scoring/a.ts', "export const x = await import('../accounts/x.ts');", 'refused'],
  ['src/scoring/a.ts', "import { x } from '../engagement/x.ts';", 'allowed'],
  ['src/engagement/a.ts', "import { x } from '../records/x.ts';", 'allowed'],
  ['src/engagement/a.ts', "import { x } from '../scoring/x.ts';", 'refused'],
  ['src/scoring/a.ts', "import { x } from '../identity/x.ts';", 'allowed'],
  ['src/identity/a.ts', "import { x } from '../engagement/x.ts';", 'allowed'],
  ['src/identity/a.ts', "import { x } from '../scoring/x.ts';", 'refused'],
  ['src/engagement/a.ts', "import { x } from '../identity/x.ts';", 'refused'],
  ['src/scoring/a.ts', "import { x } from '../enrichment/x.ts';", 'allowed'],
  ['src/enrichment/a.ts', "import { x } from '../identity/x.ts';", 'allowed'],
  ['src/enrichment/a.ts', "import { x } from '../scoring/x.ts';", 'refused'],
  ['src/enrichment/a.ts', "import { x } from '../config.ts';", 'refused'],
  ['src/enrichment/core/a.ts', "import { x } from '../../records/core/x.ts';", 'allowed'],
  ['src/enrichment/core/a.ts', "import { request } from 'undici';", 'refused'],
  ['src/identity/a.ts', "import { x } from '../enrichment/x.ts';", 'refused'],
  ['src/identity/core/a.ts', "import { x } from '../../records/core/x.ts';", 'allowed'],
  ['src/identity/core/a.ts', "import { x } from '../match-files.ts';", 'refused'],
  ['src/records/a.ts', "import { x } from '../definitions/x.ts';", 'allowed'],
  ['src/records/a.ts', "import { x } from '../engagement/x.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from '../records/core/x.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from './core/x.ts';", 'allowed'],
  ['src/definitions/a.ts', "import { x } from '../db/workspace.ts';", 'allowed'],
  ['src/definitions/a.ts', "import { x } from '../tools/x.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from '../server/x.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from '../cli/x.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from '../config.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from '../a-room-to-come/x.ts';", 'refused'],
  ['src/definitions/a.ts', "import { x } from '../../test/support/x.ts';", 'refused'],
  ['src/new-room/a.ts', "import { x } from '../kernel/errors.ts';", 'refused'],
  ['src/definitions/a.ts', "import postgres from 'postgres';", 'refused'],
  ['src/definitions/a.ts', "import { PGlite } from '@electric-sql/pglite';", 'refused'],
  ['src/definitions/a.ts', "import { readFile } from 'node:fs/promises';", 'allowed'],
  ['src/definitions/a.ts', "import { readFile } from 'fs/promises';", 'refused'],
  // hand-off stands between intake and playbook
  ['src/intake/a.ts', "import { x } from '../handoff/x.ts';", 'allowed'],
  ['src/handoff/a.ts', "import { x } from '../playbook/x.ts';", 'allowed'],
  ['src/handoff/a.ts', "import { x } from '../intake/x.ts';", 'refused'],
  ['src/playbook/a.ts', "import { x } from '../handoff/x.ts';", 'refused'],
  ['src/handoff/core/a.ts', "import { x } from '../../definitions/core/x.ts';", 'allowed'],
  ['src/handoff/core/a.ts', "import { x } from '../a.ts';", 'refused'],
  // upkeep is above the rooms
  ['src/upkeep/a.ts', "import { x } from '../scoring/x.ts';", 'allowed'],
  ['src/upkeep/a.ts', "import { x } from '../db/x.ts';", 'allowed'],
  ['src/upkeep/a.ts', "import { x } from '../config.ts';", 'refused'],
  ['src/upkeep/a.ts', "import { x } from '../demo/x.ts';", 'refused'],
  ['src/upkeep/core/a.ts', "import { x } from '../../kernel/errors.ts';", 'allowed'],
  ['src/upkeep/core/a.ts', "import { x } from '../../db/x.ts';", 'refused'],
  ['src/scoring/a.ts', "import { x } from '../upkeep/x.ts';", 'refused'],
  ['src/server/a.ts', "import { x } from '../upkeep/x.ts';", 'refused'],
  // a room's core
  ['src/scoring/core/a.ts', "import { x } from './x.ts';", 'allowed'],
  ['src/scoring/core/a.ts', "import { x } from '../../kernel/errors.ts';", 'allowed'],
  ['src/scoring/core/a.ts', "import { x } from '../../definitions/core/x.ts';", 'allowed'],
  ['src/scoring/core/a.ts', "import { x } from '../../definitions/x.ts';", 'refused'],
  ['src/scoring/core/a.ts', "import { x } from '../../accounts/core/x.ts';", 'refused'],
  ['src/scoring/core/a.ts', "import { x } from '../score-record.ts';", 'refused'],
  ['src/scoring/core/a.ts', "import { x } from '../../db/client.ts';", 'refused'],
  ['src/scoring/core/a.ts', "import type { Context } from '../../kernel/context.ts';", 'refused'],
  ['src/scoring/core/a.ts', "import type { Tx } from '../../kernel/database.ts';", 'refused'],
  ['src/scoring/core/a.ts', "import { readFileSync } from 'node:fs';", 'refused'],
  ['src/scoring/core/a.ts', "import { randomUUID } from 'node:crypto';", 'refused'],
  ['src/scoring/core/a.ts', "import { sql } from 'drizzle-orm';", 'refused'],
  ['src/scoring/core/a.ts', "import { pgTable } from 'drizzle-orm/pg-core';", 'refused'],
  ['src/scoring/core/a.ts', "import { pino } from 'pino';", 'refused'],
  ['src/scoring/core/a.ts', "import { z } from 'zod';", 'allowed'],
  ['src/scoring/core/a.ts', 'export const x = Date.now();', 'refused'],
  ['src/scoring/core/a.ts', 'export const clock = Date.now;', 'refused'],
  ['src/scoring/core/a.ts', 'export const x = new Date();', 'refused'],
  ['src/scoring/core/a.ts', 'export const x = (ms: number) => new Date(ms);', 'allowed'],
  ['src/scoring/core/a.ts', "export const x = Date.parse('2026-01-01');", 'allowed'],
  ['src/scoring/core/a.ts', 'export const x = Math.random();', 'refused'],
  ['src/scoring/core/a.ts', 'export const x = Math.floor(1.5);', 'allowed'],
  ['src/scoring/core/a.ts', 'export const x = performance.now();', 'refused'],
  ['src/scoring/core/a.ts', "export const x = fetch('https://example.com');", 'refused'],
  ['src/scoring/core/a.ts', 'export const x = process.pid;', 'refused'],
  ['src/scoring/core/a.ts', 'export const x = crypto.randomUUID();', 'refused'],
  // the floors above the rooms
  ['src/tools/a.ts', "import { x } from '../accounts/x.ts';", 'allowed'],
  ['src/tools/a.ts', "import { x } from '../kernel/errors.ts';", 'allowed'],
  ['src/tools/a.ts', "import { x } from '../db/client.ts';", 'refused'],
  ['src/tools/a.ts', "import { x } from '../server/x.ts';", 'refused'],
  ['src/tools/a.ts', "import { sql } from 'drizzle-orm';", 'refused'],
  ['src/tools/a.ts', "import { x } from '@modelcontextprotocol/sdk/types.js';", 'refused'],
  ['src/resources/a.ts', "import { x } from '../definitions/x.ts';", 'allowed'],
  ['src/resources/a.ts', "import { x } from '../db/client.ts';", 'refused'],
  ['src/resources/a.ts', "import { x } from '@modelcontextprotocol/sdk/types.js';", 'refused'],
  ['src/prompts/a.ts', "import { x } from '../db/client.ts';", 'refused'],
  ['src/prompts/a.ts', "import { x } from '../../drizzle/x.ts';", 'refused'],
  ['src/server/a.ts', "import { x } from '@modelcontextprotocol/sdk/types.js';", 'allowed'],
  ['src/server/a.ts', "import { x } from '../tools/x.ts';", 'allowed'],
  ['src/server/a.ts', "import { x } from '../cli/x.ts';", 'refused'],
  ['src/server/a.ts', "import { x } from '../main.ts';", 'refused'],
  ['src/server/owner/a.ts', "import { x } from '../../cli/x.ts';", 'refused'],
  ['src/server/owner/a.ts', "import { x } from '../../db/x.ts';", 'allowed'],
  ['src/db/wire/a.ts', "import { x } from '../../kernel/x.ts';", 'allowed'],
  ['src/db/wire/a.ts', "import { x } from '../../config.ts';", 'refused'],
  ['src/cli/a.ts', "import { x } from '../server/x.ts';", 'allowed'],
  ['src/cli/a.ts', "import { x } from '../demo/x.ts';", 'allowed'],
  ['src/cli/a.ts', "import { x } from '@modelcontextprotocol/sdk/types.js';", 'refused'],
  ['src/demo/a.ts', "import { x } from '../accounts/x.ts';", 'allowed'],
  ['src/demo/a.ts', "import { x } from '../db/workspace.ts';", 'allowed'],
  ['src/demo/a.ts', "import { x } from '../server/x.ts';", 'refused'],
  ['src/demo/a.ts', "import { x } from '../cli/x.ts';", 'refused'],
  ['src/demo/core/a.ts', "import { x } from '../../definitions/core/x.ts';", 'allowed'],
  ['src/demo/core/a.ts', "import { x } from '../../records/core/x.ts';", 'refused'],
  ['src/demo/core/a.ts', 'export const x = Math.random();', 'refused'],
  ['src/server/a.ts', "import { x } from '../demo/x.ts';", 'refused'],
  ['src/accounts/a.ts', "import { x } from '../demo/x.ts';", 'refused'],
  ['src/main.ts', "import { x } from '@modelcontextprotocol/sdk/types.js';", 'refused'],
  ['src/main.ts', "import { x } from './cli/x.ts';", 'allowed'],
  // the ground floor
  ['src/db/a.ts', "import { x } from '../kernel/errors.ts';", 'allowed'],
  ['src/db/a.ts', "import postgres from 'postgres';", 'allowed'],
  ['src/db/a.ts', "import { x } from '../records/x.ts';", 'refused'],
  ['src/db/a.ts', "import { x } from '../config.ts';", 'refused'],
  ['src/db/schema/a.ts', "import { x } from './columns.ts';", 'allowed'],
  ['src/db/schema/a.ts', "import { x } from '../../definitions/core/x.ts';", 'refused'],
  ['src/kernel/a.ts', "import { x } from './errors.ts';", 'allowed'],
  ['src/kernel/a.ts', "import { x } from '../db/client.ts';", 'refused'],
  ['src/kernel/a.ts', "import { x } from '../definitions/core/x.ts';", 'refused'],
  // the environment and the console
  ['src/config.ts', 'export const x = process.env.DATABASE_URL;', 'allowed'],
  ['src/config.ts', "import { x } from './db/client.ts';", 'refused'],
  ['src/main.ts', 'export const x = process.env.DATABASE_URL;', 'refused'],
  ['src/db/a.ts', "export const x = process['env'].DATABASE_URL;", 'refused'],
  ['src/db/a.ts', 'export const { env } = process;', 'refused'],
  ['src/cli/a.ts', "import { env } from 'node:process'; export const x = env;", 'refused'],
  ['src/server/a.ts', "console.log('x');", 'refused'],
  ['src/records/a.ts', "process.stdout.write('x');", 'refused'],
  ['src/cli/a.ts', "process.stdout.write('x');", 'allowed'],
  ['src/log.ts', "import { x } from '@modelcontextprotocol/sdk/types.js';", 'refused'],
  ['src/log.ts', "import postgres from 'postgres';", 'refused'],
  ['src/server/a.ts', 'export const x: any = 1;', 'refused'],
];

const reportSchema = z.object({
  diagnostics: z.array(z.object({ severity: z.string(), category: z.string(), location: z.object({ path: z.string() }) })),
});
/** What these tests are about; a snippet may break other rules (an unused import). */
const RULES = new Set([
  'lint/style/noRestrictedImports',
  'lint/style/noProcessEnv',
  'lint/style/noRestrictedGlobals',
  'lint/style/useNodejsImportProtocol',
  'lint/suspicious/noConsole',
  'lint/suspicious/noExplicitAny',
  'plugin',
]);

async function lint(folder: string): Promise<string[]> {
  const run = promisify(execFile)(process.execPath, [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none', 'src'], { cwd: folder });
  // a violation is the exit code 1
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return reportSchema
    .parse(JSON.parse(stdout))
    .diagnostics.filter(({ severity, category }) => severity === 'error' && RULES.has(category))
    .map(({ location }) => location.path);
}

describe('the import rules', () => {
  let folder = '';
  const places: { house: string; path: string }[] = [];
  const refused = new Set<string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samepage-lint-'));
    for (const [index, [file, code]] of CASES.entries()) {
      // a file of its own for each case; those whose name is the point stand in as many houses as it takes
      const path = file.replace(/\/a\.ts$/, `/case-${index}.ts`);
      let number = 0;
      while (places.some((place) => place.house === join(folder, `${number}`) && place.path === path)) number += 1;
      const house = join(folder, `${number}`);
      places.push({ house, path });
      await mkdir(dirname(join(house, path)), { recursive: true });
      await writeFile(join(house, path), `${code}\n`);
    }
    for (const house of new Set(places.map((place) => place.house))) {
      await cp(join(ROOT, 'biome.json'), join(house, 'biome.json'));
      await cp(join(ROOT, 'lint'), join(house, 'lint'), { recursive: true });
      for (const path of await lint(house)) refused.add(join(house, path));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(CASES.map((row, index) => [index, ...row] as const))('%i %s: %s is %s', (index, _file, _code, verdict) => {
    const place = places[index];
    if (place === undefined) throw new Error('no such case');
    expect(refused.has(join(place.house, place.path)) ? 'refused' : 'allowed').toBe(verdict);
  });

  test('every folder of src has its own row', async () => {
    const rules = await readFile(join(ROOT, 'lint/import-rules.json'), 'utf8');
    const folders = (await readdir(join(ROOT, 'src'), { withFileTypes: true })).filter((entry) => entry.isDirectory());
    expect(folders.length).toBeGreaterThan(5);
    for (const { name } of folders) expect(rules).toContain(`"src/${name}/**"`);
  });
});
