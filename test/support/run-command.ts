import { Command } from 'commander';
import type { CliDeps, Register } from '../../src/cli/deps.ts';
import type { Context } from '../../src/kernel/context.ts';

/**
 * Runs a subcommand in this process: what it printed, and the code that it would end with. The keys of what it prints with `--json` are
 * snake_case, as those of tools are.
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
    if (args.includes('--json')) for (const text of lines.out) refuseCamelCase(JSON.parse(text));
    return { out: lines.out.join('\n'), err: lines.err.join('\n'), code: Number(process.exitCode) };
  } finally {
    process.exitCode = before;
  }
}

/** @throws Error with the first key of an object within that is written in camelCase */
export function refuseCamelCase(printed: unknown): void {
  if (typeof printed !== 'object' || printed === null) return;
  const odd = Array.isArray(printed) ? undefined : Object.keys(printed).find((key) => /[a-z][A-Z]/.test(key));
  if (odd !== undefined) throw new Error(`the key ${odd} is not snake_case`);
  for (const value of Object.values(printed)) refuseCamelCase(value);
}
