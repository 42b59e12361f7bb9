import type { Register } from './deps.ts';

export const register: Register = (program, deps) => {
  program
    .command('heat')
    .description('is this account hot? why, what changed since last week, and what is unknown')
    .argument('<account>', 'id, domain or exact name')
    .option('--json', 'one JSON object', false)
    .action(async (account: string, { json }: { json: boolean }) => {
      const [{ getAccountHeatTool }, { printTool }] = await Promise.all([
        import('../tools/get-account-heat.ts'),
        import('./print-tool.ts'),
      ]);
      await printTool(getAccountHeatTool, { account }, deps, { json, write: false });
    });
};
