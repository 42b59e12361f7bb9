import { NO_PROGRESS } from '../kernel/context.ts';
import type { Log } from '../log.ts';
import type { Workspace } from '../open-workspace.ts';
import type { Changes } from './changes.ts';
import { within } from './within.ts';

/** The clients of a process that has just begun are served first. */
const START_MS = 3_000;
const STOP_MS = 2_000;

/**
 * Does the jobs of a workspace in this process, beside its clients, from a little later on.
 * @param isWatched its clients watch for what any process announces, this one's too
 * @returns what ends that
 */
export function workHere(workspace: Workspace, log: Log, changes: Changes, isWatched = false): () => Promise<void> {
  const stop = new AbortController();
  let working: Promise<void> = Promise.resolve();
  const begin = async () => {
    const { keepWorking } = await import('../handoff/keep-working.ts');
    const actor = { id: 'samepage', scopes: new Set(['read', 'write'] as const) };
    const wanted = new Set<string>();
    await keepWorking(workspace.context({ actor, progress: NO_PROGRESS, signal: stop.signal }), {
      done: (job, what) => log.info('job_done', { job, ...what }),
      failed: (job, error) => void log.failure('job_failed', error, { job }),
      changed(accounts) {
        if (!isWatched) void changes.publish({ uris: accounts.map((id) => `samepage://accounts/${id}`), list: false });
      },
      onWritten: (wake) => changes.listen(async () => wake()),
      wants(what, name) {
        // once a process: it is asked for until somebody gives it
        if (wanted.has(`${what} ${name}`)) return;
        wanted.add(`${what} ${name}`);
        log.warn('job_wants', { what, name });
      },
    });
  };
  const timer = setTimeout(() => {
    working = begin().catch((error: unknown) => void log.failure('jobs_not_begun', error));
  }, START_MS);
  timer.unref();
  return async () => {
    clearTimeout(timer);
    stop.abort();
    await within(STOP_MS, working);
  };
}
