import type { PlayedOn } from '../playbook/core/plays.ts';
import type { Register } from './deps.ts';

export const register: Register = (program, deps) => {
  program
    .command('plays')
    .description('what to do now with an account, person or opportunity: the plays that hold, those that miss by one, and what to say')
    .argument('<record>', 'id, domain, e-mail or exact name; of an opportunity the id')
    .option('--kind <kind>', 'account, person or opportunity; account when left out')
    .option('--json', 'one JSON object', false)
    .action(async (record: string, { kind, json }: { kind?: PlayedOn; json: boolean }) => {
      const [{ findPlaysTool }, { printTool }] = await Promise.all([import('../tools/find-plays.ts'), import('./print-tool.ts')]);
      await printTool(findPlaysTool, { record, ...(kind !== undefined && { kind }) }, deps, { json, write: false });
    });
};
