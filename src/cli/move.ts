import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from '../kernel/database.ts';
import type { MoveTarget } from '../upkeep/core/move-target.ts';
import type { Register } from './deps.ts';
import { RECEIPTS_OPTION, type ReceiptsFlag } from './receipts-option.ts';

interface Flags {
  to: string;
  all: boolean;
  receipts: ReceiptsFlag;
  json: boolean;
}

/** `samepage-mcp move --to TARGET`. */
export const register: Register = (program, deps) => {
  program
    .command('move')
    .description('copy the workspace to another database, verified there: a PostgreSQL, or the folder of an embedded one')
    .requiredOption('--to <target>', 'postgres://user@host:5432/name (a password may come from PGPASSWORD), or the path of a folder')
    .option('--all', 'every workspace of the database', false)
    .option(...RECEIPTS_OPTION)
    .option('--json', 'one JSON object', false)
    .action(async (flags: Flags) => {
      const [{ parseTarget, settingsFor }, { openConfigured }, { move }, { receivedData, tablesText, verifiedText }] = await Promise.all([
        import('../upkeep/core/move-target.ts'),
        import('./open-database.ts'),
        import('../upkeep/move.ts'),
        import('./copied-text.ts'),
      ]);
      const given = parseTarget(flags.to);
      const target: MoveTarget = 'folder' in given ? { folder: resolve(given.folder) } : given;
      const { ctx, config, close } = await openConfigured(deps, { write: true });
      let database: Database | undefined;
      try {
        await refuseSame(config, target);
        database = await openTarget(config, target);
        const done = await move(ctx, database, { all: flags.all, receipts: flags.receipts });
        const next = settingsFor(target);
        if (flags.json) return deps.out(JSON.stringify({ ...receivedData(done), next }, null, 2));
        deps.out(`${tablesText(done.tables)}\n`);
        deps.out(`${verifiedText(done)}\n`);
        deps.out(`The workspace ${done.workspaces.join(', ')} is there. In the settings of every client (\`env\`), set:`);
        for (const line of next) deps.out(`  ${line}`);
        deps.out('What it was copied from is as it was; from now on nothing may write to it. Keep it until the clients use the other.');
      } finally {
        await database?.close();
        await close();
      }
    });
};

async function refuseSame(config: Config, target: MoveTarget): Promise<void> {
  const same =
    'folder' in target ? config.databaseUrl === undefined && config.dataDir === target.folder : config.databaseUrl === target.databaseUrl;
  if (!same) return;
  const { SamepageError } = await import('../kernel/errors.ts');
  throw new SamepageError('invalid_input', '--to names the database that is configured already.', 'Name another one.', {
    problems: [{ path: '--to', reason: 'is where the workspace is' }],
  });
}

/** Opens the target; what is wrong with it is said of `--to`, not of the configuration. */
async function openTarget(config: Config, target: MoveTarget): Promise<Database> {
  const [{ openDatabase }, { SamepageError }] = await Promise.all([import('../db/client.ts'), import('../kernel/errors.ts')]);
  try {
    return await openDatabase('folder' in target ? { dataDir: target.folder } : { ...config, databaseUrl: target.databaseUrl });
  } catch (error) {
    if (!(error instanceof SamepageError)) throw error;
    throw new SamepageError(error.code, `--to: ${error.message}`, 'Check the target of the move, then try again; nothing was written.', {
      cause: error,
    });
  }
}
