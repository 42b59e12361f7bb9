import type { CliDeps, Register } from './deps.ts';

const AGAIN_MS = 2_000;

/** `samepage-mcp work`: the server's jobs in a process of their own. */
export const register: Register = (program, deps) => {
  program
    .command('work')
    .description(
      'do the jobs of the workspace until it is stopped: deliver webhooks, watch clocks, bring recycled leads back; servers do them too',
    )
    .option('--once', 'do what is due now, and end', false)
    .action(async ({ once }: { once: boolean }) => {
      const [{ SamepageError }, { createLog }, { parseConfig }, { pause }] = await Promise.all([
        import('../kernel/errors.ts'),
        import('../log.ts'),
        import('../config.ts'),
        import('../kernel/pause.ts'),
      ]);
      const log = createLog(parseConfig().logLevel);
      const stop = new AbortController();
      const end = () => stop.abort();
      deps.signal.addEventListener('abort', end, { once: true });
      process.once('SIGTERM', end);
      log.info('work_begun');
      while (!stop.signal.aborted) {
        try {
          await workUntil(deps, stop.signal, log, once);
          if (once) return;
        } catch (error) {
          // the process that holds an embedded folder has ended: the next is found or started
          if (once || !(error instanceof SamepageError && error.code === 'outcome_unknown')) throw error;
          await pause(AGAIN_MS, stop.signal);
        }
      }
      log.info('work_ended');
    });
};

async function workUntil(
  deps: CliDeps,
  signal: AbortSignal,
  log: ReturnType<typeof import('../log.ts').createLog>,
  once: boolean,
): Promise<void> {
  const [{ keepWorking, workOnce }, { SamepageError }] = await Promise.all([
    import('../handoff/keep-working.ts'),
    import('../kernel/errors.ts'),
  ]);
  const { ctx, close } = await deps.openContext({ write: true });
  const own = new AbortController();
  const end = () => own.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let lost: unknown;
  const hooks = {
    done: (job: string, what: Readonly<Record<string, number>>) => log.info('job_done', { job, ...what }),
    failed(job: string, error: unknown) {
      log.failure('job_failed', error, { job });
      if (!(error instanceof SamepageError && error.code === 'outcome_unknown')) return;
      lost = error;
      own.abort();
    },
    changed() {},
    wants: (what: string, name: string) => log.warn('job_wants', { what, name }),
  };
  try {
    await (once ? workOnce : keepWorking)({ ...ctx, signal: own.signal }, hooks);
  } finally {
    signal.removeEventListener('abort', end);
    await close();
  }
  if (lost !== undefined) throw lost;
}
