import type { Command } from 'commander';
import type { ServeFlags } from '../server/serve.ts';
import type { Register } from './deps.ts';

/**
 * `samepage-mcp serve`, and what `samepage-mcp` does without a subcommand. Where the words are plain, src/main.ts comes to
 * the same without all of this.
 */
export const register: Register = (program) => {
  program
    .command('serve', { isDefault: true })
    .description('serve MCP on stdin and stdout (the default)')
    .option('--toolsets <names>', 'serve only these toolsets, comma-separated')
    .option('--read-only', 'serve only tools that read; nothing can be written')
    // so that a mistyped subcommand, which ends up here, gets a better message than commander's
    .allowExcessArguments()
    .action(async (flags: ServeFlags, command: Command) => {
      const [word] = command.args;
      if (word !== undefined) {
        program.error(`error: unknown command '${word}'; there are ${program.commands.map((command) => command.name()).join(', ')}`);
      }
      const { serve } = await import('../server/serve.ts');
      await serve(flags);
    });
};
