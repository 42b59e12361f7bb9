import { Command } from 'commander';
import type { CliDeps, Register } from '../../src/cli/deps.ts';
import type { Context } from '../../src/kernel/context.ts';

/**
 * Runs a subcommand in this process: what it printed, and the code that it would end with.
 * @param ctx an open workspace; undefined for a command that opens none
 */
export async function runCommand(
  registers: readonly Register[],
  ctx: Context | undefined,
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<{ out: string; err: string; code: number }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const deps: CliDeps = {
    out: (text) => void lines.out.push(text),
    err: (text) => void lines.err.push(text),
    signal,
    openContext: async () => {
      if (ctx === undefined) throw new Error('the command opens a workspace');
      return { ctx, close: async () => {} };
    },
  };
  const program = new Command().exitOverride();
  for (const register of registers) register(program, deps);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await program.parseAsync(args, { from: 'user' });
    return { out: lines.out.join('\n'), err: lines.err.join('\n'), code: Number(process.exitCode) };
  } finally {
    process.exitCode = before;
  }
}
