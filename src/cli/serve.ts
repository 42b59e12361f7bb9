import type { Command } from 'commander';
import type { Register } from './deps.ts';

interface ServeFlags {
  toolsets?: string;
  readOnly?: boolean;
}

/** `samepage-mcp serve`, and what `samepage-mcp` does without a subcommand. */
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
      const [{ parseConfig }, { parseToolsets }, { serveStdio }] = await Promise.all([
        import('../config.ts'),
        import('../server/catalog.ts'),
        import('../server/serve-stdio.ts'),
      ]);
      await serveStdio({ config: parseConfig(), toolsets: parseToolsets(flags.toolsets), readOnly: flags.readOnly ?? false });
    });
};
