import { collect } from './collect.ts';
import type { Register } from './deps.ts';

interface Flags {
  paths: string;
  model: string[];
  order: string;
  halfLife: string;
  weights?: string;
  direct: string[];
  map: string[];
  separator?: string;
  delimiter?: string;
  encoding?: string;
  decimal?: string;
  out?: string;
  json: boolean;
}

/** `samepage-mcp attribute --paths FILE`: who is credited with the conversions of a file of paths; needs no database. */
export const register: Register = (program, deps) => {
  program
    .command('attribute')
    .description('credit conversions and value to channels, by several models, from a file of paths (CSV or JSONL); nothing is imported')
    .requiredOption('--paths <file>', 'paths, one a row, as "Search > Email", with conversions, value and nulls where there are any')
    .option(
      '--model <name>',
      'first_touch, last_touch, last_non_direct, linear, position_based, time_decay, markov, shapley, weighted or shapley_conversion_rate; may be repeated; left out: the first eight',
      collect,
      [],
    )
    .option('--order <n>', 'touches that removal effects (markov) remember: 1 or 2', '1')
    .option('--half-life <days>', 'of time decay', '7')
    .option('--weights <percentages>', 'of the model weighted, as first_touch=40,last_touch=40,others=20')
    .option('--direct <channel>', 'one that came by itself, which last_non_direct passes over; may be repeated', collect, [])
    .option(
      '--map <column=part>',
      'what a column holds: path, conversions, converted, nulls, value, days, hours, times or ignore',
      collect,
      [],
    )
    .option('--separator <text>', 'between two touches, when it is not the one that shows')
    .option('--delimiter <character>', 'between cells, as ";" or tab, when it is not the one that shows')
    .option('--encoding <name>', 'utf-8, utf-16le, utf-16be or windows-1252, when it does not show')
    .option('--decimal <mark>', 'point or comma: the mark before a fraction')
    .option('--out <file>', 'where to write the credits, as CSV: a line for each channel')
    .option('--json', 'the report as one JSON object', false)
    .action(async ({ json, order, halfLife, ...flags }: Flags) => {
      const [{ attributePaths }, { createProgress }, { attributeText }, { neutralJson, neutralText }] = await Promise.all([
        import('../attribution/attribute-paths.ts'),
        import('./progress.ts'),
        import('./attribute-text.ts'),
        import('../server/neutralise.ts'),
      ]);
      const progress = await createProgress(process.stderr, deps.err);
      try {
        const input = { ...flags, order: numberIn(order), halfLife: numberIn(halfLife) } as Parameters<typeof attributePaths>[1];
        const report = await attributePaths({ progress, signal: deps.signal }, input);
        progress.stop();
        deps.out(json ? JSON.stringify(neutralJson(report)) : neutralText(attributeText(report, flags.out)));
      } finally {
        progress.stop();
      }
    });
};

/** A number as one; anything else as it stands, to be refused by name. */
function numberIn(given: string): number | string {
  return given.trim() === '' || Number.isNaN(Number(given)) ? given : Number(given);
}
