import type { Register } from './deps.ts';

interface Options {
  all: boolean;
  kind: string[];
  resume?: string;
  json: boolean;
}

export const register: Register = (program, deps) => {
  program
    .command('rescore')
    .description('score what can have changed since the last run, as of today, and say which tiers moved and why')
    .option('--all', 'score everything', false)
    .option('--kind <kind...>', 'account, lead, or both', ['account', 'lead'])
    .option('--resume <run>', 'go on with a run that was cut off')
    .option('--json', 'one JSON object', false)
    .action(async (options: Options) => {
      const [{ rescoreRecordsTool }, { printTool }] = await Promise.all([import('../tools/rescore-records.ts'), import('./print-tool.ts')]);
      const input = {
        scope: options.all ? 'all' : 'changed',
        kinds: options.kind,
        ...(options.resume !== undefined && { resume: options.resume }),
      };
      await printTool(rescoreRecordsTool, input as Parameters<typeof rescoreRecordsTool.run>[1], deps, { json: options.json, write: true });
    });
};
