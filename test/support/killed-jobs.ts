import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { testContext } from './context.ts';
import { stateOf } from './imports.ts';
import { onceLeft, ownersOf } from './owners.ts';
import { placeFolder } from './places.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Jobs {
  rounds: number;
  rows: number;
}

interface Ended {
  code: number | null;
  stderr: string;
}

function run(dataDir: string, args: readonly string[]): { ended: Promise<Ended> } {
  const child = spawn(process.execPath, [inject('program'), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', SAMEPAGE_DATA_DIR: dataDir, SAMEPAGE_IDLE_SECONDS: '1', SAMEPAGE_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  return { ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr }))) };
}

/** Runs a command to its end. @returns how long that took, in milliseconds */
async function runCalmly(dataDir: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await run(dataDir, args).ended;
  if (code !== 0) throw new Error(stderr);
  return performance.now() - started;
}

/**
 * Runs a command; somewhere in the time that it takes when nobody disturbs it, the owner is killed under it. Then again, until it goes through.
 * @returns how often it was cut off
 */
async function underFire(dataDir: string, args: readonly string[], calmMs: number): Promise<number> {
  for (let cuts = 0; ; cuts += 1) {
    const job = run(dataDir, args);
    let over = false;
    void job.ended.then(() => {
      over = true;
    });
    if (cuts === 0) {
      await sleep(Math.random() * calmMs);
      for (const owner of over ? [] : await ownersOf(dataDir)) process.kill(owner, 'SIGKILL');
    }
    const { code, stderr } = await job.ended;
    if (code === 0) return cuts;
    if (!/outcome_unknown|unavailable/.test(stderr)) throw new Error(stderr);
  }
}

/** A digest of all that an import or a rescore leaves, without what differs from run to run. */
function digestOf(dataDir: string): Promise<string> {
  return onceLeft(dataDir, async (db) => {
    const ctx = testContext(db, { workspaceId: 'default' });
    const scores = await db.transaction('read', (tx) =>
      tx.query('select kind, subject_id::text, score, tier, heat from score order by kind, subject_id'),
    );
    return createHash('sha256')
      .update(JSON.stringify([await stateOf(ctx), scores]))
      .digest('hex');
  });
}

async function people(folder: string, name: string, first: number, rows: number): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  const lines = Array.from({ length: rows }, (_, i) => `P${first + i},Name ${first + i},p${first + i}@firm${(first + i) % 97}.com,CEO`);
  await writeFile(path, `id,name,email,title\n${lines.join('\n')}\n`);
  return path;
}

const importArgs = (file: string) => ['import', file, '--source', 'crm', '--kind', 'people', '--observed-at', '2026-01-01'];

/** Imports file after file, the owner killed under each; the folder must then be like one where nothing was killed. */
export async function killedImports(folder: string, { rounds, rows }: Jobs): Promise<{ rounds: number; cuts: number }> {
  const [killed, calm] = [await placeFolder(join(folder, 'killed')), await placeFolder(join(folder, 'calm'))];
  let cuts = 0;
  for (let round = 0; round < rounds; round += 1) {
    const file = await people(folder, `people-${round}.csv`, round * rows, rows);
    const calmMs = await runCalmly(calm, importArgs(file));
    cuts += await underFire(killed, importArgs(file), calmMs);
  }
  if ((await digestOf(killed)) !== (await digestOf(calm))) throw new Error('the imports that were killed left something else');
  return { rounds, cuts };
}

/** Rescores again and again, the owner killed under each; the scores must then be those of a folder where nothing was killed. */
export async function killedRescores(folder: string, { rounds, rows }: Jobs): Promise<{ rounds: number; cuts: number }> {
  const [killed, calm] = [await placeFolder(join(folder, 'killed')), await placeFolder(join(folder, 'calm'))];
  const file = await people(folder, 'people.csv', 0, rows);
  for (const dataDir of [killed, calm]) await runCalmly(dataDir, importArgs(file));
  const calmMs = await runCalmly(calm, ['rescore', '--all']);
  let cuts = 0;
  for (let round = 0; round < rounds; round += 1) cuts += await underFire(killed, ['rescore', '--all'], calmMs);
  if ((await digestOf(killed)) !== (await digestOf(calm))) throw new Error('the rescores that were killed left other scores');
  return { rounds, cuts };
}
