import { randomUUID } from 'node:crypto';
import { requireScope } from '../db/workspace.ts';
import type { Context } from '../kernel/context.ts';
import { pause } from '../kernel/pause.ts';
import { HELD_MS, holdJob, releaseJob } from './hold-job.ts';
import { type Done, JOBS, type Job, type Told } from './jobs.ts';

export interface WorkHooks extends Told {
  done(job: string, what: NonNullable<Done>): void;
  failed(job: string, error: unknown): void;
  /** Calls `wake` when something was written in this process. @returns what ends that */
  onWritten?(wake: () => void): () => void;
}

/** Between two rounds of one job, so that one that never ends leaves the others their turn. */
const BREATH_MS = 250;
/** An embedded database is written to through the one process that works on it, which is told. */
const TOLD_LOOK_MS = 10_000;
/** Another process does it. */
const BUSY_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

/**
 * Does the workspace's jobs until the signal is aborted: each as soon as there is something to do, and in one process at a time, of all that
 * do this. A job that fails is tried again after a while. While there is nothing to do, it only looks.
 */
export async function keepWorking(ctx: Context, hooks: WorkHooks, jobs: readonly Job[] = JOBS): Promise<void> {
  requireScope(ctx, 'write');
  await Promise.all(jobs.map((job) => keepDoing(ctx, job, hooks)));
}

/** Does what is due now, each job once. @throws what a job threw, when the others are done */
export async function workOnce(ctx: Context, hooks: WorkHooks, jobs: readonly Job[] = JOBS): Promise<void> {
  requireScope(ctx, 'write');
  const ends = await Promise.allSettled(jobs.map((job) => look(ctx, job, hooks)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function keepDoing(ctx: Context, job: Job, hooks: WorkHooks): Promise<void> {
  let failures = 0;
  while (!ctx.signal.aborted) {
    let restMs: number;
    try {
      restMs = await look(ctx, job, hooks);
      failures = 0;
    } catch (error) {
      if (ctx.signal.aborted) return;
      hooks.failed(job.name, error);
      failures += 1;
      restMs = Math.min(1_000 * 2 ** failures, LONGEST_REST_MS);
    }
    await rest(ctx, restMs, failures === 0 ? hooks : undefined);
  }
}

/** @returns how long there is nothing to do, in milliseconds */
async function look(ctx: Context, job: Job, hooks: WorkHooks): Promise<number> {
  const isTold = hooks.onWritten !== undefined && ctx.db.dialect === 'pglite';
  const lookMs = isTold ? Math.max(job.lookMs, TOLD_LOOK_MS) : job.lookMs;
  const nextAt = await job.nextAt(ctx);
  const waitMs = nextAt === null ? lookMs : nextAt.getTime() - ctx.now().getTime();
  if (waitMs > 0) return Math.min(waitMs, lookMs);
  const held = { name: job.name, holder: randomUUID() };
  if (!(await holdJob(ctx, held))) return BUSY_MS;
  const own = new AbortController();
  const follow = () => own.abort();
  ctx.signal.addEventListener('abort', follow, { once: true });
  if (ctx.signal.aborted) own.abort();
  const renewal = setInterval(() => {
    holdJob(ctx, held).then(
      (isOurs) => isOurs || own.abort(),
      () => {},
    );
  }, HELD_MS / 3);
  let isDone = false;
  let didSome = false;
  try {
    const done = await job.run({ ...ctx, signal: own.signal }, hooks);
    isDone = !own.signal.aborted;
    didSome = Object.values(done ?? {}).some((count) => count > 0);
    if (done !== undefined && didSome) hooks.done(job.name, done);
  } finally {
    clearInterval(renewal);
    ctx.signal.removeEventListener('abort', follow);
    const dueAt = isDone && job.everyMs !== undefined ? new Date(ctx.now().getTime() + job.everyMs) : undefined;
    // also when the work is broken off: the next need not wait for the lease to end
    await releaseJob({ ...ctx, signal: new AbortController().signal }, held, dueAt);
  }
  // what is due and cannot be done is looked at again, not at once
  return didSome ? BREATH_MS : lookMs;
}

/** Waits, and no longer once something was written. */
async function rest(ctx: Context, ms: number, hooks: WorkHooks | undefined): Promise<void> {
  if (ctx.signal.aborted) return;
  const awake = new AbortController();
  const wake = () => awake.abort();
  ctx.signal.addEventListener('abort', wake, { once: true });
  const forget = hooks?.onWritten?.(wake);
  await pause(ms, awake.signal);
  forget?.();
  ctx.signal.removeEventListener('abort', wake);
}
