import type { Register } from './deps.ts';

interface Flags {
  all: boolean;
  json: boolean;
}

/** `samepage-mcp backup [FILE]`. */
export const register: Register = (program, deps) => {
  program
    .command('backup')
    .description('write the whole workspace to one compressed file, from one snapshot; both databases write and read the same form')
    .argument('[file]', 'the file to write; one named by workspace and time in this folder when left out')
    .option('--all', 'every workspace of the database', false)
    .option('--json', 'one JSON object', false)
    .action(async (file: string | undefined, flags: Flags) => {
      const [{ openConfigured }, { backup }, { bytesText, tablesText }, { neutralText }] = await Promise.all([
        import('./open-database.ts'),
        import('../upkeep/backup.ts'),
        import('./copied-text.ts'),
        import('../server/neutralise.ts'),
      ]);
      const { ctx, close } = await openConfigured(deps, { write: false });
      try {
        const name = flags.all ? 'all' : ctx.workspaceId;
        const path = file ?? `samepage-${name}-${ctx.now().toISOString().slice(0, 19).replaceAll(':', '')}Z.backup.gz`;
        const done = await backup(ctx, { path, all: flags.all });
        if (flags.json) return deps.out(JSON.stringify(done, null, 2));
        deps.out(`${neutralText(done.path)}: ${bytesText(done.bytes)}, workspace ${done.workspaces.join(', ')}.\n`);
        deps.out(tablesText(done.tables));
        deps.out('\nIt holds everything that the workspace knows, personal data too: keep it as you keep the database.');
      } finally {
        await close();
      }
    });
};
