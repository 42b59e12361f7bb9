import type { Register } from './deps.ts';

interface Options {
  kind: string;
  asOf?: string;
  detailed: boolean;
  json: boolean;
}

export const register: Register = (program, deps) => {
  program
    .command('score')
    .description('show the score of one account or lead: every part, what is unknown, and the receipt; nothing is written')
    .argument('<record>', 'id, domain or exact name of an account; id, e-mail address or exact name of a lead')
    .option('--kind <kind>', 'account or lead', 'account')
    .option('--as-of <date>', 'the UTC day to score from, as 2026-03-02 (default: today)')
    .option('--detailed', 'every criterion and the score history', false)
    .option('--json', 'one JSON object', false)
    .action(async (record: string, options: Options) => {
      const [{ getScoreTool }, { printTool }] = await Promise.all([import('../tools/get-score.ts'), import('./print-tool.ts')]);
      const input = { kind: options.kind, record, as_of: options.asOf, response_format: options.detailed ? 'detailed' : 'concise' };
      await printTool(getScoreTool, input as Parameters<typeof getScoreTool.run>[1], deps, { json: options.json, write: false });
    });
};
