import type { Register } from './deps.ts';
import { RECEIPTS_OPTION, type ReceiptsFlag } from './receipts-option.ts';

interface Flags {
  all: boolean;
  replace: boolean;
  receipts: ReceiptsFlag;
  json: boolean;
}

/** `samepage-mcp restore FILE`. */
export const register: Register = (program, deps) => {
  program
    .command('restore')
    .description('bring a backup back into an empty workspace: all of it, verified, or nothing')
    .argument('<file>', 'a file that `samepage-mcp backup` wrote')
    .option('--all', 'every workspace of the file', false)
    .option('--replace', 'delete what the workspace holds, in the same transaction', false)
    .option(...RECEIPTS_OPTION)
    .option('--json', 'one JSON object', false)
    .action(async (path: string, flags: Flags) => {
      const [{ openConfigured }, { restore }, { receivedData, tablesText, verifiedText }] = await Promise.all([
        import('./open-database.ts'),
        import('../upkeep/restore.ts'),
        import('./copied-text.ts'),
      ]);
      const { ctx, close } = await openConfigured(deps, { write: true });
      try {
        const { all, replace, receipts } = flags;
        const done = await restore(ctx, { path, all, replace, receipts });
        if (flags.json) return deps.out(JSON.stringify(receivedData(done), null, 2));
        deps.out(`The backup of ${done.header.created_at} is restored: workspace ${done.workspaces.join(', ')}.\n`);
        deps.out(`${tablesText(done.tables)}\n`);
        deps.out(verifiedText(done));
      } finally {
        await close();
      }
    });
};
