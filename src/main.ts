#!/usr/bin/env node
import { Command } from 'commander';
import { commands } from './cli/commands.ts';
import type { CliDeps } from './cli/deps.ts';
import { packageVersion } from './version.ts';

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
    const [{ parseConfig }, { openWorkspace }, { createProgress }] = await Promise.all([
      import('./config.ts'),
      import('./open-workspace.ts'),
      import('./cli/progress.ts'),
    ]);
    listenForInterrupt();
    const workspace = await openWorkspace(parseConfig());
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

const program = new Command('samepage-mcp')
  .description('One ICP, one rubric, one view of each account, for marketing, sales and every AI agent.')
  .version(packageVersion())
  .showHelpAfterError('(samepage-mcp --help lists what there is)');
for (const register of commands) register(program, deps);

try {
  await program.parseAsync();
} catch (error) {
  const [{ printedError }, { createLog }] = await Promise.all([import('./cli/print-error.ts'), import('./log.ts')]);
  err(printedError(error, createLog('error')));
  process.exitCode = 1;
}
if (interrupt.signal.aborted) process.exitCode = INTERRUPTED;
