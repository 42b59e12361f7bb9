import { Command } from 'commander';
import { packageVersion } from '../kernel/version.ts';
import { commands } from './commands.ts';
import type { CliDeps } from './deps.ts';

const INTERRUPTED = 130;

const interrupt = new AbortController();
let reading = false;

function out(text: string): void {
  // `| head` stops reading when it has enough
  if (!reading) process.stdout.on('error', () => process.exit(0));
  reading = true;
  process.stdout.write(`${text}\n`);
}

const err = (text: string) => void process.stderr.write(`${text}\n`);

const deps: CliDeps = {
  out,
  err,
  get signal() {
    listenForInterrupt();
    return interrupt.signal;
  },
  async openContext({ write = false } = {}) {
    const [{ parseConfig }, { joinWorkspace }, { createProgress }] = await Promise.all([
      import('../config.ts'),
      import('../open-workspace.ts'),
      import('./progress.ts'),
    ]);
    listenForInterrupt();
    const workspace = await joinWorkspace(parseConfig());
    const progress = await createProgress(process.stderr, err);
    const scopes = new Set(write ? (['read', 'write'] as const) : (['read'] as const));
    return {
      ctx: workspace.context({ actor: { id: 'cli', scopes }, progress, signal: interrupt.signal }),
      async close() {
        progress.stop();
        await workspace.close();
      },
    };
  },
};

let listening = false;

/** Ctrl-C asks the command to stop; a second one does not wait. */
function listenForInterrupt(): void {
  if (listening) return;
  listening = true;
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(INTERRUPTED);
    interrupt.abort();
  });
}

/** The command line as commander reads it. */
export async function runCommand(): Promise<void> {
  const program = new Command('samepage-mcp')
    .description('One ICP, one rubric, one view of each account, for marketing, sales and every AI agent.')
    .version(packageVersion())
    .showHelpAfterError('(samepage-mcp --help lists what there is)');
  for (const register of commands) register(program, deps);
  try {
    await program.parseAsync();
  } catch (error) {
    await fail(error);
  }
  if (interrupt.signal.aborted) process.exitCode = INTERRUPTED;
}

/** Says what went wrong, and ends the process as failed. */
export async function fail(error: unknown): Promise<void> {
  const [{ printedError }, { createLog }] = await Promise.all([import('./print-error.ts'), import('../log.ts')]);
  err(printedError(error, createLog('error')));
  process.exitCode = 1;
}
