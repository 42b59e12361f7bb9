import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { openShared } from '../../src/db/open-shared.ts';
import { deriveInWorkspace, readWorkspace } from '../../src/db/workspace.ts';
import type { Context } from '../../src/kernel/context.ts';
import { testContext } from './context.ts';
import { stateOf } from './imports.ts';
import { isRunning, ownersOf } from './owners.ts';
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

/** A command that runs. */
interface Job {
  ended: Promise<Ended>;
  /** When it said how far it was, each time, in milliseconds from its start. */
  steps: readonly number[];
  /** Resolves when it has said so this often, or has ended. */
  reached(count: number): Promise<unknown>;
}

const PROGRESS = / \d+ %$/;

function run(dataDir: string, args: readonly string[]): Job {
  const started = performance.now();
  const child = spawn(process.execPath, [inject('program'), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', SAMEPAGE_DATA_DIR: dataDir, SAMEPAGE_IDLE_SECONDS: '5', SAMEPAGE_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  const steps: number[] = [];
  const heard = new EventEmitter();
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr += `${line}\n`;
    if (PROGRESS.test(line)) heard.emit(String(steps.push(performance.now() - started)));
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stderr })));
  return {
    ended,
    steps,
    reached: async (count) => steps.length >= count || Promise.race([once(heard, String(count)), ended]),
  };
}

/** Runs a command to its end. @returns when it said how far it was */
async function runCalmly(dataDir: string, args: readonly string[]): Promise<readonly number[]> {
  const { ended, steps } = run(dataDir, args);
  const { code, stderr } = await ended;
  if (code !== 0) throw new Error(stderr);
  return steps;
}

/**
 * Runs a command; somewhere in its work the owner is killed under it. Then again, until it goes through. Where is a matter of how far
 * the command says that it is: between two such steps, a share of the time that an undisturbed run took, at the pace of this one.
 * @param calm the steps of the undisturbed run
 * @returns how often it was cut off
 */
async function underFire(dataDir: string, args: readonly string[], calm: readonly number[]): Promise<number> {
  for (let cuts = 0; ; cuts += 1) {
    const job = run(dataDir, args);
    if (cuts === 0) await killWithin(dataDir, job, calm);
    const { code, stderr } = await job.ended;
    if (code === 0) return cuts;
    if (!/outcome_unknown|unavailable/.test(stderr)) throw new Error(stderr);
  }
}

async function killWithin(dataDir: string, job: Job, calm: readonly number[]): Promise<void> {
  const [first = 0, last = 0] = [calm[0], calm.at(-1)];
  const at = first + Math.random() * (last - first);
  const step = calm.findLastIndex((time) => time <= at);
  await job.reached(1);
  const owners = await ownersOf(dataDir);
  await job.reached(step + 1);
  const before = calm[step] ?? 0;
  await sleep((at - before) * ((job.steps[step] ?? 0) / before));
  for (const owner of owners) if (await isRunning(owner)) process.kill(owner, 'SIGKILL');
}

/** Does something with the database of a folder beside whoever holds it. */
async function within<T>(dataDir: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  const db = await openShared(dataDir, 'default');
  try {
    return await work(testContext(db, { workspaceId: 'default' }));
  } finally {
    await db.close();
  }
}

const scoresOf = (ctx: Context) =>
  readWorkspace(ctx, (tx) => tx.query('select kind, subject_id::text, score, tier, heat from score order by kind, subject_id'));

const sha = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** An import tells of its progress block by block of the file: long rows, so that it does so after each of its transactions. */
const REMARK = 'met at the fair '.repeat(10);

/** A file of people, one in ten of whom the file before it did not have; the others have another title since. */
async function people(folder: string, round: number, rows: number): Promise<string> {
  const path = join(folder, `people-${round}.csv`);
  await mkdir(folder, { recursive: true });
  const first = Math.floor((round * rows) / 10);
  const title = round % 2 === 0 ? 'CEO' : 'Marketing Manager';
  const lines = Array.from(
    { length: rows },
    (_, i) => `P${first + i},Name ${first + i},p${first + i}@firm${(first + i) % 97}.com,${title},${REMARK}`,
  );
  await writeFile(path, `id,name,email,title,remark\n${lines.join('\n')}\n`);
  return path;
}

const DAY_MS = 86_400_000;

function importArgs(file: string, round = 0): string[] {
  const observed = new Date(Date.UTC(2026, 0, 1) + round * DAY_MS).toISOString().slice(0, 10);
  return ['import', file, '--source', 'crm', '--kind', 'people', '--observed-at', observed];
}

/** Imports file after file, the owner killed under each; the folder must then be like one where nothing was killed. */
export async function killedImports(folder: string, { rounds, rows }: Jobs): Promise<{ rounds: number; cuts: number }> {
  const [killed, calm] = [await placeFolder(join(folder, 'killed')), await placeFolder(join(folder, 'calm'))];
  let cuts = 0;
  for (let round = 0; round < rounds; round += 1) {
    const args = importArgs(await people(folder, round, rows), round);
    const steps = await runCalmly(calm, args);
    cuts += await underFire(killed, args, steps);
  }
  if (sha(await within(killed, stateOf)) !== sha(await within(calm, stateOf)))
    throw new Error('the imports that were killed left something else');
  return { rounds, cuts };
}

/**
 * Scores a workspace that has no scores, again and again, the owner killed under it; each time the scores must be those of a folder where
 * nothing was killed.
 */
export async function killedRescores(folder: string, { rounds, rows }: Jobs): Promise<{ rounds: number; cuts: number }> {
  const [killed, calm] = [await placeFolder(join(folder, 'killed')), await placeFolder(join(folder, 'calm'))];
  const args = importArgs(await people(folder, 0, rows));
  for (const dataDir of [killed, calm]) await runCalmly(dataDir, args);
  const steps = await runCalmly(calm, RESCORE);
  const scores = sha(await within(calm, scoresOf));
  let cuts = 0;
  for (let round = 0; round < rounds; round += 1) {
    cuts += await underFire(killed, RESCORE, steps);
    await within(killed, async (ctx) => {
      if (sha(await scoresOf(ctx)) !== scores) throw new Error(`the rescore that was killed left other scores, in round ${round}`);
      await deriveInWorkspace(ctx, (tx) => tx.query('delete from score where workspace_id = $1', [ctx.workspaceId]));
    });
  }
  return { rounds, cuts };
}

const RESCORE = ['rescore', '--all'];
