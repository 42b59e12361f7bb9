import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { differences } from './generate.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DRIZZLE_KIT = join(ROOT, 'node_modules/drizzle-kit/bin.cjs');

/** True when the schema in src/db says more than the migrations in drizzle/: a copy of them gains a file. */
async function migrationMissing(): Promise<boolean> {
  // below node_modules, since drizzle-kit takes a folder relative to the project alone
  const copy = await mkdtemp(join(ROOT, 'node_modules', '.migrations-'));
  try {
    await cp(join(ROOT, 'drizzle'), copy, { recursive: true });
    const before = await readdir(copy);
    const options = ['--dialect', 'postgresql', '--schema', './src/db/schema/*.ts', '--out', `./${relative(ROOT, copy)}`];
    await promisify(execFile)(process.execPath, [DRIZZLE_KIT, 'check', '--dialect', 'postgresql', '--out', `./${relative(ROOT, copy)}`], {
      cwd: ROOT,
    });
    await promisify(execFile)(process.execPath, [DRIZZLE_KIT, 'generate', ...options], { cwd: ROOT });
    return (await readdir(copy)).length !== before.length;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const stale = await differences();
if (stale.length > 0) console.error(`Not what the code makes; run \`npm run generate\`:\n${stale.map((path) => `  ${path}`).join('\n')}`);
const missing = await migrationMissing();
if (missing) console.error('The schema has changed since its last migration; run `npx drizzle-kit generate --name what_changes`.');
if (stale.length > 0 || missing) process.exitCode = 1;
else console.log('Everything generated is up to date.');
